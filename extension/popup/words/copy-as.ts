import type { CopyFormat, CopyFormatId } from '../../../shared/token/copy-as/formats.ts';
import { say } from '../../platform/say.ts';

/** What "Copy as…" says; the names of products stand with the formats. */
export const COPY_AS = {
  open: say('copy_as'),
  sdk: say('sdk_setup'),
  back: say('back'),
  inForm: (format: string) => say('in_form_of', format),
} as const;

/** The formats whose names are no products'. */
const NAMES: Partial<Record<CopyFormatId, string>> = {
  plain: say('format_plain'),
  'authorization-header': say('format_header'),
  'terraform-variables': say('format_terraform'),
};

/** How the menu names a format. */
export function formatName({
  id,
  label,
}: Pick<CopyFormat, 'label'> & { id: CopyFormatId }): string {
  return NAMES[id] ?? label;
}

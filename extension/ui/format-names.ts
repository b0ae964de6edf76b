import {
  COPY_FORMATS,
  type CopyFormat,
  type CopyFormatId,
} from '../../shared/token/copy-as/formats.ts';
import { say } from '../platform/say.ts';

/** The formats of "Copy as…" whose names are no products'. */
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

/** The same by its id. */
export function formatLabel(id: CopyFormatId): string {
  const format = COPY_FORMATS.find((one) => one.id === id);
  return format ? formatName(format) : id;
}

import { say } from '../../platform/say.ts';

/** What "Copy as…" says; the names of products stand with the formats. */
export const COPY_AS = {
  open: say('copy_as'),
  sdk: say('sdk_setup'),
  back: say('back'),
  inForm: (format: string) => say('in_form_of', format),
} as const;

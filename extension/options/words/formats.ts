import { say } from '../../platform/say.ts';

/** What the options page says of the formats of "Copy as…". */
export const FORMATS = {
  title: say('section_formats'),
  text: say('formats_text'),
  none: say('format_of_list'),
  nothing: say('no_such_format'),
} as const;

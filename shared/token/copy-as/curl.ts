import { tryUrl } from './mechanism/addresses.ts';
import { type CopyFormat, EVERY_KIND } from './mechanism/copy-format.ts';
import { shellQuoted } from './mechanism/quote.ts';

/**
 * curl reads the header from its input: every user of a machine sees the arguments of its programs, and `printf` is part
 * of the shell. The space in front keeps the line out of the history of shells that are set so.
 */
export const curl = {
  id: 'curl',
  label: 'curl',
  kinds: EVERY_KIND,
  write(parts) {
    const url = tryUrl(parts);
    // Else curl takes these marks for a range of addresses.
    const asIs = /[[\]{}]/.test(url) ? '--globoff ' : '';
    const header = shellQuoted(`Authorization: ${parts.token}`);
    return ` printf '%s\\n' ${header} | curl ${asIs}--header @- ${shellQuoted(url)}`;
  },
} as const satisfies CopyFormat;

import { programUrl, variableNames } from './mechanism/addresses.ts';
import { type CopyFormat, EVERY_KIND } from './mechanism/copy-format.ts';
import { shellQuoted } from './mechanism/quote.ts';

export const dotenv = {
  id: 'dotenv',
  label: '.env',
  kinds: EVERY_KIND,
  write(parts) {
    const names = variableNames(parts);
    return `${names.url}=${value(programUrl(parts))}\n${names.token}=${value(parts.token)}\n`;
  },
} as const satisfies CopyFormat;

/** Nothing that a shell or a reader of .env files takes for more than itself, as it does a `~` or, in zsh, a `=` after `:`. */
const BARE = /^[A-Za-z0-9_.:/@%+,*[\]-]+$/;

/**
 * Bare where it may be, as every real token is: Docker takes quotes for part of the value. Shells and .env files agree
 * on quotes, but for how a quote stands inside them: there the shell's way is taken only where no other is left.
 */
function value(text: string): string {
  if (BARE.test(text)) return text;
  if (text.includes("'") && !/["$`\\!]/.test(text)) return `"${text}"`;
  return shellQuoted(text);
}

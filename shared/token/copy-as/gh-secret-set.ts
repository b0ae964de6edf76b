import { variableNames } from './mechanism/addresses.ts';
import { type CopyFormat, EVERY_KIND } from './mechanism/copy-format.ts';
import { shellQuoted } from './mechanism/quote.ts';

/** gh reads the secret from its input where no `--body` is given; see `curl.ts` for the way there. */
export const ghSecretSet = {
  id: 'gh-secret-set',
  label: 'gh secret set',
  kinds: EVERY_KIND,
  write: (parts) =>
    ` printf %s ${shellQuoted(parts.token)} | gh secret set ${variableNames(parts).token}`,
} as const satisfies CopyFormat;

import { NOT_IN_GIT, programUrl } from './mechanism/addresses.ts';
import type { CopyFormat } from './mechanism/copy-format.ts';
import { applicationName } from './mechanism/plain-name.ts';
import { doubleQuoted } from './mechanism/quote.ts';

/** unleash-client 4 and later, as a module. */
export const sdkNode = {
  id: 'sdk-node',
  label: 'Node',
  group: 'sdk',
  kinds: ['backend'],
  write: (parts) => `// npm install unleash-client
import { startUnleash } from "unleash-client";

export const unleash = await startUnleash({
  url: ${doubleQuoted(programUrl(parts))},
  appName: ${doubleQuoted(applicationName(parts.name))},
  // ${NOT_IN_GIT}
  customHeaders: { Authorization: ${doubleQuoted(parts.token)} },
});
`,
} as const satisfies CopyFormat;

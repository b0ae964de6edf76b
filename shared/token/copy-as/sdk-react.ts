import { programUrl } from './mechanism/addresses.ts';
import type { CopyFormat } from './mechanism/copy-format.ts';
import { applicationName } from './mechanism/plain-name.ts';
import { doubleQuoted } from './mechanism/quote.ts';

/** @unleash/proxy-client-react 3 and later. A frontend token may be public: no word about repositories here. */
export const sdkReact = {
  id: 'sdk-react',
  label: 'React',
  group: 'sdk',
  kinds: ['frontend'],
  write: (parts) => `// npm install @unleash/proxy-client-react unleash-proxy-client
import { FlagProvider } from "@unleash/proxy-client-react";

const config = {
  url: ${doubleQuoted(programUrl(parts))},
  clientKey: ${doubleQuoted(parts.token)},
  appName: ${doubleQuoted(applicationName(parts.name))},
};

export function Flags({ children }) {
  return <FlagProvider config={config}>{children}</FlagProvider>;
}
`,
} as const satisfies CopyFormat;

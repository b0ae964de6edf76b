import { NOT_IN_GIT, programUrl } from './mechanism/addresses.ts';
import type { CopyFormat } from './mechanism/copy-format.ts';
import { applicationName } from './mechanism/plain-name.ts';
import { doubleQuoted } from './mechanism/quote.ts';

/** Unleash.Client 2 and later. With the slash at the end, the address resolves relative ones as a folder. */
export const sdkDotnet = {
  id: 'sdk-dotnet',
  label: '.NET',
  group: 'sdk',
  kinds: ['backend'],
  write: (parts) => `// dotnet add package Unleash.Client
using System;
using System.Collections.Generic;
using Unleash;

var unleash = new DefaultUnleash(new UnleashSettings
{
    AppName = ${doubleQuoted(applicationName(parts.name))},
    UnleashApi = new Uri(${doubleQuoted(`${programUrl(parts)}/`)}),
    // ${NOT_IN_GIT}
    CustomHttpHeaders = new Dictionary<string, string>
    {
        { "Authorization", ${doubleQuoted(parts.token)} },
    },
});
`,
} as const satisfies CopyFormat;

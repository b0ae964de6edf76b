import { NOT_IN_GIT, programUrl } from './mechanism/addresses.ts';
import type { CopyFormat } from './mechanism/copy-format.ts';
import { applicationName } from './mechanism/plain-name.ts';
import { doubleQuoted } from './mechanism/quote.ts';

/** UnleashClient 4 and later. */
export const sdkPython = {
  id: 'sdk-python',
  label: 'Python',
  group: 'sdk',
  kinds: ['backend'],
  write: (parts) => `# pip install UnleashClient
from UnleashClient import UnleashClient

client = UnleashClient(
    url=${doubleQuoted(programUrl(parts))},
    app_name=${doubleQuoted(applicationName(parts.name))},
    # ${NOT_IN_GIT}
    custom_headers={"Authorization": ${doubleQuoted(parts.token)}},
)
client.initialize_client()
`,
} as const satisfies CopyFormat;

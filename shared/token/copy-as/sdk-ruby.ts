import { NOT_IN_GIT, programUrl } from './mechanism/addresses.ts';
import type { CopyFormat } from './mechanism/copy-format.ts';
import { applicationName } from './mechanism/plain-name.ts';
import { singleQuoted } from './mechanism/quote.ts';

/** The gem unleash 3 and later. */
export const sdkRuby = {
  id: 'sdk-ruby',
  label: 'Ruby',
  group: 'sdk',
  kinds: ['backend'],
  write: (parts) => `# gem install unleash
require 'unleash'

UNLEASH = Unleash::Client.new(
  url: ${singleQuoted(programUrl(parts))},
  app_name: ${singleQuoted(applicationName(parts.name))},
  # ${NOT_IN_GIT}
  custom_http_headers: { 'Authorization' => ${singleQuoted(parts.token)} }
)
`,
} as const satisfies CopyFormat;

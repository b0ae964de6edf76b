import { NOT_IN_GIT, programUrl } from './mechanism/addresses.ts';
import type { CopyFormat } from './mechanism/copy-format.ts';
import { applicationName } from './mechanism/plain-name.ts';
import { singleQuoted } from './mechanism/quote.ts';

/** unleash/client 1 and later, which asks for an instance id. */
export const sdkPhp = {
  id: 'sdk-php',
  label: 'PHP',
  group: 'sdk',
  kinds: ['backend'],
  write: (parts) => `<?php
// composer require unleash/client
use Unleash\\Client\\UnleashBuilder;

require 'vendor/autoload.php';

$unleash = UnleashBuilder::create()
    ->withAppName(${singleQuoted(applicationName(parts.name))})
    ->withAppUrl(${singleQuoted(programUrl(parts))})
    ->withInstanceId(gethostname() ?: 'unknown')
    // ${NOT_IN_GIT}
    ->withHeader('Authorization', ${singleQuoted(parts.token)})
    ->build();
`,
} as const satisfies CopyFormat;

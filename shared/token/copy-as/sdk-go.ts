import { NOT_IN_GIT, programUrl } from './mechanism/addresses.ts';
import type { CopyFormat } from './mechanism/copy-format.ts';
import { applicationName } from './mechanism/plain-name.ts';
import { doubleQuoted } from './mechanism/quote.ts';

/** unleash-go-sdk 6; for 5 and earlier the path of the module alone differs. */
export const sdkGo = {
  id: 'sdk-go',
  label: 'Go',
  group: 'sdk',
  kinds: ['backend'],
  write: (parts) => `// go get github.com/Unleash/unleash-go-sdk/v6
package main

import (
	"net/http"

	unleash "github.com/Unleash/unleash-go-sdk/v6"
)

func init() {
	err := unleash.Initialize(
		unleash.WithAppName(${doubleQuoted(applicationName(parts.name))}),
		unleash.WithUrl(${doubleQuoted(`${programUrl(parts)}/`)}),
		// ${NOT_IN_GIT}
		unleash.WithCustomHeaders(http.Header{"Authorization": {${doubleQuoted(parts.token)}}}),
	)
	if err != nil {
		panic(err)
	}
}
`,
} as const satisfies CopyFormat;

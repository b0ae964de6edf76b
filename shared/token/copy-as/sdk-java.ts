import { NOT_IN_GIT, programUrl } from './mechanism/addresses.ts';
import type { CopyFormat } from './mechanism/copy-format.ts';
import { applicationName } from './mechanism/plain-name.ts';
import { doubleQuoted } from './mechanism/quote.ts';

/** unleash-client-java 5 and later. */
export const sdkJava = {
  id: 'sdk-java',
  label: 'Java',
  group: 'sdk',
  kinds: ['backend'],
  write: (parts) => `// Maven and Gradle: io.getunleash:unleash-client-java
import io.getunleash.DefaultUnleash;
import io.getunleash.Unleash;
import io.getunleash.util.UnleashConfig;

final class FeatureFlags {
    static final Unleash UNLEASH = new DefaultUnleash(
        UnleashConfig.builder()
            .appName(${doubleQuoted(applicationName(parts.name))})
            .unleashAPI(${doubleQuoted(programUrl(parts))})
            // ${NOT_IN_GIT}
            .apiKey(${doubleQuoted(parts.token)})
            .build());
}
`,
} as const satisfies CopyFormat;

import { programUrl, variableNames } from './mechanism/addresses.ts';
import { type CopyFormat, EVERY_KIND } from './mechanism/copy-format.ts';
import { kubernetesName } from './mechanism/plain-name.ts';
import { doubleQuoted } from './mechanism/quote.ts';

/** A manifest for `kubectl apply -f -`. Its keys are names of variables, so that `envFrom` takes it as it is. */
export const kubernetesSecret = {
  id: 'kubernetes-secret',
  label: 'Kubernetes Secret',
  kinds: EVERY_KIND,
  write(parts) {
    const names = variableNames(parts);
    // In quotes: a token named "123" or "no" would else be no string.
    return `apiVersion: v1
kind: Secret
metadata:
  name: ${doubleQuoted(kubernetesName(parts.name))}
type: Opaque
data:
  ${names.url}: ${doubleQuoted(btoa(programUrl(parts)))}
  ${names.token}: ${doubleQuoted(btoa(parts.token))}
`;
  },
} as const satisfies CopyFormat;

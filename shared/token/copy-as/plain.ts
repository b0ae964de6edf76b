import { type CopyFormat, EVERY_KIND } from './mechanism/copy-format.ts';

export const plain = {
  id: 'plain',
  label: 'Plain',
  kinds: EVERY_KIND,
  write: ({ token }) => token,
} as const satisfies CopyFormat;

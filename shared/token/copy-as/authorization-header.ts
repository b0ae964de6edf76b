import { type CopyFormat, EVERY_KIND } from './mechanism/copy-format.ts';

/** Unleash takes the bare token, without "Bearer". */
export const authorizationHeader = {
  id: 'authorization-header',
  label: 'Authorization header',
  kinds: EVERY_KIND,
  write: ({ token }) => `Authorization: ${token}`,
} as const satisfies CopyFormat;

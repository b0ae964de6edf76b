import type { Instance } from './messages.ts';

/** The instance that a page belongs to: of its origin, the one with the longest base path above it, else any of them. */
export function instanceOfPage(
  instances: readonly Instance[],
  origin: string,
  path: string,
): Instance | null {
  const here = instances.filter((instance) => instance.origin === origin);
  here.sort((a, b) => b.basePath.length - a.basePath.length);
  return here.find(({ basePath }) => `${path}/`.startsWith(`${basePath}/`)) ?? here[0] ?? null;
}

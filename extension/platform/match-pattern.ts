/**
 * The match pattern of a host, for permissions. Patterns have no port (Firefox refuses one), so that a permission for
 * one program on localhost is one for all of them there.
 */
export function hostPattern(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}

/** The match patterns of an instance's pages: its base path and all below. */
export function pagePatterns({ origin, basePath }: { origin: string; basePath: string }): string[] {
  const { protocol, hostname } = new URL(origin);
  const base = `${protocol}//${hostname}${basePath}`;
  return basePath === '' ? [`${base}/*`] : [base, `${base}/*`];
}

/** Longest name of one part of a DNS name (RFC 1123), which is short enough for everything else. */
const LONGEST = 63;

/** A token's name as letters, digits and single `-`; null where nothing of it is left. */
function plainName(name: string): string | null {
  const plain = name
    .normalize('NFKD')
    // What NFKD takes off a letter: ü is a u and two dots.
    .replace(/\p{Mn}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
  return plain === '' ? null : plain;
}

/**
 * The name that an SDK gives its application. It goes into a header and stands under Applications in Unleash, where the
 * token's own name says more than "my-app" does.
 */
export function applicationName(name: string): string {
  return plainName(name) ?? 'my-app';
}

/** The name of an object in Kubernetes: lower case, and one part of a DNS name (RFC 1123). */
export function kubernetesName(name: string): string {
  return plainName(name)?.toLowerCase() ?? 'unleash-token';
}

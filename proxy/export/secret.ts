import { isAbsolute } from 'node:path';
import type { SecretReference, Target } from './gateway.ts';

/** Where each gateway reads the token by default. */
export function defaultSecret(target: Target, profile: string): SecretReference {
  if (target === 'caddy') return { from: 'env', variable: 'UNLEASH_PAT' };
  const ending = target === 'nginx' ? 'secret' : 'yaml';
  return { from: 'file', path: `/etc/${target}/tokenleash/${profile}.${ending}` };
}

/** `env:NAME` or `file:PATH`; throws an Error that says what it has to be. */
export function parseSecret(text: string): SecretReference {
  const [, variable] = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(text) ?? [];
  if (variable !== undefined) return { from: 'env', variable };
  const path = text.startsWith('file:') ? text.slice('file:'.length) : '';
  if (isAbsolute(path) && isPlainPath(path)) return { from: 'file', path };
  throw new Error('has to be file:PATH, the path absolute and plain, or env:NAME');
}

/** A path that means the same in every gateway's file: nothing in it that one of them would expand. */
export function isPlainPath(path: string): boolean {
  return /^[^\p{Cc}"'`$\\{}*?;#]+$/u.test(path);
}

/** `file:/etc/…`, as it is typed and shown. */
export function secretText(secret: SecretReference): string {
  return secret.from === 'env' ? `env:${secret.variable}` : `file:${secret.path}`;
}

/** What has to be done so that the gateway finds the token; for the top of its file. */
export function secretSteps(target: Target, secret: SecretReference): string[] {
  const own =
    'Make one of its own, of a service account if your Unleash has them: it is not your own.';
  if (secret.from === 'env')
    return [
      `it is read from the variable ${secret.variable} of the gateway's own environment; it does not stand in this file.`,
      own,
    ];
  const holds: Record<Target, string> = {
    nginx: `one line: proxy_set_header Authorization "user:…";`,
    caddy: 'the token alone, without a line break at its end (Caddy 2.8 and later read it)',
    envoy: `resources: [{ "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret, name: unleash-pat, generic_secret: { secret: { inline_string: "user:…" } } }]`,
  };
  const renewed: Record<Target, string> = {
    nginx: 'A new token: change it, then nginx -s reload.',
    caddy: 'A new token: change it; it is read for each request.',
    envoy: 'A new token: move a new file in its place; Envoy sees that.',
  };
  return [
    `it is read from ${secret.path}, which you make, for the gateway's user alone (0600): ${holds[target]}.`,
    renewed[target],
    own,
  ];
}

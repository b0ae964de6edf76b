import { isIP } from 'node:net';
import { upstreamOf } from '../data/upstream.ts';
import type { Profile } from '../profiles/profile.ts';
import { SYSTEM_CAS, type Target } from './gateway.ts';
import type { BodyRule, Lines } from './lines.ts';

/** How each gateway is told who may call, in its own words. */
const OWN_LOGIN: Record<Target, string> = {
  nginx: 'ssl_verify_client, or auth_request',
  caddy: 'tls client_auth, or forward_auth',
  envoy: 'a client certificate, jwt_authn or ext_authz before the credential injector',
};

const HEADERS_LEFT: Partial<Record<Target, string>> = {
  nginx:
    'Headers are not left out by name: only those that Unleash and its tools use go on, and all others stay behind.',
  envoy:
    'Headers are left out by their whole name: one that begins with x-forwarded-, sec- or x-tokenleash- and is not in request_headers_to_remove goes on.',
};

/** What a gateway cannot say of a profile, in sentences; what would let more through than the proxy is refused there. */
export function notExpressed(
  target: Target,
  { url, ca, access }: Pick<Profile, 'url' | 'ca' | 'access'>,
  lines: Lines,
): string[] {
  const sentences = [
    `Callers: it knows no phantom tokens and no clients. Whoever reaches its address acts with the token. Put a login of your own in front: ${OWN_LOGIN[target]}. It must not use the header Authorization on the client and frontend APIs, where the callers' own Unleash tokens stand.`,
    'Audit: it writes no log by meaning; who did what stands in Unleash alone, under the name of the token’s owner.',
    'Redaction: answers are not searched for the token.',
    'Host: it answers to any; name its own (the proxy answers to loopback alone).',
    'Paths with percent encoding: letters, digits, slashes and dots in it are refused, as are //, dot segments and %25. What else is encoded is not decoded: a deny holds for every such name, and no allow but "*" does.',
    'Limits: the proxy’s own on header lines, requests at once per client, and its retry on a broken connection; set the gateway’s.',
    `Newer Unleash: it has the operations that were known when this was written. Write it anew after an update.`,
  ];
  sentences.push(...connection(target, url, ca));
  const headers = HEADERS_LEFT[target];
  if (headers !== undefined) sentences.push(headers);
  if (access === 'ask')
    sentences.push('Approvals: access is ask, and nobody can be asked here; writes are refused.');
  if (lines.invites.length > 0)
    sentences.push(
      `Invite links in the event log cannot be masked, so it is refused: ${lines.invites.join(', ')}.`,
    );
  return [...sentences, ...byBody(lines.byBody)];
}

/** What differs on the way to the server. */
function connection(target: Target, url: string, ca: string | null): string[] {
  const { protocol, hostname } = upstreamOf(url);
  const sentences = [
    'A corporate proxy: HTTPS_PROXY and its kin are not looked at by nginx and Envoy; Caddy goes by those of its own environment.',
  ];
  if (target === 'nginx')
    sentences.push(
      'The server’s name is looked up when nginx starts or is reloaded, and not later.',
    );
  if (protocol === 'http:') return sentences;
  if (target === 'nginx' && isIP(hostname) !== 0)
    sentences.push(
      'The certificate: nginx compares it with names and not with an IP address, so it refuses this server; give the profile a URL with a name.',
    );
  if (target !== 'caddy' && ca === null)
    sentences.push(
      `CAs: the profile trusts those that Node knows; here they are read from ${SYSTEM_CAS}, where Debian has them.`,
    );
  return sentences;
}

/** A rule by what stands in a body alone: named once, with all operations that are refused for it. */
function byBody(found: readonly BodyRule[]): string[] {
  const operations = new Map<string, string[]>();
  for (const { rule, operation } of found)
    operations.set(rule, [...(operations.get(rule) ?? []), operation]);
  return [...operations].map(
    ([rule, ids]) =>
      `Bodies are not read. ${rule} goes by the body of these, so they are refused: ${ids.join(', ')}.`,
  );
}

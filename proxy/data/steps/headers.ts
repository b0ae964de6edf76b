import { PHANTOM_PREFIX } from '../../../shared/token/grammar.ts';
import { refuse } from '../../errors.ts';
import { type Exchange, type Step, valuesOf } from '../exchange.ts';
import { HOP_BY_HOP } from '../hop-by-hop.ts';
import { hidesInviteLinks } from '../invite-links.ts';
import { upstreamOf } from '../upstream.ts';

/** Names that are not passed on. `trailer`, hop-by-hop, on an unchunked request ends http-proxy's process. */
export const DROPPED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'http2-settings',
  // Set anew from what the steps found out.
  'host',
  'content-length',
  'accept-encoding',
  // The caller's own credentials. A session cookie beats a PAT on every Unleash.
  'authorization',
  'proxy-authorization',
  'cookie',
  'cookie2',
  // Unleash believes them.
  'forwarded',
  'x-real-ip',
  'via',
  // http-proxy leaves out its event for requests with Expect.
  'expect',
  'origin',
  'referer',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  // What some proxies before an Unleash take for the path.
  'x-original-url',
  'x-rewrite-url',
  // A secret fetched in two halves passes every redactor.
  'range',
  'if-range',
]);

export const DROPPED_PREFIXES = ['x-forwarded-', 'sec-', 'x-tokenleash-'];

function isDropped(name: string): boolean {
  // `X_Authorization` is `X-Authorization` to some servers (oauth2-proxy GHSA-vjrc-mh2v-45x6).
  if (DROPPED.has(name) || name.includes('_')) return true;
  return DROPPED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Names that Connection nominates: they are for this hop alone, and must not take ours with them. */
function nominated(lines: readonly string[]): ReadonlySet<string> | null {
  const values = valuesOf(lines, 'connection');
  if (values.length === 0) return null;
  const names = values.join(',').toLowerCase().split(',');
  return new Set(names.map((name) => name.trim()));
}

/** What goes upstream of the caller's headers: all but what speaks for the caller or about the connection. */
export function forwardedHeaders(
  lines: readonly string[],
  hop: ReadonlySet<string> | null = nominated(lines),
): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (let at = 0; at < lines.length; at += 2) {
    const name = lines[at] ?? '';
    const value = lines[at + 1] ?? '';
    if (isDropped(name) || hop?.has(name) === true) continue;
    if (value.includes(PHANTOM_PREFIX)) continue;
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

/** Of what the caller takes, the codings that may pass unscanned. */
function passedCodings(lines: readonly string[]): string {
  const wanted = valuesOf(lines, 'accept-encoding').join(',').split(',');
  const passed = wanted.map((one) => one.trim()).filter((one) => PASSED.test(one));
  return passed.length === 0 ? 'identity' : passed.join(', ');
}

/** gzip and br, with or without a weight (RFC 9110 §12.5.3). */
const PASSED = /^(?:gzip|br|identity)(?:\s*;\s*q=[0-9.]{1,5})?$/i;

/** By default nothing but `identity` is asked for, so that the redactor sees every byte. */
function setOwn(exchange: Exchange): void {
  const { headers, body, route, lines, profile } = exchange;
  if (profile !== null) headers.host = upstreamOf(profile.url).host;
  const mayPass = profile?.compression === 'pass' && !hidesInviteLinks(exchange);
  headers['accept-encoding'] = mayPass ? passedCodings(lines) : 'identity';
  if (body.kind === 'length') headers['content-length'] = String(body.bytes);
  const own = route === 'passthrough' ? valuesOf(lines, 'authorization')[0] : undefined;
  if (own !== undefined) headers.authorization = own;
}

export const headers: Step = {
  name: 'headers',
  check(exchange) {
    const hop = nominated(exchange.lines);
    // The server would read the body without what it was judged by.
    if (hop !== null && [...hop].some((name) => name.startsWith('content-')))
      return refuse('request.framing', 'Connection takes a header of the body away.', {
        hint: 'Send Connection without names of content headers',
      });
    exchange.headers = forwardedHeaders(exchange.lines, hop);
    setOwn(exchange);
    return null;
  },
  passedBy: () => "the caller's credentials and connection headers are left out",
};

import { LINK_HEADERS } from '../../shared/link/channel.ts';

/** How long a browser may remember a preflight's answer, in seconds. */
const PREFLIGHT_AGE_S = 600;

/**
 * The extension holds no host permission for 127.0.0.1, so its requests are cross-origin ones. Given only to the
 * extension origins that may speak to the path; a web page never sees these headers.
 */
export function corsHeaders(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': [
      LINK_HEADERS.time,
      LINK_HEADERS.signature,
      LINK_HEADERS.error,
    ].join(', '),
    'cross-origin-resource-policy': 'cross-origin',
    vary: 'Origin',
  };
}

const SENT_HEADERS = [
  'content-type',
  LINK_HEADERS.link,
  LINK_HEADERS.time,
  LINK_HEADERS.nonce,
  LINK_HEADERS.signature,
].join(', ');

export function preflightHeaders(origin: string): Record<string, string> {
  return {
    ...corsHeaders(origin),
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': SENT_HEADERS,
    // https://wicg.github.io/private-network-access/: asked for before a request to loopback.
    'access-control-allow-private-network': 'true',
    'access-control-max-age': String(PREFLIGHT_AGE_S),
    'cache-control': 'no-store',
  };
}

import type { IncomingMessage } from 'node:http';
import type { ControlRefusal } from './control-errors.ts';

/** Header lines per request. Node drops what comes after about 1000 without a word; this runs before that matters. */
export const HEADER_LINE_LIMIT = 100;

/** Who a request claims to come from. A claim only: any local program can write these headers. */
export type Sender = { kind: 'program' } | { kind: 'extension'; origin: string };

/** Every value of one header, in order; `request.headers` hides repeated lines. */
export function valuesOf(request: IncomingMessage, name: string): string[] {
  const values: string[] = [];
  const raw = request.rawHeaders;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    if (raw[index]?.toLowerCase() === name) values.push(raw[index + 1] ?? '');
  }
  return values;
}

/** First step: too many header lines. */
export function checkCaps(request: IncomingMessage): ControlRefusal | null {
  return request.rawHeaders.length > 2 * HEADER_LINE_LIMIT ? { refused: 'request.headers' } : null;
}

/**
 * Second step: the Host names this port, exactly and once. A page whose name was rebound to 127.0.0.1 shows its own
 * name here. `port` is null on the unix socket.
 */
export function checkHost(request: IncomingMessage, port: number | null): ControlRefusal | null {
  const hosts = valuesOf(request, 'host');
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  const allowed = port === null ? names : names.map((name) => `${name}:${port}`);
  return hosts.length === 1 && allowed.includes(hosts[0]?.toLowerCase() ?? '')
    ? null
    : { refused: 'host.refused' };
}

const EXTENSION_ORIGIN = /^(?:chrome|moz)-extension:\/\/[a-z0-9-]{1,64}$/;

/** Headers that a browser writes on its own and page script cannot take away all at once (research/proxy.md §0.7). */
const BROWSER_HEADERS = ['referer', 'sec-fetch-site', 'sec-fetch-dest', 'sec-fetch-user'];

/**
 * Third step: no web page, by whatever it shows. An extension is known by its Origin, which every POST of an
 * extension carries; Node's own fetch sends `Sec-Fetch-Mode: cors` and nothing else of the kind.
 */
export function checkBrowser(request: IncomingMessage): Sender | ControlRefusal {
  const origins = valuesOf(request, 'origin');
  if (origins.length > 1) return { refused: 'browser.refused' };
  const origin = origins[0];
  if (origin !== undefined) {
    return EXTENSION_ORIGIN.test(origin)
      ? { kind: 'extension', origin }
      : { refused: 'browser.refused' };
  }
  const browser =
    BROWSER_HEADERS.some((name) => valuesOf(request, name).length > 0) ||
    valuesOf(request, 'sec-fetch-mode').some((mode) => mode !== 'cors');
  return browser ? { refused: 'browser.refused' } : { kind: 'program' };
}

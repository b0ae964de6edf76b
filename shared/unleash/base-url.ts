import { failed, type Result } from './errors.ts';

/** Longer than any address that a person types; what is longer is a mistake or an attack. */
const ADDRESS_LIMIT = 2048;

/** A pasted path is tried at every level up to this depth. */
const DEPTH_LIMIT = 8;

/** First path segments of Unleash's own admin UI (4.19.5 to 8.2.0) and servers' paths: what follows is no base path. */
const UNLEASH_SEGMENTS = new Set(
  `addons admin api applications archive auth change-requests context docs edge environments
  feature-toggle-type features forgotten-password health history insights integrations invite login
  logout new-user personal playground profile projects release-templates reset-password search
  segments splash strategies tag-types`.split(/\s+/),
);

/** Of these, the ones that no Unleash is served below; they are cut without trying. */
const NEVER_BASE = new Set(['admin', 'api', 'auth', 'docs', 'edge', 'health', 'login', 'logout']);

export type TypedAddress = {
  /** Scheme, host and port. */
  origin: string;
  /** Base URLs to try as Unleash, most likely first, without a trailing slash; never empty. */
  candidates: string[];
  /** What the base URL most likely is, for when no server answers. */
  guess: string;
  /** Plain http to a host other than this machine: a token would travel in clear. */
  clearText: boolean;
};

const noServer = (suggestion?: string) => ({
  host: '',
  baseUrl: '',
  ...(suggestion === undefined ? {} : { suggestion }),
});

/**
 * What a person typed or pasted as the address of an Unleash, read as base URLs to try. Without a scheme it is https,
 * or http for this machine. A pasted page of the UI (`/flags/admin/api`) or API path is cut; query, fragment and
 * user:password are refused (`url.*`), with the address that is left as suggestion.
 */
export function candidateBaseUrls(input: string): Result<TypedAddress> {
  if (input.length > 2 * ADDRESS_LIMIT) return failed('url.form', noServer());
  const text = unquoted(input.trim()).trim();
  if (text === '') return failed('url.empty', noServer());
  // The URL parser drops line breaks and turns backslashes round in silence: "https://a\n.b" would become a.b.
  if (text.length > ADDRESS_LIMIT || /[\s\\\p{Cc}\p{Cf}]/u.test(text)) {
    return failed('url.form', noServer());
  }
  const scheme = schemeOf(text);
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return failed('url.scheme', noServer());
  }
  const url = parsed(scheme === undefined ? withScheme(text) : text);
  if (url === null || url.hostname === '') return failed('url.form', noServer());

  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  const guess = url.origin + joined(cutAt(segments, UNLEASH_SEGMENTS));
  if (url.username !== '' || url.password !== '' || /^[^/?#]*@/.test(withoutScheme(text))) {
    return failed('url.password', noServer(guess));
  }
  if (text.includes('#') && !/[?].*#/.test(text)) return failed('url.fragment', noServer(guess));
  if (text.includes('?')) return failed('url.query', noServer(guess));

  const kept = cutAt(segments, NEVER_BASE).slice(0, DEPTH_LIMIT);
  const candidates: string[] = [];
  for (let depth = kept.length; depth >= 0; depth -= 1) {
    candidates.push(url.origin + joined(kept.slice(0, depth)));
  }
  return {
    ok: true,
    value: {
      origin: url.origin,
      candidates,
      guess,
      clearText: url.protocol === 'http:' && !isLoopback(url.hostname),
    },
  };
}

/** Whether a URL's host is this machine, by name or by address. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    host === '::1' ||
    /^127(?:\.\d{1,3}){3}$/.test(host)
  );
}

/** Host with port, as it stands in sentences. */
export function hostOf(baseUrl: string): string {
  return parsed(baseUrl)?.host ?? baseUrl;
}

/** Without the quotes or angle brackets that stand around an address in a mail or a dotfile. */
function unquoted(text: string): string {
  return /^<.*>$|^".*"$|^'.*'$/s.test(text) ? text.slice(1, -1) : text;
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/**
 * The scheme that stands before the first slash. One slash will do (`http:/host` is how it gets mistyped), but then
 * `host.example:/flags`, a host whose port was left out, is none.
 */
function schemeOf(text: string): string | undefined {
  const [, scheme, slashes] = /^([a-z][a-z0-9+.-]*):(\/+)/i.exec(text) ?? [];
  if (scheme === undefined || slashes === undefined) return;
  const isHost = slashes.length === 1 && (scheme.includes('.') || isLoopback(scheme));
  return isHost ? undefined : scheme.toLowerCase();
}

const withoutScheme = (text: string): string => text.replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\//i, '');

function withScheme(text: string): string {
  const rest = withoutScheme(text);
  const host = parsed(`http://${rest}`)?.hostname ?? '';
  return `${isLoopback(host) ? 'http' : 'https'}://${rest}`;
}

function cutAt(segments: readonly string[], words: ReadonlySet<string>): string[] {
  const cut = segments.findIndex((segment) => words.has(segment.toLowerCase()));
  return cut === -1 ? [...segments] : segments.slice(0, cut);
}

const joined = (segments: readonly string[]): string =>
  segments.map((segment) => `/${segment}`).join('');

/** A profile's URL, taken apart once and not per request. */
export type UpstreamUrl = {
  protocol: 'http:' | 'https:';
  /** As it stands in the Host header. */
  host: string;
  /** Without the brackets of an IPv6 address. */
  hostname: string;
  port: number;
  /** `https://unleash.example.com` */
  origin: string;
  /** Empty, or `/flags`. */
  basePath: string;
};

const known = new Map<string, UpstreamUrl>();
/** Far more than anyone has profiles; the map must not grow for ever under a proxy whose profiles change. */
const KNOWN_LIMIT = 256;

/** Takes apart a profile's base URL. Throws a TypeError for one that is none; profiles are checked when made. */
export function upstreamOf(url: string): UpstreamUrl {
  const found = known.get(url);
  if (found !== undefined) return found;
  const parsed = new URL(url);
  const protocol = parsed.protocol === 'https:' ? 'https:' : 'http:';
  const upstream: UpstreamUrl = {
    protocol,
    host: parsed.host,
    hostname: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? (protocol === 'https:' ? 443 : 80) : Number(parsed.port),
    origin: parsed.origin,
    basePath: parsed.pathname.replace(/\/+$/, ''),
  };
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(url, upstream);
  return upstream;
}

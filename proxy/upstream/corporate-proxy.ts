import { isLoopback } from '../../shared/unleash/base-url.ts';
import { isExcepted } from './no-proxy.ts';

/** The proxy that an organisation puts between its machines and the rest of the net. */
export type CorporateProxy = {
  /** How this one is spoken to. */
  protocol: 'http:' | 'https:';
  /** Without the brackets of an IPv6 address. */
  hostname: string;
  port: number;
  /** Value of `Proxy-Authorization`, or null. A secret. */
  authorization: string | null;
  /** `http://proxy.example.com:3128`, without user name and password. */
  shown: string;
  /** The variable that names it. */
  variable: string;
};

/** `wrong`: the variable is set, and says nothing that could be used. Never repeated: it may hold a password. */
export type Way =
  | { by: 'direct' }
  | { by: 'proxy'; proxy: CorporateProxy }
  | { by: 'wrong'; variable: string; reason: string };

const DIRECT: Way = { by: 'direct' };

/**
 * How a server is reached, by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, each also in lower case, which comes
 * first as in curl. A server on this machine is always reached directly: its token may travel in clear, and must not
 * leave the machine for it. A variable that cannot be used is an error and no way around the proxy.
 */
export function wayTo(url: string, env: NodeJS.ProcessEnv): Way {
  const target = new URL(url);
  if (isLoopback(target.hostname)) return DIRECT;
  const names = target.protocol === 'https:' ? ['https_proxy', 'all_proxy'] : HTTP_NAMES;
  const variable = names
    .flatMap((name) => [name, name.toUpperCase()])
    .find((name) => (env[name] ?? '').trim() !== '');
  if (variable === undefined) return DIRECT;
  const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
  if (isExcepted(target.hostname, port, env.no_proxy || env.NO_PROXY || '')) return DIRECT;
  return read(variable, (env[variable] ?? '').trim());
}

const HTTP_NAMES = ['http_proxy', 'all_proxy'];

function read(variable: string, text: string): Way {
  const wrong = (reason: string): Way => ({ by: 'wrong', variable, reason });
  // As curl has it, `proxy.example.com:3128` is one as well.
  const url = parsed(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null || url.hostname === '') return wrong('is no address of a proxy');
  const { protocol } = url;
  if (protocol !== 'http:' && protocol !== 'https:')
    return wrong(`names a proxy for ${protocol.slice(0, -1)}, and only http and https are spoken`);
  const authorization = credentialsOf(url);
  if (authorization === undefined)
    return wrong('has a user name or a password that is not percent-encoded');
  return {
    by: 'proxy',
    proxy: {
      protocol,
      hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(url.port) || (protocol === 'https:' ? 443 : 80),
      authorization,
      shown: url.origin,
      variable,
    },
  };
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** Null where there are none, undefined where they cannot be read. */
function credentialsOf({ username, password }: URL): string | null | undefined {
  if (username === '' && password === '') return null;
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
  } catch {
    return undefined;
  }
}

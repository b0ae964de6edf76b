import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { ConnectionError } from './connection-error.ts';
import { type CorporateProxy, wayTo } from './corporate-proxy.ts';
import { https } from './https.ts';
import type { Trust } from './trust.ts';
import { openTunnel } from './tunnel.ts';

/** Before TLS 1.2 nothing is safe (RFC 8996). */
const LEAST_TLS = 'TLSv1.2';

/**
 * How long one address of a name may take before the next is tried as well, in ms. Node 20's own 250 ms give up on
 * far servers: https://github.com/nodejs/node/issues/54359
 */
const NEXT_ADDRESS_MS = 500;

export type ConnectionOptions = {
  env: NodeJS.ProcessEnv;
  /** For the way to a corporate proxy and through it, in ms. */
  limitMs: number;
  /** For tests: names with addresses of their own. */
  lookup?: LookupFunction | undefined;
};

/** How one server is reached, for requests to be made by. */
export type Connection = {
  /** Whom requests are addressed to: the server, or the corporate proxy that passes them on. */
  target: { protocol: 'http:' | 'https:'; hostname: string; port: number };
  /** Stands before the path: the server's origin where a corporate proxy passes requests on, else empty. */
  pathPrefix: string;
  /** The corporate proxy in between, or null. */
  proxy: CorporateProxy | null;
  /** `Proxy-Authorization` for each request that a corporate proxy passes on; tunnels have their own. */
  proxyAuthorization: string | null;
  /** An agent that connects so, and no other way. */
  createAgent(options: AgentOptions): HttpAgent;
};

/**
 * How a server is reached: directly, through a tunnel (https), or by way of a proxy that passes requests on (plain
 * http). Throws a ConnectionError where a variable of the environment names a proxy that cannot be used.
 *
 * The agents are Node's own with one step replaced. Node 22.21 and later could do this themselves (`proxyEnv`), Node
 * 20 cannot; an agent of a library would be a second pool of connections beside ours.
 */
export function connectionTo(url: string, trust: Trust, options: ConnectionOptions): Connection {
  const server = new URL(url);
  const isTls = server.protocol === 'https:';
  const hostname = bare(server.hostname);
  const port = Number(server.port) || (isTls ? 443 : 80);
  const way = wayTo(url, options.env);
  if (way.by === 'wrong')
    throw new ConnectionError(
      'upstream.unreachable',
      `${way.variable} ${way.reason}`,
      `Put ${way.variable} right, or unset it, then: tokenleash stop, and tokenleash start`,
    );
  const proxy = way.by === 'proxy' ? way.proxy : null;
  const passesOn = proxy !== null && !isTls ? proxy : null;
  const asked = passesOn ?? { protocol: isTls ? 'https:' : 'http:', hostname, port };
  return {
    target: {
      protocol: asked.protocol as 'http:' | 'https:',
      hostname: asked.hostname,
      port: asked.port,
    },
    pathPrefix: passesOn === null ? '' : server.origin,
    proxy,
    proxyAuthorization: passesOn?.authorization ?? null,
    createAgent(more) {
      const common = {
        ...more,
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
        ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
        // Or Node 26 would go through a proxy that it finds in the environment, by rules of its own.
        proxyEnv: null,
      };
      if (asked.protocol === 'http:') return new HttpAgent(common);
      const agent = new (https().Agent)({
        ...common,
        minVersion: LEAST_TLS,
        // The corporate proxy's certificate is no business of the profile's.
        ...(passesOn === null ? tlsOptions(trust) : {}),
      });
      if (proxy !== null && passesOn === null)
        tunnel(agent, proxy, { host: hostname, port, limitMs: options.limitMs });
      return agent;
    },
  };
}

function tlsOptions({ ca, own }: Trust): { ca?: string; cert?: string; key?: string } {
  return { ...(ca === null ? {} : { ca }), ...own };
}

type Connect = (
  options: object,
  done: (error: Error | null, socket?: Duplex) => void,
) => Duplex | undefined;

/** Has an agent speak TLS inside a tunnel in place of a connection of its own. */
function tunnel(
  agent: HttpsAgent,
  proxy: CorporateProxy,
  to: { host: string; port: number; limitMs: number },
): void {
  const connecting = agent as unknown as { createConnection: Connect };
  const direct = connecting.createConnection.bind(agent);
  connecting.createConnection = (options, done) => {
    openTunnel(proxy, to, (error, socket) => {
      if (error !== null) done(error);
      else done(null, direct({ ...options, socket }, ignore));
    });
    return undefined;
  };
}

function ignore(): void {}

const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');

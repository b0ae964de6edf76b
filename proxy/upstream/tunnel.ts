import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { ConnectionError } from './connection-error.ts';
import type { CorporateProxy } from './corporate-proxy.ts';
import { https } from './https.ts';

/**
 * Opens a tunnel through a corporate proxy to `host`:`port` (RFC 9110 §9.3.6) and calls back once, with the socket on
 * which the server can be spoken to, or with a ConnectionError. `limitMs` bounds all of it. What the proxy sends with
 * a refusal is not read: it is a page for people, and may repeat what it was asked.
 */
export function openTunnel(
  proxy: CorporateProxy,
  { host, port, limitMs }: { host: string; port: number; limitMs: number },
  done: (error: ConnectionError | null, socket?: Socket) => void,
): void {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const headers: Record<string, string> = { host: authority };
  if (proxy.authorization !== null) headers['proxy-authorization'] = proxy.authorization;
  let isOver = false;
  const end = (error: ConnectionError | null, socket?: Socket) => {
    if (isOver) {
      socket?.destroy();
      return;
    }
    isOver = true;
    clearTimeout(limit);
    if (error !== null) asked.destroy();
    done(error, socket);
  };
  const asked = (proxy.protocol === 'https:' ? https().request : httpRequest)({
    host: proxy.hostname,
    port: proxy.port,
    method: 'CONNECT',
    path: authority,
    headers,
    agent: false,
  });
  const limit = setTimeout(() => end(silent(proxy)), limitMs);
  asked.once('connect', (answer, socket: Socket, head: Buffer) => {
    if (answer.statusCode !== 200) {
      socket.destroy();
      end(refused(proxy, host, answer.statusCode ?? 0));
      return;
    }
    // The server speaks second, in TLS as in HTTP.
    if (head.length > 0) socket.unshift(head);
    end(null, socket);
  });
  asked.once('response', (answer) => {
    answer.destroy();
    end(refused(proxy, host, answer.statusCode ?? 0));
  });
  asked.on('error', (error: NodeJS.ErrnoException) => end(notReached(proxy, error.code ?? '')));
  asked.end();
}

const named = ({ shown, variable }: CorporateProxy) => `the corporate proxy ${shown} (${variable})`;

function silent(proxy: CorporateProxy): ConnectionError {
  return new ConnectionError(
    'upstream.timeout',
    `${named(proxy)} did not answer in time`,
    'Check the proxy, or send it again',
  );
}

function notReached(proxy: CorporateProxy, code: string): ConnectionError {
  const why = code === '' ? '' : `: ${code}`;
  return new ConnectionError(
    'upstream.unreachable',
    `${named(proxy)} does not answer${why}`,
    `Put ${proxy.variable} right, or unset it, then: tokenleash stop, and tokenleash start`,
  );
}

/** What a proxy's no means, for a tunnel as for a request that it was to pass on. */
export function refused(proxy: CorporateProxy, host: string, status: number): ConnectionError {
  if (status === 407)
    return new ConnectionError(
      'upstream.unreachable',
      proxy.authorization === null
        ? `${named(proxy)} wants a user name and a password`
        : `${named(proxy)} refused the user name and password in ${proxy.variable}`,
      `Put them into ${proxy.variable}, percent-encoded, then: tokenleash stop, and tokenleash start`,
    );
  return new ConnectionError(
    'upstream.unreachable',
    `${named(proxy)} refused to connect to it, with status ${status}`,
    `Have it let through there, or name ${host} in NO_PROXY, then: tokenleash stop, and tokenleash start`,
  );
}

import { createServer, type IncomingMessage, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Certificate } from '../../certificate.ts';

export type TestProxy = {
  /** `127.0.0.1:3128` */
  host: string;
  /** What it was asked for: `CONNECT unleash.test:443`, `GET http://unleash.test/`. */
  asked: string[];
  /** Values of Proxy-Authorization, null where there was none. */
  credentials: (string | null)[];
  /** Connections through it that are open. */
  open(): number;
};

/**
 * A forward proxy as organisations have them: tunnels, and passes plain http on. Every name leads to this machine at
 * the port asked for. Ends with the test.
 */
export async function startCorporateProxy({
  wants = null,
  tls = null,
  refuses = null,
  to = null,
}: {
  /** The only value of Proxy-Authorization that it takes. */
  wants?: string | null;
  tls?: Certificate | null;
  /** A status for everything. */
  refuses?: number | null;
  /** All that it reaches, in place of the port asked for. */
  to?: number | null;
} = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const credentials: (string | null)[] = [];
  const open = new Set<Duplex>();
  const refusal = (incoming: IncomingMessage): number | null => {
    const shown = incoming.headers['proxy-authorization'] ?? null;
    asked.push(`${incoming.method} ${incoming.url}`);
    credentials.push(shown);
    return wants !== null && shown !== wants ? 407 : refuses;
  };
  const server: Server = tls === null ? createServer() : createTlsServer(tls);
  server.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    socket.on('error', () => undefined);
    const status = refusal(incoming);
    if (status !== null) {
      const page = `<h1>${incoming.headers['proxy-authorization'] ?? 'no'}</h1>`;
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: ${page.length}\r\n\r\n${page}`);
      return;
    }
    const port = to ?? Number(/:(\d+)$/.exec(incoming.url ?? '')?.[1]);
    const beyond = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(beyond).pipe(socket);
    });
    for (const one of [socket, beyond]) {
      open.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        open.delete(one);
        socket.destroy();
        beyond.destroy();
      });
    }
  });
  server.on('request', (incoming, response) => {
    const status = refusal(incoming);
    if (status !== null) {
      response.writeHead(status).end(`<h1>${incoming.headers['proxy-authorization']}</h1>`);
      return;
    }
    const url = new URL(incoming.url ?? '');
    const { 'proxy-authorization': _, ...headers } = incoming.headers;
    const on = request(
      {
        host: '127.0.0.1',
        port: to ?? url.port,
        path: url.pathname + url.search,
        method: incoming.method,
        headers,
        agent: false,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    on.on('error', () => response.destroy());
    incoming.pipe(on);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const one of open) one.destroy();
    server.close();
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
  });
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, asked, credentials, open: () => open.size };
}

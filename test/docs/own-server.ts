import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer, request } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { selfSignedCertificate } from '../certificate.ts';

/** The server that the docs speak of. */
export const DOCUMENTED_HOST = 'unleash.example.com';

/**
 * Puts a real Unleash where the docs have the user's own, `https://unleash.example.com`: behind TLS with a
 * certificate of that name, reached as in many companies by a proxy that tunnels. `env` is what a machine there has
 * set; `caFile` is written.
 */
export async function asOwnServer(unleashUrl: string, caFile: string) {
  const certificate = selfSignedCertificate({ host: DOCUMENTED_HOST });
  writeFileSync(caFile, certificate.cert);
  const sockets = new Set<Socket>();
  const track = (server: Server) =>
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    });

  const front = createHttpsServer(certificate, (incoming, response) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const onward = request(unleashUrl + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  const frontPort = await listen(track(front));

  const asked: string[] = [];
  const tunnel = createHttpServer((_, response) => response.writeHead(403).end());
  tunnel.on('connect', (incoming, caller: Socket) => {
    asked.push(incoming.url ?? '');
    if (incoming.url !== `${DOCUMENTED_HOST}:443`) {
      caller.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const onward = connect(frontPort, '127.0.0.1', () => {
      caller.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(caller).pipe(onward);
    });
    onward.on('error', () => caller.destroy());
    caller.on('error', () => onward.destroy());
    sockets.add(onward);
  });
  const tunnelPort = await listen(track(tunnel));

  const proxy = `http://127.0.0.1:${tunnelPort}`;
  return {
    env: {
      HTTPS_PROXY: proxy,
      https_proxy: proxy,
      NO_PROXY: 'localhost,127.0.0.1,::1',
      no_proxy: 'localhost,127.0.0.1,::1',
      NODE_EXTRA_CA_CERTS: caFile,
      CURL_CA_BUNDLE: caFile,
    },
    /** Hosts and ports that somebody asked for. */
    asked,
    async close() {
      for (const server of [tunnel, front]) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

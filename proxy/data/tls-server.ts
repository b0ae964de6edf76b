import type { Server, ServerOptions } from 'node:http';
import { createServer } from 'node:https';
import type { Exposed } from './exposed.ts';

/** A server for that address; one that listens in clear on loopback takes the same options. */
export function createTlsServer(options: ServerOptions, { cert, key }: Exposed): Server {
  const server = createServer({
    ...options,
    cert,
    key,
    minVersion: 'TLSv1.2',
    handshakeTimeout: 10_000,
    // HTTP/2 is not spoken.
    ALPNProtocols: ['http/1.1'],
  });
  // Node would hand it on as a request that does not parse, and have it answered in clear.
  server.removeAllListeners('tlsClientError');
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

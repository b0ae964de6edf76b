import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ControlRefusal, rawRefusal } from './control-errors.ts';
import { refused } from './exchange.ts';

/** A request is small and its sender on this machine: 10 s is a stuck sender. */
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 5_000;
const CONNECTION_LIMIT = 64;
const HEADER_BYTES = 16 * 1024;
const TIMEOUT_CHECK_MS = 2_000;

/** A server that a slow, broken or hostile sender cannot hold or crash; it answers malformed HTTP in our shape. */
export function createSteadyServer(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  failed: (request: IncomingMessage, response: ServerResponse, error: unknown) => void,
): Server {
  const server = createServer(
    {
      headersTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      maxHeaderSize: HEADER_BYTES,
      // A missing Host is refused by `checkHost`, in our own shape.
      requireHostHeader: false,
    },
    (request, response) => {
      response.on('error', () => undefined);
      answer(request, response).catch((error: unknown) => failed(request, response, error));
    },
  );
  server.maxConnections = CONNECTION_LIMIT;
  server.on('clientError', refuseConnection);
  // Without a listener Node hangs up on CONNECT without a word.
  server.on('connect', (_request, socket) => {
    refuseSocket(socket as Socket, refused('target.method'));
  });
  return server;
}

function refuseSocket(socket: Socket, refusal: ControlRefusal): void {
  socket.on('error', () => undefined);
  if (socket.writable) socket.end(rawRefusal(refusal));
  else socket.destroy();
}

function refusalFor(code: string | undefined): ControlRefusal {
  if (code === 'HPE_HEADER_OVERFLOW') return refused('request.headers');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return refused('request.timeout');
  return refused('request.framing');
}

function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET') socket.destroy();
  else refuseSocket(socket, refusalFor(error.code));
}

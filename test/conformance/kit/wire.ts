import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Bytes to a local port; resolves with all that came back when the other side closes, or nothing came for a while. */
export function sendRaw(port: number, bytes: string, quietMs = 1_500): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(quietMs, end);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', end);
    socket.on('close', end);
    socket.write(bytes, 'latin1');
  });
}

/** One request by its lines; the connection is closed after it. */
export function request(port: number, lines: string[], body = ''): Promise<string> {
  return sendRaw(port, `${[...lines, 'Connection: close', '', ''].join('\r\n')}${body}`, 8_000);
}

export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}

export function codeOf(answer: string): string | null {
  return /^x-tokenleash-error: (\S+)\r$/im.exec(answer)?.[1] ?? null;
}

export type Seen = {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: string;
};

export type Upstream = {
  port: number;
  url: string;
  /** Requests whose end was read, in order. */
  seen: Seen[];
  /** Connections made so far. */
  connections(): number;
  /** Connections that are open. */
  open(): number;
};

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const GOOD: Answer = (_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end('{"ok":true}');
};

/** An HTTP server that writes down what arrives. Ends with the test. */
export async function startUpstream(answer: Answer = GOOD): Promise<Upstream> {
  const seen: Seen[] = [];
  const server = createHttpServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => {
      body += chunk.toString('latin1');
    });
    incoming.on('error', () => undefined);
    incoming.on('end', () => {
      const { method = '', url = '', headers, rawHeaders } = incoming;
      seen.push({ method, url, headers, rawHeaders, body });
      answer(incoming, response, body);
    });
  });
  return await started(server, seen);
}

/** A TCP server whose every byte is the test's. Ends with the test. */
export async function startRawUpstream(serve: (socket: Socket) => void): Promise<Upstream> {
  return await started(
    createServer((socket) => {
      socket.on('error', () => undefined);
      serve(socket);
      // Unread, it would not notice that the other side ended.
      socket.resume();
    }),
    [],
  );
}

async function started(server: Server, seen: Seen[]): Promise<Upstream> {
  const open = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const url = `http://127.0.0.1:${port}`;
  return { port, url, seen, connections: () => connections, open: () => open.size };
}

/** Waits until something holds; fails after a generous time with what did not. */
export async function until(what: string, holds: () => boolean, limitMs = 8_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`It did not come about that ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

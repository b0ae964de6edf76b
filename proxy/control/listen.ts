import { chmodSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect, type ListenOptions } from 'node:net';

/** How often a free port is picked anew when the one that 127.0.0.1 gave is taken on ::1. */
const PICKS = 20;

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function listening(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Ends a server that has answered nobody yet, or whose connections are gone. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/**
 * Listens on 127.0.0.1 and, where there is one, on ::1 at the same port, so that nobody else can sit on
 * `localhost:PORT`. Rejects with Node's `EADDRINUSE` or `EACCES`; nothing is left open then.
 */
export async function listenOnLoopback(
  makeServer: () => Server,
  port: number,
): Promise<{ servers: Server[]; port: number }> {
  for (let pick = 1; ; pick += 1) {
    const four = makeServer();
    await listening(four, { host: '127.0.0.1', port });
    const bound = portOf(four);
    const six = makeServer();
    try {
      await listening(six, { host: '::1', port: bound, ipv6Only: true });
      return { servers: [four, six], port: bound };
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
        return { servers: [four], port: bound };
      }
      await closed(four);
      if (port !== 0 || code !== 'EADDRINUSE' || pick === PICKS) throw error;
    }
  }
}

/** Whether somebody answers on a socket; a file left behind by a crash answers nobody. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * Listens on a unix socket of mode 0600. Its folder is the caller's (0700): between the socket's birth and its mode
 * only the folder keeps others out. A socket that nobody answers on is replaced.
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  try {
    await listening(server, { path });
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE' || (await answers(path))) throw error;
    unlinkSync(path);
    await listening(server, { path });
  }
  chmodSync(path, 0o600);
}

import { chmodSync, lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { codeOf } from '../problem.ts';
import { compileAddressPattern } from '../runtime/address-pattern.ts';

/** With port 0 the system picks one on 127.0.0.1 that may be taken on ::1. */
const TRIES = 10;

/** No IPv6 here; then nobody else can have that address either. */
const NO_IPV6 = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT']);

function bind(server: Server, where: { port: number; host: string } | { path: string }) {
  return new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

function unbind(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/**
 * Listens on 127.0.0.1 and ::1 at one port, so that no other program can sit on `localhost` there. Returns the port
 * and the servers that listen. Rejects with the system's error.
 */
export async function listenOnLoopback(
  port: number,
  create: () => Server,
): Promise<{ port: number; servers: Server[] }> {
  compileAddressPattern();
  for (let tries = 1; ; tries += 1) {
    const four = create();
    const bound = await bind(four, { port, host: '127.0.0.1' });
    const six = create();
    try {
      await bind(six, { port: bound, host: '::1' });
      return { port: bound, servers: [four, six] };
    } catch (error) {
      const code = codeOf(error);
      if (NO_IPV6.has(code)) return { port: bound, servers: [four] };
      await unbind(four);
      if (port !== 0 || code !== 'EADDRINUSE' || tries === TRIES) throw error;
    }
  }
}

/** Listens on one address; says which port it has. Rejects with the system's error. */
export async function listenOnAddress(
  { host, port }: { host: string; port: number },
  create: () => Server,
): Promise<{ port: number; server: Server }> {
  const server = create();
  return { port: await bind(server, { host, port }), server };
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Removes a socket that a killed proxy left; throws EADDRINUSE for one in use, and for what is no socket. */
async function clearStale(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket() || (await isAnswered(path))) {
    throw Object.assign(new Error(`${path} is in use`), { code: 'EADDRINUSE', path });
  }
  rmSync(path);
}

/** Listens on a unix socket that only this user can open (0600, from its first moment on). */
export async function listenOnSocket(path: string, create: () => Server): Promise<Server> {
  await clearStale(path);
  const server = create();
  const before = process.umask(0o177);
  let bound: Promise<number>;
  try {
    // The file is made within this call.
    bound = bind(server, { path });
  } finally {
    process.umask(before);
  }
  await bound;
  chmodSync(path, 0o600);
  return server;
}

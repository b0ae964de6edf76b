import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { codeOf } from '../problem.ts';

/** With port 0 the system picks one on 127.0.0.1 that may be taken on ::1. */
const TRIES = 20;

/** No IPv6 here; then nobody else can have that address either. */
const NO_IPV6 = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT']);

/** As Node has it where nobody says. */
const BACKLOG = 511;

/** What Node's `listen` ends in, and what its type leaves out; for a path port and family are -1. */
type DirectServer = Server & {
  _listen2?(address: string, port: number, family: 4 | 6 | -1, backlog: number): void;
};

type Place = { host: string; port: number } | { path: string };

const FAMILIES: Record<string, 4 | 6> = { '127.0.0.1': 4, '::1': 6 };

/**
 * `server.listen`, without what Node loads for it: its cluster and child processes, which this is none of, and names,
 * which these addresses are not. That is 10 ms of CPU time at each start (Node 20). Another Node may have no such door.
 */
function begin(server: DirectServer, place: Place): void {
  const family = 'host' in place ? FAMILIES[place.host] : undefined;
  if (server._listen2 === undefined) server.listen(place);
  else if ('path' in place) server._listen2(place.path, -1, -1, BACKLOG);
  else if (family === undefined) server.listen(place);
  else server._listen2(place.host, place.port, family, BACKLOG);
}

/** The port that it has then; 0 on a socket. Rejects with the system's error. */
function bind(server: Server, place: Place): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
    begin(server, place);
  });
}

function unbind(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/**
 * Listens on 127.0.0.1 and ::1 at one port, so that no other program can sit on `localhost` there. Returns the port
 * and the servers that listen. Rejects with the system's error; nothing is left open then.
 */
export async function listenOnLoopback<Kind extends Server>(
  port: number,
  create: () => Kind,
): Promise<{ port: number; servers: Kind[] }> {
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
export async function listenOnAddress<Kind extends Server>(
  { host, port }: { host: string; port: number },
  create: () => Kind,
): Promise<{ port: number; server: Kind }> {
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

/**
 * Listens on a unix socket that only this user can open (0600, from its first moment on). Rejects with the system's
 * error.
 */
export async function listenOnSocket<Kind extends Server>(
  path: string,
  create: () => Kind,
): Promise<Kind> {
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

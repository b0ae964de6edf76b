import { connect, createServer, type Socket } from 'node:net';
import * as v from 'valibot';
import type { Client } from '../clients/client.ts';
import { Problem } from '../problem.ts';
import { listenOnSocket } from './listen.ts';
import { removeFile } from './private-file.ts';

/**
 * Phantom tokens that live as long as a connection: `tokenleash run` opens one, sends its client's line and keeps
 * it. However `run` ends, by SIGKILL too, the kernel closes the connection and the token is worth nothing.
 */

/** One line each way. Only the token's hash travels. */
const askSchema = v.object({
  name: v.pipe(v.string(), v.maxLength(63)),
  profile: v.nullable(v.pipe(v.string(), v.maxLength(63))),
  access: v.picklist(['read', 'ask', 'write']),
  tokenHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

export type LeaseRequest = v.InferOutput<typeof askSchema>;

const LINE_LIMIT = 4096;

export type LeasePort = {
  byTokenHash(hash: string): Client | undefined;
  count(): number;
  close(): Promise<void>;
};

/** Listens on a 0600 unix socket in the caller's 0700 folder. `ended` is told each client whose lease is over. */
export async function createLeasePort(options: {
  socket: string;
  now(): number;
  ended(client: Client): void;
}): Promise<LeasePort> {
  const clients = new Map<string, Client>();
  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    sockets.add(socket);
    let text = '';
    let client: Client | null = null;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      if (client !== null) return;
      text += chunk;
      if (text.length > LINE_LIMIT) socket.destroy();
      if (!text.includes('\n')) return;
      client = readClient(text, options.now());
      text = '';
      if (client === null || clients.has(client.tokenHash)) {
        client = null;
        socket.destroy();
        return;
      }
      clients.set(client.tokenHash, client);
      socket.write('leased\n');
    });
    // Half-open is as good as gone: a lease is worth a whole connection.
    socket.on('end', () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      if (client === null) return;
      clients.delete(client.tokenHash);
      options.ended(client);
    });
  };
  // Only the one proxy that holds the claim comes here, so a socket that is there already is a dead one's.
  removeFile(options.socket);
  const server = await listenOnSocket(options.socket, () => createServer(serve));
  return {
    byTokenHash: (hash) => clients.get(hash),
    count: () => clients.size,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => {
        server.close(() => done());
      });
    },
  };
}

function readClient(line: string, now: number): Client | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null;
  }
  const read = v.safeParse(askSchema, parsed);
  if (!read.success) return null;
  const createdAt = new Date(now).toISOString();
  return { ...read.output, mint: false, expiresAt: null, createdAt };
}

export type Lease = { end(): void };

/** Takes a lease; `lost` is told when the proxy ends it. Throws a Problem when no proxy gives one. */
export function takeLease(path: string, wanted: LeaseRequest, lost: () => void): Promise<Lease> {
  return new Promise((done, failed) => {
    const socket = connect(path);
    let leased = false;
    let ended = false;
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${JSON.stringify(wanted)}\n`));
    socket.on('data', () => {
      if (leased) return;
      leased = true;
      // The program keeps us alive, the lease does not.
      socket.unref();
      done({
        end() {
          ended = true;
          socket.destroy();
        },
      });
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (!leased)
        failed(new Problem('The running proxy gave no phantom token.', 'tokenleash status'));
      else if (!ended) lost();
    });
  });
}

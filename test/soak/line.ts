import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The network between the proxy and its server, which can be cut. */
export type Line = {
  port: number;
  /** Breaks off all that is on it, and lets nobody through for so many ms. */
  cut(ms: number): void;
  /** Whether it was cut at any moment from `since` (by `performance.now()`) until now. */
  wasCut(since: number): boolean;
  close(): void;
};

/** ms; a reset takes a moment to be seen by who waits for an answer. */
const AFTERMATH_MS = 2_000;

/** A line to a port of this machine. */
export async function lineTo(port: number): Promise<Line> {
  const sockets = new Set<Socket>();
  let cutUntil = Number.NEGATIVE_INFINITY;
  const server = createServer((near) => {
    if (performance.now() < cutUntil) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const breakOff = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut(ms) {
      cutUntil = performance.now() + ms;
      breakOff();
    },
    wasCut: (since) => since < cutUntil + AFTERMATH_MS,
    close() {
      breakOff();
      server.close();
    },
  };
}

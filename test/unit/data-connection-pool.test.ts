import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepConnections } from '../../proxy/data/connection-pool.ts';

let server: Server;
let opened = 0;
let hint: string | null = null;
const agents: Agent[] = [];

beforeEach(async () => {
  opened = 0;
  hint = null;
  server = createServer((_request, response) => {
    if (hint !== null) response.setHeader('keep-alive', hint);
    response.end('ok');
  });
  // Nothing but the pool decides when a connection ends.
  server.keepAliveTimeout = 0;
  server.on('connection', () => {
    opened += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

function pool(options: { idleMs: number; maxIdle: number }, maxSockets = 64): Agent {
  const agent = keepConnections(new Agent({ keepAlive: true, maxSockets }), options);
  agents.push(agent);
  return agent;
}

/** One request; whether its connection had carried one before. */
function ask(agent: Agent): Promise<boolean> {
  const { port } = server.address() as AddressInfo;
  return new Promise((done, failed) => {
    const sent = request({ port, host: '127.0.0.1', agent }, (answer) => {
      answer.resume();
      // The connection is free a moment after its answer has ended.
      sent.on('close', () => setImmediate(done, sent.reusedSocket));
    });
    sent.on('error', failed);
    sent.end();
  });
}

const connections = (): Promise<number> =>
  new Promise((done, failed) => {
    server.getConnections((error, count) => (error ? failed(error) : done(count)));
  });

async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((done) => setTimeout(done, 20));
}

const LONG = { idleMs: 600_000, maxIdle: 64 };

it('sends one request after the other over the same connection', async () => {
  const agent = pool(LONG);
  expect(await ask(agent)).toBe(false);
  expect(await ask(agent)).toBe(true);
  expect(await ask(agent)).toBe(true);
  expect(opened).toBe(1);
});

it('keeps what a burst has opened, up to its limit', async () => {
  const agent = pool({ idleMs: 600_000, maxIdle: 3 });
  await Promise.all(Array.from({ length: 8 }, () => ask(agent)));
  expect(opened).toBe(8);
  await until(async () => (await connections()) === 3);
  await Promise.all(Array.from({ length: 3 }, () => ask(agent)));
  expect(opened).toBe(8);
});

it('has requests wait for one another where no more connections may be opened', async () => {
  const agent = pool(LONG, 2);
  await Promise.all(Array.from({ length: 12 }, () => ask(agent)));
  expect(opened).toBe(2);
});

it('closes a connection that has been idle for too long', async () => {
  const agent = pool({ idleMs: 1, maxIdle: 64 });
  await ask(agent);
  await until(async () => (await connections()) === 0);
  expect(await ask(agent)).toBe(false);
});

it('keeps none that the server says it is about to close', async () => {
  hint = 'timeout=1';
  const agent = pool(LONG);
  await ask(agent);
  expect(await ask(agent)).toBe(false);
  expect(opened).toBe(2);
});

it('opens a new one where the server has closed the idle one', async () => {
  const agent = pool(LONG);
  await ask(agent);
  server.closeAllConnections();
  await until(async () => (await connections()) === 0);
  // The end has to reach our side too.
  await until(async () => Object.keys(agent.sockets).length === 0);
  expect(await ask(agent)).toBe(false);
});

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { holdWrites } from '../../proxy/data/gathered-writes.ts';

let server: Server;
const arrived: Socket[] = [];
const sockets: Socket[] = [];

beforeEach(async () => {
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    arrived.push(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const socket of [...sockets.splice(0), ...arrived.splice(0)]) socket.destroy();
  await new Promise((done) => server.close(done));
});

async function connected(): Promise<{ near: Socket; far: Socket }> {
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(near);
  await Promise.all([once(near, 'connect'), once(server, 'connection')]);
  const far = arrived.at(-1);
  if (far === undefined) throw new Error('nobody arrived');
  far.setEncoding('latin1');
  return { near, far };
}

const textOf = async (far: Socket) => (await once(far, 'data'))[0];

it('what is written to several sockets in a turn leaves when the turn is over', async () => {
  const [one, other] = [await connected(), await connected()];
  holdWrites(one.near);
  one.near.write('a');
  holdWrites(other.near);
  other.near.write('b');
  await new Promise((done) => process.nextTick(done));
  expect([one.near.writableLength, other.near.writableLength]).toEqual([1, 1]);
  const texts = Promise.all([textOf(one.far), textOf(other.far)]);
  await turn();
  expect([one.near.writableCorked, other.near.writableCorked]).toEqual([0, 0]);
  expect(await texts).toEqual(['a', 'b']);
});

it('what is written later waits for the end of its own turn', async () => {
  const { near, far } = await connected();
  for (const text of ['first', 'second']) {
    holdWrites(near);
    near.write(text);
    expect(near.writableLength).toBe(text.length);
    expect(await textOf(far)).toBe(text);
  }
});

it('one that is held twice keeps its order and is free again', async () => {
  const { near, far } = await connected();
  holdWrites(near);
  near.write('head,');
  holdWrites(near);
  near.write('body');
  expect(await textOf(far)).toBe('head,body');
  expect(near.writableCorked).toBe(0);
});

it('one that ends says all that it was given', async () => {
  const { near, far } = await connected();
  holdWrites(near);
  near.end('last words');
  expect(await textOf(far)).toBe('last words');
});

it('one that broke meanwhile holds up no other', async () => {
  const [broken, whole] = [await connected(), await connected()];
  holdWrites(broken.near);
  broken.near.write('lost');
  holdWrites(whole.near);
  whole.near.write('kept');
  broken.near.destroy();
  expect(await textOf(whole.far)).toBe('kept');
});

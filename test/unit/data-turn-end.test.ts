import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { atTurnEnd, holdWrites } from '../../proxy/data/turn-end.ts';

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

/** A turn with more than one thing in it: nothing of the next one is called at once. */
async function busyTurn(): Promise<void> {
  for (let count = 0; count < 2; count += 1) atTurnEnd(() => undefined);
  await turn();
}

const quietTurn = () => turn().then(() => turn());

it('what is alone in its turn, as the one before was, is done at once', async () => {
  for (let count = 0; count < 2; count += 1) {
    atTurnEnd(() => undefined);
    await quietTurn();
    let isDone = false;
    atTurnEnd(() => {
      isDone = true;
    });
    expect(isDone).toBe(true);
    await quietTurn();
  }
  const { near } = await connected();
  holdWrites(near);
  expect(near.writableCorked).toBe(0);
});

it('what comes behind another in its turn waits for the end, in order', async () => {
  await busyTurn();
  const done: string[] = [];
  for (const name of ['a', 'b', 'c']) atTurnEnd(() => done.push(name));
  await new Promise((resolve) => process.nextTick(resolve));
  expect(done).toEqual([]);
  await turn();
  expect(done).toEqual(['a', 'b', 'c']);
});

it('what is asked for at the end of a turn is done in the next one', async () => {
  await busyTurn();
  const done: string[] = [];
  atTurnEnd(() => {
    done.push('first');
    atTurnEnd(() => done.push('second'));
  });
  await turn();
  await turn();
  expect(done).toEqual(['first', 'second']);
});

it('what is written to several sockets in a turn leaves when the turn is over', async () => {
  const [one, other] = [await connected(), await connected()];
  await busyTurn();
  holdWrites(one.near);
  one.near.write('a');
  holdWrites(other.near);
  other.near.write('b');
  await new Promise((done) => process.nextTick(done));
  expect([one.near.writableLength, other.near.writableLength]).toEqual([1, 1]);
  expect(await Promise.all([textOf(one.far), textOf(other.far)])).toEqual(['a', 'b']);
  expect([one.near.writableCorked, other.near.writableCorked]).toEqual([0, 0]);
});

it('one that is held twice keeps its order and is free again', async () => {
  const { near, far } = await connected();
  await busyTurn();
  holdWrites(near);
  near.write('head,');
  holdWrites(near);
  near.write('body');
  expect(await textOf(far)).toBe('head,body');
  expect(near.writableCorked).toBe(0);
});

it('one that ends says all that it was given', async () => {
  const { near, far } = await connected();
  await busyTurn();
  holdWrites(near);
  near.end('last words');
  expect(await textOf(far)).toBe('last words');
});

it('one that broke meanwhile holds up no other', async () => {
  const [broken, whole] = [await connected(), await connected()];
  await busyTurn();
  holdWrites(broken.near);
  broken.near.write('lost');
  holdWrites(whole.near);
  whole.near.write('kept');
  broken.near.destroy();
  expect(await textOf(whole.far)).toBe('kept');
});

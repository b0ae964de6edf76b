import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Io } from '../../proxy/commands/command.ts';
import { handToProxy } from '../../proxy/commands/hand-to-proxy.ts';
import { wipeFiles } from '../../proxy/forget/wipe-files.ts';
import { callControl } from '../../proxy/runtime/control-client.ts';
import { controlSocket, type Paths, socketFolder } from '../../proxy/runtime/paths.ts';
import { makeSocketFolder } from '../../proxy/runtime/socket-folder.ts';

let base: string;
let paths: Paths;
/** What came to the socket of somebody who was there first. */
let heard: string;
let server: Server;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'sf-'));
  vi.stubEnv('TMPDIR', base);
  const home = join(base, 'x'.repeat(120));
  paths = {
    config: join(home, 'config'),
    state: join(home, 'state'),
    data: join(home, 'data'),
    runtime: join(home, 'runtime'),
  };
  heard = '';
  server = createServer((socket) => {
    socket.on('data', (chunk) => {
      heard += chunk;
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}');
    });
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  if (server.listening) await new Promise((done) => server.close(done));
  rmSync(base, { recursive: true, force: true });
});

async function listen(): Promise<void> {
  server.listen(controlSocket(paths));
  await once(server, 'listening');
}

const secret = {
  secret: 'user:0123456789',
  id: null,
  expiresAt: null,
  owner: null,
  origin: 'https://u.example',
};

test('a token is offered to no socket where no proxy of these folders runs', async () => {
  mkdirSync(socketFolder(paths).path, { mode: 0o700 });
  await listen();
  expect(await handToProxy('demo', secret, { paths } as Io)).toBe(false);
  expect(heard).toBe('');
});

test('a folder of sockets that others can enter is not used', async () => {
  const { path, fallback } = socketFolder(paths);
  expect(fallback).toBe(true);
  mkdirSync(path);
  chmodSync(path, 0o755);
  await listen();
  await expect(callControl(paths, 'GET', '/local/status')).rejects.toThrow('is not used');
  expect(heard).toBe('');
});

test('a folder of sockets that is a link is not used, not made ours and not emptied', async () => {
  const own = join(base, 'own');
  mkdirSync(own, { mode: 0o700 });
  const { path } = socketFolder(paths);
  symlinkSync(own, path);
  await listen();
  await expect(callControl(paths, 'GET', '/local/status')).rejects.toThrow('is not used');
  expect(() => makeSocketFolder(paths)).toThrow('is not used');
  writeFileSync(join(own, 'config.yaml'), 'mine');
  const { left } = await wipeFiles(paths, new Set());
  expect(left).toEqual([{ path, why: expect.stringContaining('is not used') }]);
  expect(existsSync(join(own, 'config.yaml'))).toBe(true);
  expect(heard).toBe('');
});

test('a folder of our own is used', async () => {
  makeSocketFolder(paths);
  await listen();
  expect(await callControl(paths, 'GET', '/local/status')).toEqual({});
});

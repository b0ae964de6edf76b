import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type PortWish, startPort } from './kit/port.ts';
import { codeOf, request, sendRaw, startUpstream, statusOf, until } from './kit/wire.ts';

const PROJECTS = '/api/admin/projects';
const FEATURES = '/api/admin/projects/default/features';

async function start(wish: PortWish) {
  const proxy = await startPort(wish);
  onTestFinished(() => proxy.dataPort.close());
  const head = (line: string, ...more: string[]) => [
    `${line} HTTP/1.1`,
    `Host: 127.0.0.1:${proxy.port}`,
    `Authorization: ${proxy.token}`,
    ...more,
  ];
  return { ...proxy, head };
}

const text = (lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`;

describe('a connection on which the end of a request is in doubt', () => {
  it.each([
    ['two lengths that agree', ['Content-Length: 2', 'Content-Length: 2']],
    ['a length that is no number', ['Content-Length: +2']],
    ['a DELETE in chunks', ['Transfer-Encoding: chunked']],
  ])('is closed after %s', async (_, lines) => {
    const upstream = await startUpstream();
    const proxy = await start({ upstream: upstream.url });
    const bytes = text(proxy.head(`DELETE ${FEATURES}/a`, ...lines));
    const answer = await sendRaw(proxy.port, `${bytes}0\r\n\r\n`);
    expect([statusOf(answer), codeOf(answer)]).toEqual([400, 'request.framing']);
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it('is closed after more header lines than are read', async () => {
    const upstream = await startUpstream();
    const proxy = await start({ upstream: upstream.url });
    const many = Array.from({ length: 101 }, (_, at) => `X-${at}: 1`);
    const answer = await sendRaw(proxy.port, text(proxy.head(`GET ${PROJECTS}`, ...many)));
    expect([statusOf(answer), codeOf(answer)]).toEqual([431, 'request.headers']);
    expect(answer.toLowerCase()).toContain('connection: close');
  });
});

it('a CONNECT behind a request that waits gets no answer in its place', async () => {
  const upstream = await startUpstream((_incoming, response) => {
    setTimeout(() => response.end('{"late":1}'), 300);
  });
  const proxy = await start({ upstream: upstream.url });
  const socket = connect(proxy.port, '127.0.0.1');
  let seen = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    seen += chunk;
  });
  socket.on('error', () => undefined);
  socket.write(
    text(proxy.head(`GET ${PROJECTS}`)) +
      text(['CONNECT a.example:443 HTTP/1.1', 'Host: a.example:443']),
  );
  await once(socket, 'close');
  expect(seen).not.toContain('405');
});

it('a caller that nominates the header by which its body is read is refused', async () => {
  const upstream = await startUpstream();
  const proxy = await start({ upstream: upstream.url });
  for (const name of ['Content-Type', 'content-encoding', 'content-length']) {
    const lines = [
      'Content-Type: application/json',
      'Content-Length: 2',
      `Connection: close, ${name}`,
    ];
    const answer = await request(proxy.port, proxy.head(`POST ${FEATURES}`, ...lines), '{}');
    expect([statusOf(answer), codeOf(answer)]).toEqual([400, 'request.framing']);
  }
  expect(upstream.seen).toEqual([]);
});

it('every Connection line of an answer is obeyed', async () => {
  const upstream = await startUpstream((_incoming, response) => {
    response.writeHead(
      200,
      [
        ['Connection', 'x-one'],
        ['Connection', 'x-two'],
        ['X-One', 'hop'],
        ['X-Two', 'hop'],
        ['X-Three', 'stays'],
      ].flat(),
    );
    response.end('{}');
  });
  const proxy = await start({ upstream: upstream.url });
  const answer = (await request(proxy.port, proxy.head(`GET ${PROJECTS}`))).toLowerCase();
  expect(answer).toContain('x-three: stays');
  expect(answer).not.toMatch(/x-(?:one|two):/);
});

describe('a redirect', () => {
  it.each([
    ['/flags/api/admin/x', '/api/admin/x'],
    ['{origin}/flags/api/admin/x?a=1', '/api/admin/x?a=1'],
    ['{origin}/flags', '/'],
    ['{origin}/flags?a=1', '/?a=1'],
    ['/login', '{origin}/login'],
    ['{origin}/login', '{origin}/login'],
    ['/flagsx/y', '{origin}/flagsx/y'],
    ['/flags//evil.example', '{origin}/flags//evil.example'],
    ['https://elsewhere.example/flags/x', 'https://elsewhere.example/flags/x'],
    ['//elsewhere.example/flags/x', '//elsewhere.example/flags/x'],
    ['next', 'next'],
  ])('to %s is passed on as %s', async (location, passed) => {
    const upstream = await startUpstream((_incoming, response) => {
      response.writeHead(302, { location: location.replace('{origin}', upstream.url) }).end();
    });
    const proxy = await start({ upstream: `${upstream.url}/flags` });
    const answer = await request(proxy.port, proxy.head(`GET ${PROJECTS}`));
    expect(/^location: (.*)$/im.exec(answer)?.[1]?.trim()).toBe(
      passed.replace('{origin}', upstream.url),
    );
  });
});

it('a caller that stops in the middle of its body is told so, and the server is not blamed', async () => {
  const upstream = await startUpstream((incoming) => void incoming.resume());
  const proxy = await start({ upstream: upstream.url, options: { timeouts: { idle: 300 } } });
  const socket = connect(proxy.port, '127.0.0.1');
  let seen = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    seen += chunk;
  });
  socket.on('error', () => undefined);
  const lines = ['Content-Type: application/json', 'Content-Length: 900000'];
  socket.write(text(proxy.head(`POST ${FEATURES}`, ...lines)) + 'x'.repeat(800_000));
  await until('it was answered', () => seen.includes('\r\n\r\n{'));
  expect([statusOf(seen), codeOf(seen)]).toEqual([400, 'request.framing']);
  await until('it was audited', () => proxy.audit.length === 1);
  expect(proxy.audit).toMatchObject([{ code: 'request.framing' }]);
  socket.destroy();
});

it('a server that does not read a body is the one that is late', async () => {
  const { createServer } = await import('node:net');
  const server = createServer((socket) => void socket.pause());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const port = (server.address() as { port: number }).port;
  const proxy = await start({
    upstream: `http://127.0.0.1:${port}`,
    options: { timeouts: { idle: 500 } },
  });
  const socket = connect(proxy.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let seen = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    seen += chunk;
  });
  socket.on('error', () => undefined);
  const size = 64 * 1024 * 1024;
  socket.write(text(proxy.head(`POST ${FEATURES}`, `Content-Length: ${size}`)));
  const block = Buffer.alloc(1024 * 1024, 'x');
  for (let sent = 0; sent < size && !seen; sent += block.length)
    if (!socket.write(block))
      await Promise.race([once(socket, 'drain'), until('it was answered', () => seen !== '')]);
  await until('it was answered', () => seen !== '');
  expect([statusOf(seen), codeOf(seen)]).toEqual([504, 'upstream.timeout']);
});

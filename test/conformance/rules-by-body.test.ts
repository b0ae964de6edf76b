import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type PortUnderTest, startPort } from './kit/port.ts';

const BULK = '/api/admin/projects/shop/bulk_features/environments/development/on';
const KIB = 1024;

let upstream: Server;
let proxy: PortUnderTest;
let received: { path: string; body: Buffer; headers: IncomingMessage['headers'] }[];

beforeAll(async () => {
  upstream = createServer(async (asked, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    received.push({ path: asked.url ?? '', body: Buffer.concat(chunks), headers: asked.headers });
    answer.end('{}');
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  const rules = [{ verdict: 'deny' as const, flag: ['billing-*'] }];
  proxy = await startPort({ upstream: `http://127.0.0.1:${port}`, profile: { rules } });
});
afterAll(async () => {
  await proxy.dataPort.close();
  upstream.close();
});
beforeEach(() => {
  received = [];
});

type Answer = { status: number; code: string | undefined };

function post(chunks: readonly Buffer[], headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((done, failed) => {
    const asked = request(
      `${proxy.url}${BULK}`,
      {
        method: 'POST',
        agent: false,
        headers: { authorization: proxy.token, 'content-type': 'application/json', ...headers },
      },
      (answer) => {
        answer.resume();
        const code = answer.headers['x-tokenleash-error'] as string | undefined;
        answer.on('end', () => done({ status: answer.statusCode ?? 0, code }));
      },
    );
    asked.on('error', failed);
    for (const chunk of chunks) asked.write(chunk);
    asked.end();
  });
}

/** A body of about this length that names this flag at its very end. */
function bodyOf(flag: string, length: number): Buffer {
  return Buffer.from(`{"note":"${'x'.repeat(length)}","features":["${flag}"]}`);
}

const split = (body: Buffer, size: number) =>
  Array.from({ length: Math.ceil(body.length / size) }, (_, at) =>
    body.subarray(at * size, (at + 1) * size),
  );

test.each<[string, number]>([
  ['in one piece', 64 * KIB],
  ['in many', 100],
])('a body that is judged goes on as it came, %s', async (_, size) => {
  const body = bodyOf('search', 40 * KIB);
  expect(await post(split(body, size))).toEqual({ status: 200, code: undefined });
  expect(received.map((each) => each.body.equals(body))).toEqual([true]);
  expect(received[0]?.headers['content-length']).toBe(String(body.length));
});

test('what a body names at its end is found', async () => {
  const answer = await post(split(bodyOf('billing-tax', 60 * KIB), 1000));
  expect(answer).toEqual({ status: 403, code: 'policy.rule' });
  expect(received).toEqual([]);
});

test.each<[string, Record<string, string>]>([
  ['chunked', {}],
  ['by its length', { 'content-length': String(bodyOf('search', 200 * KIB).length) }],
])('a body that is too long to be judged is refused, %s', async (_, headers) => {
  const answer = await post(split(bodyOf('search', 200 * KIB), 16 * KIB), headers);
  expect(answer).toEqual({ status: 403, code: 'policy.rule' });
  expect(received).toEqual([]);
});

test('a long body is not asked for where its length says enough', async () => {
  const socket = connect(proxy.port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.write(
    `POST ${BULK} HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\nAuthorization: ${proxy.token}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n`,
  );
  while (!text.includes('policy.rule')) await once(socket, 'data');
  expect(text).toMatch(/^HTTP\/1\.1 403 /);
  socket.destroy();
});

test('a body that is waited for is asked for once', async () => {
  const socket = connect(proxy.port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  const body = '{"features":["search"]}';
  socket.write(
    `POST ${BULK} HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\nAuthorization: ${proxy.token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
  );
  while (!text.includes('100 Continue')) await once(socket, 'data');
  socket.write(body);
  await once(socket, 'close');
  expect(text.match(/100 Continue/g)).toHaveLength(1);
  expect(text).toContain('HTTP/1.1 200 ');
  expect(received.map((each) => each.body.toString())).toEqual([body]);
});

test('a connection goes on behind a body that was refused', async () => {
  const socket = connect(proxy.port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  const head = `Host: 127.0.0.1:${proxy.port}\r\nAuthorization: ${proxy.token}\r\n`;
  const long = bodyOf('search', 100 * KIB).toString();
  socket.write(
    `POST ${BULK} HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${long.length.toString(16)}\r\n${long}\r\n0\r\n\r\n`,
  );
  while (!text.includes('policy.rule')) await once(socket, 'data');
  socket.write(`GET /api/admin/user HTTP/1.1\r\n${head}Connection: close\r\n\r\n`);
  await once(socket, 'close');
  // Nothing of the refused body was read as a request, and what came behind it was.
  expect(received.map(({ path }) => path)).toEqual(['/api/admin/user']);
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 403', 'HTTP/1.1 200']);
});

test('a caller that leaves in the middle of a judged body leaves nothing behind', async () => {
  const socket = connect(proxy.port, '127.0.0.1');
  const before = proxy.audit.length;
  socket.write(
    `POST ${BULK} HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\nAuthorization: ${proxy.token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n`,
  );
  // "100 Continue": it is being read.
  await once(socket, 'data');
  socket.write('{"features":');
  socket.destroy();
  while (proxy.audit.length === before) await new Promise((done) => setTimeout(done, 10));
  expect(received).toEqual([]);
  expect(await post([Buffer.from('{"features":["search"]}')])).toMatchObject({ status: 200 });
});

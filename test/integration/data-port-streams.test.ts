import { Agent, get, request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { selfSignedCertificate } from '../certificate.ts';
import { type PortWish, startPort } from '../conformance/kit/port.ts';
import { codeOf, request, startUpstream, statusOf, until } from '../conformance/kit/wire.ts';

const MIB = 1024 * 1024;
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

/** The most that buffers outside the heap grew to while something ran, in bytes. */
async function growth(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage().arrayBuffers;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers);
  }, 5);
  await work();
  clearInterval(timer);
  return most - before;
}

it('carries 128 MiB down, and holds the server back while the caller does not read', async () => {
  const block = Buffer.alloc(MIB, 'x');
  let sent = 0;
  let isHeldBack = false;
  const upstream = await startUpstream((_request, response) => {
    const more = () => {
      isHeldBack = false;
      while (sent < 128) {
        sent += 1;
        if (!response.write(block)) {
          isHeldBack = true;
          response.once('drain', more);
          return;
        }
      }
      response.end();
    };
    more();
  });
  const proxy = await start({ upstream: upstream.url });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { authorization: proxy.token };
    get(`${proxy.url}${PROJECTS}`, { headers }, resolve).on('error', reject);
  });
  // Nobody reads: what the sockets hold is all that may leave the server.
  let before = -1;
  while (!isHeldBack || sent !== before) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(sent).toBeLessThan(32);
  let size = 0;
  for await (const chunk of answer) size += (chunk as Buffer).length;
  expect(size).toBe(128 * MIB);
});

it.each(['by length', 'chunked'])('carries 128 MiB up, %s, without holding them', async (how) => {
  let received = 0;
  const { createServer } = await import('node:http');
  const server = createServer((incoming, response) => {
    incoming.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    incoming.on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const proxy = await start({ upstream: `http://127.0.0.1:${port}` });
  const block = Buffer.alloc(MIB, 'x');
  const length = how === 'chunked' ? {} : { 'content-length': String(128 * MIB) };
  const grown = await growth(
    () =>
      new Promise((resolve, reject) => {
        const headers = { authorization: proxy.token, ...length };
        const upload = httpRequest(
          `${proxy.url}${FEATURES}`,
          { method: 'POST', headers },
          (answer) => {
            expect(answer.statusCode).toBe(200);
            answer.resume().on('end', resolve);
          },
        );
        upload.on('error', reject);
        let left = 128;
        const more = () => {
          while (left > 0) {
            left -= 1;
            if (!upload.write(block)) {
              upload.once('drain', more);
              return;
            }
          }
          upload.end();
        };
        more();
      }),
  );
  expect(received).toBe(128 * MIB);
  // Sockets' buffers, and what is not collected yet; not the body.
  expect(grown).toBeLessThan(96 * MIB);
});

it('ends the upstream request when the caller leaves in the middle of its body', async () => {
  const upstream = await startUpstream();
  const proxy = await start({ upstream: upstream.url });
  const headers = { authorization: proxy.token, 'content-length': String(MIB) };
  const upload = httpRequest(`${proxy.url}${FEATURES}`, { method: 'POST', headers });
  upload.on('error', () => undefined);
  upload.write(Buffer.alloc(200_000, 'x'));
  await until('it arrived', () => upstream.open() === 1);
  upload.destroy();
  await until('the upstream connection ended', () => upstream.open() === 0);
  await until('it was audited', () => proxy.audit[0]?.code === 'request.framing');
  expect(upstream.seen).toEqual([]);
});

it('ends the upstream request when the rest of a body is no HTTP', async () => {
  const upstream = await startUpstream();
  const proxy = await start({ upstream: upstream.url });
  const chunk = `${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\nZZ\r\n`;
  const lines = proxy.head(`POST ${FEATURES}`, 'Transfer-Encoding: chunked');
  const answer = await request(proxy.port, lines, chunk);
  expect([statusOf(answer), codeOf(answer)]).toEqual([400, 'request.framing']);
  await until('the upstream connection ended', () => upstream.open() === 0);
  expect(upstream.seen).toEqual([]);
});

it('answers when the upstream does so before it has read the body', async () => {
  const { createServer } = await import('node:http');
  const server = createServer((_incoming, response) => {
    response.writeHead(413, { 'content-type': 'application/json' });
    response.end('{"name":"early"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const proxy = await start({ upstream: `http://127.0.0.1:${port}` });
  const answer = await fetch(`${proxy.url}${FEATURES}`, {
    method: 'POST',
    headers: { authorization: proxy.token },
    body: Buffer.alloc(20 * MIB),
  });
  expect(answer.status).toBe(413);
  expect(await answer.json()).toEqual({ name: 'early' });
});

it('passes server-sent events on as they come, however long they keep silent', async () => {
  let send: (text: string) => void = () => undefined;
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    send = (text) => response.write(text);
  });
  const proxy = await start({ upstream: upstream.url, options: { timeouts: { idle: 100 } } });
  const answer = await fetch(`${proxy.url}${PROJECTS}`, {
    headers: { authorization: proxy.token },
  });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
    // Longer than the idle time: events may be hours apart.
    await new Promise((resolve) => setTimeout(resolve, 250));
    send(event);
    expect((await reader?.read())?.value).toBe(event);
  }
  await reader?.cancel();
  await until('the upstream connection ended', () => upstream.open() === 0);
});

it('ends the open connections of a revoked client, and no others', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\n');
  });
  const proxy = await start({ upstream: upstream.url });
  const other = proxy.addClient('other');
  const read = async (token: string) => {
    const answer = await fetch(`${proxy.url}${PROJECTS}`, { headers: { authorization: token } });
    const reader = answer.body?.getReader();
    await reader?.read();
    return reader;
  };
  const [mine, theirs] = await Promise.all([read(proxy.token), read(other)]);
  proxy.dataPort.closeClient('test');
  await expect(mine?.read()).rejects.toThrow();
  await until('one upstream connection ended', () => upstream.open() === 1);
  expect(proxy.audit.map(({ client }) => client)).toEqual(['test']);
  await theirs?.cancel();
});

it('lets requests in flight finish while it drains, and refuses new ones', async () => {
  let finish: () => void = () => undefined;
  const upstream = await startUpstream((_request, response) => {
    finish = () => response.end('{"late":true}');
  });
  const proxy = await start({ upstream: upstream.url });
  const headers = { authorization: proxy.token };
  const pending = fetch(`${proxy.url}${PROJECTS}`, { headers });
  await until('it arrived', () => upstream.seen.length === 1);
  const drained = proxy.dataPort.drain(10_000);
  await expect(fetch(`${proxy.url}${PROJECTS}`, { headers })).rejects.toThrow();
  finish();
  expect(await (await pending).json()).toEqual({ late: true });
  await drained;
  await until('the upstream connections ended', () => upstream.open() === 0);
});

it('cuts off what has not finished when the time to drain is over', async () => {
  const upstream = await startUpstream(() => undefined);
  const proxy = await start({ upstream: upstream.url });
  const pending = fetch(`${proxy.url}${PROJECTS}`, { headers: { authorization: proxy.token } });
  pending.catch(() => undefined);
  await until('it arrived', () => upstream.seen.length === 1);
  await proxy.dataPort.drain(100);
  await expect(pending).rejects.toThrow();
  await until('the upstream connection ended', () => upstream.open() === 0);
});

it('answers a request on a kept connection with proxy.draining', async () => {
  let finish: () => void = () => undefined;
  const upstream = await startUpstream((_request, response) => {
    finish = () => response.end('{}');
  });
  const proxy = await start({ upstream: upstream.url });
  const lines = proxy.head(`GET ${PROJECTS}`, '', '').join('\r\n');
  const { connect } = await import('node:net');
  const socket = connect(proxy.port, '127.0.0.1');
  let answers = '';
  socket.on('data', (chunk: Buffer) => {
    answers += chunk.toString();
  });
  socket.write(lines);
  await until('it arrived', () => upstream.seen.length === 1);
  const drained = proxy.dataPort.drain(10_000);
  socket.write(lines);
  // Its refusal waits behind the first answer; nothing shows that it was read.
  await new Promise((resolve) => setTimeout(resolve, 200));
  finish();
  await drained;
  await until('both were answered', () => codeOf(answers) === 'proxy.draining');
  expect(answers).toMatch(/^HTTP\/1\.1 200 OK.*HTTP\/1\.1 503 /s);
});

it('ends what waits behind another answer when the caller leaves', async () => {
  const upstream = await startUpstream(() => undefined);
  const proxy = await start({ upstream: upstream.url });
  const { connect } = await import('node:net');
  const socket = connect(proxy.port, '127.0.0.1');
  const lines = proxy.head(`GET ${PROJECTS}`, '', '').join('\r\n');
  socket.write(lines.repeat(20));
  await until('all arrived', () => upstream.seen.length === 20);
  expect(proxy.dataPort.underWay()).toBe(20);
  socket.destroy();
  await until('none is under way', () => proxy.dataPort.underWay() === 0);
  await until('the upstream connections ended', () => upstream.open() === 0);
  expect(proxy.audit).toHaveLength(20);
});

it.each([' HTTP/0.9', ' HTTP/2.0', ''])(
  'refuses a request line that ends in "%s"',
  async (version) => {
    const upstream = await startUpstream();
    const proxy = await start({ upstream: upstream.url });
    const [, ...lines] = proxy.head('');
    const answer = await request(proxy.port, [`GET ${PROJECTS}${version}`, ...lines]);
    expect([statusOf(answer), codeOf(answer)]).toEqual([400, 'target.form']);
    expect(upstream.seen).toEqual([]);
  },
);

it('speaks TLS to a server whose CA the profile names, and to no other', async () => {
  const { cert, key } = selfSignedCertificate({ host: 'localhost' });
  const server = createTlsServer({ cert, key }, (incoming, response) => {
    response.end(JSON.stringify({ authorization: incoming.headers.authorization?.length }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const wish = { upstream: `https://localhost:${port}`, options: { readPem: () => cert } };
  const trusting = await start({ ...wish, profile: { ca: '/the/ca.pem' } });
  const good = await request(trusting.port, trusting.head(`GET ${PROJECTS}`));
  expect(statusOf(good)).toBe(200);
  const careful = await start(wish);
  const bad = await request(careful.port, careful.head(`GET ${PROJECTS}`));
  expect([statusOf(bad), codeOf(bad)]).toEqual([502, 'upstream.tls']);
  const other = await start({
    upstream: `https://127.0.0.1:${port}`,
    profile: { ca: '/no/such.pem' },
  });
  const missing = await request(other.port, other.head(`GET ${PROJECTS}`));
  expect([statusOf(missing), codeOf(missing)]).toEqual([502, 'upstream.tls']);
});

it('tells a server that is down from one that resets, and refuses what is too long', async () => {
  const down = await start({ upstream: 'http://127.0.0.1:1' });
  const answer = await request(down.port, down.head(`GET ${PROJECTS}`));
  expect([statusOf(answer), codeOf(answer)]).toEqual([502, 'upstream.unreachable']);
  expect(answer).not.toContain('x-should-retry');

  const upstream = await startUpstream();
  const small = await start({ upstream: upstream.url, options: { bodyLimit: 100_000 } });
  const declared = await request(
    small.port,
    small.head(`POST ${FEATURES}`, 'Content-Length: 100001', 'Expect: 100-continue'),
  );
  expect([statusOf(declared), codeOf(declared)]).toEqual([413, 'request.body']);
  const chunk = `${(60_000).toString(16)}\r\n${'x'.repeat(60_000)}\r\n`;
  const chunked = await request(
    small.port,
    small.head(`POST ${FEATURES}`, 'Transfer-Encoding: chunked'),
    `${chunk}${chunk}0\r\n\r\n`,
  );
  expect([statusOf(chunked), codeOf(chunked)]).toEqual([413, 'request.body']);
  expect(upstream.seen).toEqual([]);
});

it('keeps nothing of a refused request on a connection that goes on', async () => {
  const warnings: string[] = [];
  const hear = ({ name, message }: Error) => warnings.push(`${name}: ${message}`);
  process.on('warning', hear);
  onTestFinished(() => void process.off('warning', hear));
  const upstream = await startUpstream();
  const proxy = await start({ upstream: upstream.url, access: 'read' });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const refused = () =>
    new Promise<unknown>((resolve, reject) => {
      const headers = { authorization: proxy.token, 'content-type': 'application/json' };
      httpRequest(`${proxy.url}${FEATURES}`, { agent, method: 'POST', headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.headers['x-tokenleash-error']));
      })
        .on('error', reject)
        .end('{"name":"a"}');
    });
  // Node warns of an eleventh listener of one kind on one connection.
  for (let count = 0; count < 20; count += 1) expect(await refused()).toBe('policy.read_only');
  expect(warnings).toEqual([]);
});

it('answers a refused upload of 5 MiB although nobody reads it', async () => {
  const upstream = await startUpstream();
  const proxy = await start({ upstream: upstream.url, access: 'read' });
  const answer = await fetch(`${proxy.url}${FEATURES}`, {
    method: 'POST',
    headers: { authorization: proxy.token },
    body: Buffer.alloc(5 * MIB),
  });
  expect(answer.status).toBe(403);
  expect(answer.headers.get('x-should-retry')).toBe('false');
  expect(await answer.json()).toMatchObject({ name: 'ForbiddenError' });
});

it('takes 127.0.0.1 and ::1 at the same port, and says so when one is taken', async () => {
  const upstream = await startUpstream();
  const proxy = await start({ upstream: upstream.url });
  for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
    const answer = await fetch(`http://${host}:${proxy.port}/health`).catch((error) => error);
    if (host === '[::1]' && answer instanceof Error) continue; // A machine without IPv6.
    expect(answer.status).toBe(200);
  }
  const { createDataPort } = await import('../../proxy/data/data-port.ts');
  const second = createDataPort(proxy.context);
  await expect(second.listen({ port: proxy.port, socketPath: null })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type PortWish, startPort } from '../conformance/kit/port.ts';
import {
  codeOf,
  request,
  sendRaw,
  startRawUpstream,
  startUpstream,
  statusOf,
  until,
} from '../conformance/kit/wire.ts';

const PROJECTS = '/api/admin/projects';

async function start(wish: PortWish) {
  const proxy = await startPort(wish);
  onTestFinished(() => proxy.dataPort.close());
  const head = (line: string, ...more: string[]) => [
    line,
    `Host: 127.0.0.1:${proxy.port}`,
    `Authorization: ${proxy.token}`,
    ...more,
  ];
  const ask = (...more: string[]) => request(proxy.port, head(`GET ${PROJECTS} HTTP/1.1`, ...more));
  return { ...proxy, head, ask };
}

/** A server that answers each request with these bytes, and then ends or keeps the connection. */
async function answering(bytes: string, then: 'end' | 'keep' = 'keep') {
  return await startRawUpstream((socket) =>
    socket.on('data', () => (then === 'end' ? socket.end(bytes) : socket.write(bytes))),
  );
}

const bodyOf = (answer: string) => answer.slice(answer.indexOf('\r\n\r\n') + 4);

describe('an answer', () => {
  it('of HTTP/1.0 that ends with its connection comes whole', async () => {
    const upstream = await answering('HTTP/1.0 200 OK\r\nX-A: 1\r\n\r\n{"old":true}', 'end');
    const proxy = await start({ upstream: upstream.url });
    for (const _ of [1, 2]) {
      const answer = await proxy.ask();
      expect([statusOf(answer), codeOf(answer)]).toEqual([200, null]);
      expect(answer).toContain('{"old":true}');
    }
    // Such a connection is not used again.
    expect(upstream.connections()).toBe(2);
  });

  it.each([1, 256, 8 * 1024, 8 * 1024 + 1, 40_000])(
    'of %i bytes comes byte for byte, whatever bytes they are',
    async (size) => {
      const bytes = Buffer.from(Array.from({ length: size }, (_, at) => at % 256));
      const head = `HTTP/1.1 200 OK\r\nX-A: \xe4\r\nContent-Length: ${size}\r\n\r\n`;
      const upstream = await startRawUpstream((socket) =>
        socket.on('data', () => socket.write(Buffer.concat([Buffer.from(head, 'latin1'), bytes]))),
      );
      const proxy = await start({ upstream: upstream.url });
      const answer = await proxy.ask();
      expect(answer).toContain('X-A: \xe4\r\n');
      expect(Buffer.from(bodyOf(answer), 'latin1').equals(bytes)).toBe(true);
    },
  );

  it('whose length is for its own connection alone is framed anew', async () => {
    const upstream = await answering(
      'HTTP/1.1 200 OK\r\nConnection: content-length\r\nContent-Length: 2\r\n\r\n{}',
    );
    const proxy = await start({ upstream: upstream.url });
    const answer = await proxy.ask();
    expect(answer).toMatch(/\r\ntransfer-encoding: chunked\r\n/i);
    expect(bodyOf(answer)).toBe('2\r\n{}\r\n0\r\n\r\n');
  });

  it('goes to a caller of HTTP/1.0 by length or by the end of the connection', async () => {
    const upstream = await startUpstream((_, response) => {
      response.write('{"a":');
      response.end('1}');
    });
    const proxy = await start({ upstream: upstream.url });
    const answer = await sendRaw(
      proxy.port,
      [...proxy.head(`GET ${PROJECTS} HTTP/1.0`), '', ''].join('\r\n'),
      8_000,
    );
    expect(statusOf(answer)).toBe(200);
    expect(answer.toLowerCase()).not.toContain('transfer-encoding');
    expect(bodyOf(answer)).toBe('{"a":1}');
  });

  it('in chunks is passed on in chunks, its trailers left out', async () => {
    const upstream = await answering(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3;x=y\r\n{"a\r\n4\r\n":1}\r\n0\r\nX-T: 1\r\n\r\n',
    );
    const proxy = await start({ upstream: upstream.url });
    const answer = await fetch(proxy.url + PROJECTS, { headers: { authorization: proxy.token } });
    expect(await answer.json()).toEqual({ a: 1 });
    expect(answer.headers.get('trailer')).toBeNull();
  });

  it('after 100 and 103 is the one that counts; those two stay here', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n';
    const upstream = await answering(
      `HTTP/1.1 100 Continue\r\n\r\n${hint}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}`,
    );
    const proxy = await start({ upstream: upstream.url });
    const answer = await proxy.ask();
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).not.toContain('preload');
    expect(bodyOf(answer)).toBe('{}');
  });

  it('of 101 to a request that asked for no other protocol is an error', async () => {
    const upstream = await answering(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    );
    const proxy = await start({ upstream: upstream.url });
    const answer = await proxy.ask();
    expect([statusOf(answer), codeOf(answer)]).toEqual([502, 'upstream.reset']);
    await until('the connection was closed', () => upstream.open() === 0);
  });

  it.each([
    'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\nETag: W/"2-x"\r\nContent-Length: 500\r\n\r\n',
  ])('without a body leaves its connection ready for the next: %j', async (bytes) => {
    const upstream = await answering(bytes);
    const proxy = await start({ upstream: upstream.url });
    const status = Number(bytes.slice(9, 12));
    for (const _ of [1, 2]) {
      const answer = await proxy.ask();
      expect(statusOf(answer)).toBe(status);
      expect(bodyOf(answer)).toBe('');
    }
    expect(upstream.connections()).toBe(1);
  });

  it('of 304 answers the caller’s own ETag', async () => {
    const upstream = await startUpstream((incoming, response) => {
      response.setHeader('etag', 'W/"2-abc"');
      const isKnown = incoming.headers['if-none-match'] === 'W/"2-abc"';
      response.writeHead(isKnown ? 304 : 200).end(isKnown ? undefined : '{}');
    });
    const proxy = await start({ upstream: upstream.url });
    const first = await proxy.ask();
    const etag = /^etag: (.*)\r$/im.exec(first)?.[1];
    expect([statusOf(first), etag]).toEqual([200, 'W/"2-abc"']);
    const second = await proxy.ask(`If-None-Match: ${etag}`);
    expect(statusOf(second)).toBe(304);
    expect(second).toMatch(/^etag: W\/"2-abc"\r$/im);
  });

  it('that is no HTTP is called so', async () => {
    const upstream = await answering('\x15\x03\x01\x00\x02\x02\x46', 'end');
    const proxy = await start({ upstream: upstream.url });
    const answer = await proxy.ask();
    expect([statusOf(answer), codeOf(answer)]).toEqual([502, 'upstream.reset']);
    expect(answer).toContain('what it sent is no HTTP. Check the port, and whether it is https');
  });

  it('that breaks off in the middle breaks off here too', async () => {
    const upstream = await startRawUpstream((socket) =>
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a":');
        setTimeout(() => socket.destroy(), 50);
      }),
    );
    const proxy = await start({ upstream: upstream.url });
    const headers = { authorization: proxy.token };
    const answer = await fetch(proxy.url + PROJECTS, { headers });
    await expect(answer.text()).rejects.toThrow();
    await until('it was audited', () => proxy.audit[0]?.code === 'upstream.reset');
  });
});

describe('compression: pass', () => {
  const text = JSON.stringify({ projects: 'x'.repeat(5_000) });
  const CODINGS = {
    gzip: gzipSync(text),
    br: brotliCompressSync(text),
    deflate: deflateSync(text),
  };

  /** Answers in the coding named by the query, whatever was asked for. */
  const coded = () =>
    startUpstream((incoming, response) => {
      const coding = new URL(incoming.url ?? '', 'http://x').searchParams.get('as') ?? '';
      response.setHeader('content-encoding', coding);
      response.end(CODINGS[coding.split(', ').at(-1) as keyof typeof CODINGS]);
    });

  it.each(['gzip', 'br'] as const)('lets %s through untouched', async (coding) => {
    const upstream = await coded();
    const proxy = await start({ upstream: upstream.url, profile: { compression: 'pass' } });
    const answer = await request(
      proxy.port,
      proxy.head(`GET ${PROJECTS}?as=${coding} HTTP/1.1`, 'Accept-Encoding: zstd, gzip, br;q=0.5'),
    );
    expect(statusOf(answer)).toBe(200);
    expect(answer).toMatch(new RegExp(`^content-encoding: ${coding}\\r$`, 'im'));
    const chunked = bodyOf(answer);
    expect(chunked).toContain(CODINGS[coding].toString('latin1'));
    expect(upstream.seen[0]?.headers['accept-encoding']).toBe('gzip, br;q=0.5');
  });

  it.each(['deflate', 'gzip, br', 'x-what'])('lets no %s through', async (coding) => {
    const upstream = await coded();
    const proxy = await start({ upstream: upstream.url, profile: { compression: 'pass' } });
    const path = `${PROJECTS}?as=${encodeURIComponent(coding)}`;
    const answer = await request(proxy.port, proxy.head(`GET ${path} HTTP/1.1`));
    expect([statusOf(answer), codeOf(answer)]).toEqual([502, 'upstream.encoding']);
    // What the caller did not ask for is not asked for in its name.
    expect(upstream.seen[0]?.headers['accept-encoding']).toBe('identity');
  });

  it('still masks what comes uncompressed; without it nothing compressed passes', async () => {
    const pat = `user:${'ab12'.repeat(14)}`;
    const echo = await startUpstream((incoming, response) =>
      response.end(incoming.headers.authorization),
    );
    const passing = await start({ upstream: echo.url, pat, profile: { compression: 'pass' } });
    expect(await passing.ask('Accept-Encoding: gzip')).not.toContain(pat.slice(5));
    const upstream = await coded();
    const careful = await start({ upstream: upstream.url });
    const lines = careful.head(`GET ${PROJECTS}?as=gzip HTTP/1.1`, 'Accept-Encoding: gzip');
    expect(codeOf(await request(careful.port, lines))).toBe('upstream.encoding');
    expect(upstream.seen[0]?.headers['accept-encoding']).toBe('identity');
  });
});

describe('a login in front of Unleash', () => {
  const hintOf = (answer: string) => /^x-tokenleash-hint: (.*)\r$/im.exec(answer)?.[1] ?? null;

  it.each([
    [200, { 'content-type': 'text/html; charset=utf-8' }, 'a web page'],
    [401, { 'content-type': 'text/html' }, 'a web page'],
    [403, { 'content-type': 'application/xhtml+xml' }, 'a web page'],
    [
      302,
      { location: 'https://login.example.com/start?state=s3cret' },
      'leads on to https://login.example.com/start, most likely to log in',
    ],
  ])('that answers %i %j is called one, and is no word about the token', async (...page) => {
    const [status, headers, said] = page;
    const upstream = await startUpstream((_, response) => {
      response.writeHead(status, headers as Record<string, string>).end('<h1>Log in</h1>');
    });
    const pages: string[] = [];
    const upstreamPage = ({ name }: { name: string }) => void pages.push(name);
    const proxy = await start({ upstream: upstream.url, context: { upstreamPage } });
    const answer = await proxy.ask();
    expect(statusOf(answer)).toBe(status);
    expect(codeOf(answer)).toBeNull();
    expect(hintOf(answer)).toContain(said);
    expect(hintOf(answer)).not.toContain('s3cret');
    await until('it was told', () => pages.length === 1);
    expect(proxy.unauthorized).toEqual([]);
    expect(proxy.audit[0]).toMatchObject({ code: null, status });
  });

  it('that repeats the token in its address does not get it into the hint', async () => {
    const upstream = await startUpstream((incoming, response) => {
      const location = `https://login.example.com/${incoming.headers.authorization}/start`;
      response.writeHead(302, { location }).end();
    });
    const proxy = await start({ upstream: upstream.url });
    const answer = await proxy.ask();
    expect(hintOf(answer)).toContain('leads on to https://login.example.com/user:***');
    expect(answer).not.toContain(proxy.pat.slice(5));
  });

  it.each([
    [401, 'application/json', 'upstream.unauthorized'],
    [401, 'text/plain', 'upstream.unauthorized'],
    [404, 'text/html', null],
    [413, 'text/html', null],
    [200, 'application/json', null],
    [500, 'text/html', null],
  ])('is not seen in Unleash’s own %i of %s', async (status, type, code) => {
    const upstream = await startUpstream((_, response) => {
      response.writeHead(status, { 'content-type': type }).end('{}');
    });
    const proxy = await start({ upstream: upstream.url });
    const answer = await proxy.ask();
    expect([statusOf(answer), codeOf(answer)]).toEqual([status, code]);
    expect(hintOf(answer) ?? '').not.toContain('no answer of Unleash');
  });
});

describe('an address', () => {
  const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
    list?.some(({ address }) => address === '::1'),
  );

  it.runIf(hasIpv6)('of IPv6 is reached, with its brackets in Host', async () => {
    const hosts: (string | undefined)[] = [];
    const server = createServer((incoming, response) => {
      hosts.push(incoming.headers.host);
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const proxy = await start({ upstream: `http://[::1]:${port}/flags` });
    expect(statusOf(await proxy.ask())).toBe(200);
    expect(hosts).toEqual([`[::1]:${port}`]);
  });

  it('that is dead does not keep a name from its other addresses', async () => {
    const upstream = await startUpstream();
    const dead = await startDead(upstream.port);
    const timeouts = { connect: 60_000 };
    // The system's resolver would give the same for a name with two addresses.
    const addresses = [
      { address: dead, family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const proxy = await start({
      upstream: `http://unleash.test:${upstream.port}`,
      options: { timeouts, lookup: (_name, _options, done) => done(null, addresses) },
    });
    expect(statusOf(await proxy.ask())).toBe(200);
    const none = await start({
      upstream: `http://unleash.test:${upstream.port}`,
      options: {
        timeouts: { connect: 400 },
        lookup: (_name, _options, done) => done(null, addresses.slice(0, 1)),
      },
    });
    const answer = await none.ask();
    expect([statusOf(answer), codeOf(answer)]).toEqual([504, 'upstream.timeout']);
  });

  it('whose name is not known says so', async () => {
    const proxy = await start({ upstream: 'http://unleash.invalid' });
    const answer = await proxy.ask();
    expect([statusOf(answer), codeOf(answer)]).toEqual([502, 'upstream.unreachable']);
    expect(answer).toMatch(/there is no such host name|could not be looked up/);
  });
});

/** An address of this machine where connections are neither taken nor refused: its queue is full, nobody looks. */
async function startDead(port: number): Promise<string> {
  const address = '127.0.0.2';
  const program = `require('node:net').createServer().listen({ host: '${address}', port: ${port}, backlog: 1 },
    () => { console.log('up'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); });`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  for (;;) {
    const socket = connect(port, address).on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    const waited = new Promise((resolve) => setTimeout(resolve, 500, 'waited'));
    if ((await Promise.race([once(socket, 'connect'), waited])) === 'waited') return address;
  }
}

describe('a request without a body', () => {
  it.each([
    ['GET', undefined],
    ['HEAD', undefined],
    ['POST', '0'],
    ['PUT', '0'],
    ['PATCH', '0'],
    ['DELETE', '0'],
    ['OPTIONS', '0'],
  ])('that is a %s says so to the server in one way only', async (method, length) => {
    const upstream = await startUpstream();
    const proxy = await start({ upstream: upstream.url, access: 'write', mint: true });
    const line = `${method} /api/admin/projects/default/features HTTP/1.1`;
    const answer = await request(proxy.port, proxy.head(line));
    expect(statusOf(answer)).toBe(200);
    const [seen] = upstream.seen;
    expect([seen?.method, seen?.body]).toEqual([method, '']);
    expect(seen?.headers['content-length']).toBe(length);
    expect(seen?.headers['transfer-encoding']).toBeUndefined();
    expect(seen?.rawHeaders.filter((name) => /^content-length$/i.test(name))).toHaveLength(
      length === undefined ? 0 : 1,
    );
    expect(seen?.rawHeaders.filter((name) => /^host$/i.test(name))).toHaveLength(1);
  });
});

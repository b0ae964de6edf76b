import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serverFetch } from '../../proxy/profiles/server-fetch.ts';
import { selfSignedCertificate } from '../certificate.ts';
import { startCorporateProxy } from '../conformance/kit/corporate-proxy.ts';
import { type PortWish, startPort } from '../conformance/kit/port.ts';
import { codeOf, request, startUpstream, statusOf, until } from '../conformance/kit/wire.ts';

const PROJECTS = '/api/admin/projects';
/** No name that any resolver knows: it is reached through the proxy or not at all. */
const NAME = 'unleash.test';
const BASIC = `Basic ${Buffer.from('jane:p@ss word').toString('base64')}`;

async function start(wish: PortWish) {
  const proxy = await startPort(wish);
  onTestFinished(() => proxy.dataPort.close());
  const ask = (path = PROJECTS) =>
    request(proxy.port, [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${proxy.port}`,
      `Authorization: ${proxy.token}`,
    ]);
  return { ...proxy, ask };
}

/** An https server for `NAME`, and how a profile trusts it. It hangs up on requests beyond `perConnection`. */
async function startSecure({ perConnection = Number.POSITIVE_INFINITY } = {}) {
  const { cert, key } = selfSignedCertificate({ host: NAME });
  const seen: (string | undefined)[] = [];
  const counts = new WeakMap<object, number>();
  const server = createTlsServer({ cert, key }, (incoming, response) => {
    const count = (counts.get(incoming.socket) ?? 0) + 1;
    counts.set(incoming.socket, count);
    if (count > perConnection) {
      incoming.socket.destroy();
      return;
    }
    seen.push(incoming.headers.authorization);
    response.end('{"secure":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    cert,
    wish: { upstream: `https://${NAME}:${port}`, profile: { ca: '/the/ca.pem' } },
    readPem: () => cert,
    port,
  };
}

describe('a corporate proxy', () => {
  it.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'])(
    'named by %s is tunnelled through, and sees no token',
    async (variable) => {
      const secure = await startSecure();
      const corporate = await startCorporateProxy();
      const env = { [variable]: `http://${corporate.host}` };
      const proxy = await start({ ...secure.wish, options: { readPem: secure.readPem, env } });
      expect(statusOf(await proxy.ask())).toBe(200);
      expect(statusOf(await proxy.ask())).toBe(200);
      // One tunnel, used twice.
      expect(corporate.asked).toEqual([`CONNECT ${NAME}:${secure.port}`]);
      expect(corporate.credentials).toEqual([null]);
      expect(secure.seen).toEqual([proxy.pat, proxy.pat]);
    },
  );

  it('reached by https itself has to show a certificate that this machine trusts', async () => {
    const secure = await startSecure();
    const tls = selfSignedCertificate();
    const corporate = await startCorporateProxy({ tls });
    const env = { HTTPS_PROXY: `https://${corporate.host}` };
    const proxy = await start({ ...secure.wish, options: { readPem: secure.readPem, env } });
    // Nobody does, and the profile's CA is not asked about it.
    const answer = await proxy.ask();
    expect([statusOf(answer), codeOf(answer)]).toEqual([502, 'upstream.unreachable']);
    expect(answer).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(secure.seen).toEqual([]);
  });

  it('passes plain http on, and gets its own credentials alone', async () => {
    const upstream = await startUpstream();
    const corporate = await startCorporateProxy({ wants: BASIC, to: upstream.port });
    const env = { http_proxy: `http://jane:p%40ss%20word@${corporate.host}` };
    const wish = { upstream: `http://${NAME}/flags`, profile: { allowHttp: true } };
    const proxy = await start({ ...wish, options: { env } });
    expect(statusOf(await proxy.ask(`${PROJECTS}?a=1`))).toBe(200);
    expect(corporate.asked).toEqual([`GET http://${NAME}/flags${PROJECTS}?a=1`]);
    expect(upstream.seen[0]).toMatchObject({
      url: `/flags${PROJECTS}?a=1`,
      headers: { host: NAME, authorization: proxy.pat },
    });
    expect(upstream.seen[0]?.headers['proxy-authorization']).toBeUndefined();
  });

  it.each([
    ['http://jane:p%40ss%20word@', [200, null]],
    ['http://jane:wrong@', [502, 'upstream.unreachable']],
    ['', [502, 'upstream.unreachable']],
  ])('that wants a password is answered by what stands in %s', async (prefix, expected) => {
    const secure = await startSecure();
    const corporate = await startCorporateProxy({ wants: BASIC });
    const env = { HTTPS_PROXY: `${prefix}${corporate.host}` };
    const proxy = await start({ ...secure.wish, options: { readPem: secure.readPem, env } });
    const answer = await proxy.ask();
    expect([statusOf(answer), codeOf(answer)]).toEqual(expected);
    const told = JSON.stringify([answer, proxy.audit]);
    for (const secret of ['p@ss', 'p%40ss', 'wrong', BASIC, BASIC.slice(6)])
      expect(told).not.toContain(secret);
    if (expected[0] === 502) expect(answer).toContain('HTTPS_PROXY');
  });

  it('that asks for a password on plain http has its page kept back', async () => {
    const corporate = await startCorporateProxy({ wants: BASIC });
    const env = { http_proxy: `http://jane:wrong@${corporate.host}` };
    const proxy = await start({ upstream: `http://${NAME}`, options: { env } });
    const answer = await proxy.ask();
    expect([statusOf(answer), codeOf(answer)]).toEqual([502, 'upstream.unreachable']);
    expect(answer).toContain('refused the user name and password');
    expect(answer).not.toContain('Basic');
  });

  it('that refuses is named, with its status and the way around it', async () => {
    const secure = await startSecure();
    const corporate = await startCorporateProxy({ refuses: 403 });
    const env = { HTTPS_PROXY: `http://${corporate.host}` };
    const proxy = await start({ ...secure.wish, options: { readPem: secure.readPem, env } });
    const answer = await proxy.ask();
    expect([statusOf(answer), codeOf(answer)]).toEqual([502, 'upstream.unreachable']);
    expect(answer).toContain(`http://${corporate.host} (HTTPS_PROXY) refused`);
    expect(answer).toContain(`name ${NAME} in NO_PROXY`);
  });

  it('that is down is named; it is never gone around', async () => {
    const upstream = await startUpstream();
    const proxy = await start({
      // The name leads to the server, could it be reached directly.
      upstream: `http://${NAME}:${upstream.port}`,
      options: {
        env: { ALL_PROXY: 'http://127.0.0.1:1' },
        lookup: (_name, options, done) =>
          options.all === true
            ? done(null, [{ address: '127.0.0.1', family: 4 }])
            : done(null, '127.0.0.1', 4),
      },
    });
    const answer = await proxy.ask();
    expect([statusOf(answer), codeOf(answer)]).toEqual([502, 'upstream.unreachable']);
    expect(upstream.connections()).toBe(0);
  });

  it('that never answers ends in upstream.timeout', async () => {
    const { startRawUpstream } = await import('../conformance/kit/wire.ts');
    const silent = await startRawUpstream(() => undefined);
    const env = { HTTPS_PROXY: silent.url };
    const timeouts = { connect: 300 };
    const proxy = await start({ upstream: `https://${NAME}`, options: { env, timeouts } });
    const answer = await proxy.ask();
    expect([statusOf(answer), codeOf(answer)]).toEqual([504, 'upstream.timeout']);
    await until('the connection ended', () => silent.open() === 0);
  });

  it.each(['socks5://127.0.0.1:1080', 'http://', 'http://jane:%zz@127.0.0.1:1'])(
    'named by %s cannot be used; that is said, and its value is not',
    async (value) => {
      const env = { HTTPS_PROXY: value };
      const proxy = await start({ upstream: `https://${NAME}`, options: { env } });
      const answer = await proxy.ask();
      expect([statusOf(answer), codeOf(answer)]).toEqual([502, 'upstream.unreachable']);
      expect(answer).toContain('HTTPS_PROXY');
      expect(answer).not.toContain('jane');
    },
  );

  it('is not used for this machine, nor for what NO_PROXY names', async () => {
    const upstream = await startUpstream();
    const corporate = await startCorporateProxy();
    const named = { HTTP_PROXY: `http://${corporate.host}` };
    const local = await start({ upstream: upstream.url, options: { env: named } });
    expect(statusOf(await local.ask())).toBe(200);
    const excepted = await start({
      upstream: `http://${NAME}:${upstream.port}`,
      options: {
        env: { ...named, no_proxy: `.test:${upstream.port}` },
        lookup: (_name, options, done) =>
          options.all === true
            ? done(null, [{ address: '127.0.0.1', family: 4 }])
            : done(null, '127.0.0.1', 4),
      },
    });
    expect(statusOf(await excepted.ask())).toBe(200);
    expect(corporate.asked).toEqual([]);
  });

  it('stands in the way of the first try of a token too', async () => {
    const secure = await startSecure();
    const corporate = await startCorporateProxy({ wants: BASIC });
    const trust = { ca: secure.cert, own: null };
    const fetchBy = (variable: string) =>
      serverFetch(secure.wish.upstream, trust, { HTTPS_PROXY: variable });
    const good = await fetchBy(`http://jane:p%40ss%20word@${corporate.host}`)(
      `${secure.wish.upstream}/health`,
      { headers: { authorization: 'user:x' } },
    );
    expect([good.status, await good.json()]).toEqual([200, { secure: true }]);
    await expect(
      fetchBy(`http://${corporate.host}`)(`${secure.wish.upstream}/health`, {}),
    ).rejects.toMatchObject({ explained: expect.stringContaining('wants a user name') });
    // An agent for one server reaches no other.
    await expect(
      fetchBy(`http://${corporate.host}`)('https://elsewhere.test/', {}),
    ).rejects.toThrow('another server');
  });

  it('is asked for a new tunnel where the server has closed the one that was kept', async () => {
    const secure = await startSecure({ perConnection: 1 });
    const corporate = await startCorporateProxy();
    const env = { HTTPS_PROXY: `http://${corporate.host}` };
    const proxy = await start({ ...secure.wish, options: { readPem: secure.readPem, env } });
    for (const _ of [1, 2, 3]) expect(statusOf(await proxy.ask())).toBe(200);
    expect(secure.seen).toHaveLength(3);
    expect(new Set(corporate.asked)).toEqual(new Set([`CONNECT ${NAME}:${secure.port}`]));
    expect(corporate.asked.length).toBeGreaterThan(2);
  });

  it('is let go of with the data port', async () => {
    const secure = await startSecure();
    const corporate = await startCorporateProxy();
    const env = { HTTPS_PROXY: `http://${corporate.host}` };
    const proxy = await start({ ...secure.wish, options: { readPem: secure.readPem, env } });
    expect(statusOf(await proxy.ask())).toBe(200);
    expect(corporate.open()).toBe(2);
    await proxy.dataPort.close();
    await until('the tunnel was closed', () => corporate.open() === 0);
  });
});

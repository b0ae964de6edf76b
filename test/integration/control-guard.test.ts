import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pair } from '../../extension/background/proxy-link-exchange.ts';
import type { LocalStatus } from '../../proxy/control/context.ts';
import { createControlPort } from '../../proxy/control/control-port.ts';
import { readPairingCode } from '../../shared/link/pairing-code.ts';
import {
  type Answer,
  CHROMIUM,
  FIREFOX,
  newSecret,
  type RunningProxy,
  raw,
  STATUS,
  startExtension,
  startProxy,
} from './control-fixture.ts';

const codeOf = (answer: Answer) => answer.headers['x-tokenleash-error'];

function ask(
  proxy: RunningProxy,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Answer> {
  const { port } = proxy.port;
  return raw({ port }, method, path, { host: `127.0.0.1:${port}`, ...headers }, body);
}

const JSON_BODY = { 'content-type': 'application/json' };

function expectNoCors(answer: Answer): void {
  for (const name of Object.keys(answer.headers)) expect(name).not.toMatch(/^access-control-/);
}

describe('the control port on TCP', () => {
  it.each([
    'http://localhost:4242',
    'https://unleash.example.com',
    'http://127.0.0.1:4280',
    'null',
    'file://',
    'chrome-extension://a b',
    'chrome-extension://abc.evil.example',
    `${CHROMIUM}/`,
  ])('refuses the origin %s on every path, before and while pairing', async (origin) => {
    const proxy = await startProxy();
    for (const path of ['/v1/pair', '/v1/status', '/healthz', '/local/pair', '/']) {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const answer = await ask(proxy, method, path, {
          origin,
          'access-control-request-method': 'POST',
        });
        expect([answer.status, codeOf(answer)]).toEqual([403, 'browser.refused']);
        expectNoCors(answer);
      }
    }
    await proxy.pairingCode();
    const answer = await ask(proxy, 'POST', '/v1/pair', { origin, ...JSON_BODY }, '{}');
    expect([answer.status, codeOf(answer)]).toEqual([403, 'browser.refused']);
  });

  it.each([
    ['referer', 'http://127.0.0.1:4281/'],
    ['sec-fetch-site', 'none'],
    ['sec-fetch-dest', 'image'],
    ['sec-fetch-user', '?1'],
    ['sec-fetch-mode', 'no-cors'],
  ])('refuses a browser without an Origin that shows %s', async (name, value) => {
    const proxy = await startProxy();
    const answer = await ask(proxy, 'GET', '/healthz', { [name]: value });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'browser.refused']);
  });

  it.each(['evil.example', 'localhost', '127.0.0.1', 'localhost:80', '127.0.0.1.evil.example'])(
    'refuses the Host %s',
    async (host) => {
      const proxy = await startProxy();
      const withPort = await ask(proxy, 'GET', '/healthz', {
        host: `${host}.x:${proxy.port.port}`,
      });
      expect([withPort.status, codeOf(withPort)]).toEqual([421, 'host.refused']);
      const answer = await ask(proxy, 'POST', '/v1/pair', { host, origin: CHROMIUM });
      expect([answer.status, codeOf(answer)]).toEqual([421, 'host.refused']);
      expectNoCors(answer);
    },
  );

  it('refuses two Hosts and none', async () => {
    const proxy = await startProxy();
    const good = `Host: 127.0.0.1:${proxy.port.port}\r\n`;
    for (const lines of ['', `${good}Host: evil.example\r\n`]) {
      expect(await talk(proxy, `GET /healthz HTTP/1.1\r\n${lines}\r\n`)).toMatch(
        /^HTTP\/1\.1 421 [\s\S]*host\.refused/,
      );
    }
  });

  it('lets any extension reach the pairing path alone before pairing', async () => {
    const proxy = await startProxy();
    const preflight = { origin: CHROMIUM, 'access-control-request-method': 'POST' };
    const allowed = await ask(proxy, 'OPTIONS', '/v1/pair', preflight);
    expect(allowed.status).toBe(204);
    expect(allowed.headers['access-control-allow-origin']).toBe(CHROMIUM);
    for (const path of [
      '/v1/status',
      '/v1/hand-over',
      '/v1/use-profile',
      '/v1/unpair',
      '/healthz',
      '/',
    ]) {
      for (const method of ['OPTIONS', 'POST']) {
        const answer = await ask(proxy, method, path, preflight);
        expect([answer.status, codeOf(answer)]).toEqual([403, 'browser.refused']);
        expectNoCors(answer);
      }
    }
  });

  it('lets the paired extension in after pairing, and another one only while a new code waits', async () => {
    const proxy = await startProxy();
    const code = await proxy.pairingCode();
    expect(await pair(startExtension(CHROMIUM, proxy.clock), code, 'Chromium')).toMatchObject({
      ok: true,
    });
    const preflight = (origin: string, path: string) =>
      ask(proxy, 'OPTIONS', path, { origin, 'access-control-request-method': 'POST' });
    expect((await preflight(CHROMIUM, '/v1/status')).status).toBe(204);
    for (const path of [
      '/v1/pair',
      '/v1/status',
      '/v1/hand-over',
      '/v1/use-profile',
      '/v1/unpair',
    ]) {
      for (const method of ['OPTIONS', 'POST']) {
        const answer = await ask(proxy, method, path, { origin: FIREFOX, ...JSON_BODY });
        expect([answer.status, codeOf(answer)]).toEqual([403, 'browser.refused']);
        expectNoCors(answer);
      }
    }
    await proxy.pairingCode();
    expect((await preflight(FIREFOX, '/v1/pair')).status).toBe(204);
    expect((await preflight(FIREFOX, '/v1/status')).status).toBe(403);
  });

  it('asks a local program that claims no origin for one', async () => {
    const proxy = await startProxy();
    const answer = await ask(proxy, 'POST', '/v1/status', JSON_BODY, '{}');
    expect([answer.status, codeOf(answer)]).toEqual([403, 'browser.refused']);
  });

  it('serves nothing of the local command line', async () => {
    const proxy = await startProxy();
    for (const path of ['status', 'reload', 'stop', 'pair', 'links', 'unpair', 'put-secret']) {
      for (const method of ['GET', 'POST']) {
        const answer = await ask(proxy, method, `/local/${path}`);
        expect([answer.status, codeOf(answer)]).toEqual([404, 'target.path']);
      }
    }
    expect(proxy.calls).toEqual([]);
  });

  it.each([
    ['/v1/pair?x=1'],
    ['/V1/pair'],
    ['//v1/pair'],
    ['/v1/pair/'],
    ['/v1/%70air'],
    ['/v1/constructor'],
    ['/__proto__'],
  ])('does not serve %s', async (path) => {
    const proxy = await startProxy();
    const answer = await ask(proxy, 'POST', path, { origin: CHROMIUM, ...JSON_BODY }, '{}');
    expect(answer.status).toBe(403);
    expect((await ask(proxy, 'POST', path, JSON_BODY, '{}')).status).toBe(404);
  });

  it('refuses a body beyond 64 KiB, told or not, and a little less is read', async () => {
    const proxy = await startProxy();
    const large = JSON.stringify({ x: 'x'.repeat(64 * 1024) });
    const headers = { origin: CHROMIUM, ...JSON_BODY };
    const told = { ...headers, 'content-length': String(large.length) };
    const chunked = { ...headers, 'transfer-encoding': 'chunked' };
    for (const way of [told, chunked]) {
      const answer = await ask(proxy, 'POST', '/v1/pair', way, large);
      expect([answer.status, codeOf(answer)]).toEqual([413, 'request.body']);
      expect(answer.headers.connection).toBe('close');
    }
    const fits = JSON.stringify({ x: 'x'.repeat(63 * 1024) });
    const answer = await ask(proxy, 'POST', '/v1/pair', headers, fits);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'request.shape']);
  });

  it('takes JSON alone, by POST alone', async () => {
    const proxy = await startProxy();
    const plain = { origin: CHROMIUM, 'content-type': 'text/plain' };
    const answer = await ask(proxy, 'POST', '/v1/pair', plain, '{}');
    expect([answer.status, codeOf(answer)]).toEqual([415, 'request.type']);
    const got = await ask(proxy, 'GET', '/v1/pair', { origin: CHROMIUM });
    expect([got.status, codeOf(got), got.headers.allow]).toEqual([405, 'target.method', 'POST']);
  });

  it('refuses too many header lines, too large ones and malformed HTTP in its own shape', async () => {
    const proxy = await startProxy();
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`x-${index}`, '1']));
    expect(codeOf(await ask(proxy, 'GET', '/healthz', many))).toBe('request.headers');
    const large = await ask(proxy, 'GET', '/healthz', { x: 'x'.repeat(17 * 1024) });
    expect([large.status, large.json.details[0].code]).toEqual([431, 'request.headers']);
    expect(await talk(proxy, 'GET /\x01 HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await talk(proxy, 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 405 [\s\S]*target\.method/,
    );
  });

  it('says on every answer that it is not to be kept or guessed at', async () => {
    const proxy = await startProxy();
    const answers = [
      await ask(proxy, 'GET', '/healthz'),
      await ask(proxy, 'GET', '/nothing'),
      await ask(proxy, 'POST', '/v1/pair', { origin: CHROMIUM, ...JSON_BODY }, '{}'),
      await proxy.local('GET', '/local/status'),
    ];
    for (const { headers } of answers) {
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-type']).toBe('application/json');
    }
    const [, refusal] = answers;
    expect(refusal?.json).toEqual({
      id: expect.any(String),
      name: 'NotFoundError',
      message: expect.any(String),
      details: [{ message: refusal?.json.message, code: 'target.path' }],
    });
  });

  it('writes no path of a stranger into the log', async () => {
    const proxy = await startProxy();
    const secret = newSecret();
    await ask(proxy, 'GET', `/x/${secret}`);
    expect(proxy.events).toEqual([{ event: 'refused', code: 'target.path', path: '(other)' }]);
  });

  it('holds ::1 at the same port too, where there is one', async () => {
    const proxy = await startProxy();
    const taken = createServer();
    const code = await new Promise((resolve) => {
      taken.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      taken.listen({ host: '::1', port: proxy.port.port, ipv6Only: true }, () => resolve('free'));
    });
    taken.close();
    expect(['EADDRINUSE', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']).toContain(code);
  });

  it('says which port is taken, and leaves nothing open', async () => {
    const proxy = await startProxy();
    const { port } = proxy.port;
    await expect(createControlPort(proxy.context, { port, socket: null })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
    });
  });
});

describe('the local socket', () => {
  it('is for its owner alone', async () => {
    const proxy = await startProxy();
    expect(statSync(proxy.port.socket ?? '').mode & 0o777).toBe(0o600);
  });

  it('tells the state', async () => {
    const proxy = await startProxy();
    const status = (await proxy.local('GET', '/local/status')).json as LocalStatus;
    expect(status).toEqual({
      ...STATUS,
      pid: process.pid,
      control: proxy.port.url,
      socket: proxy.port.socket,
      links: 0,
      configProblem: null,
      readOnly: false,
    });
  });

  it('prints a code that carries the control port and is good for 60 s', async () => {
    const proxy = await startProxy();
    const { json } = await proxy.local('POST', '/local/pair');
    expect(readPairingCode(json.code)?.port).toBe(proxy.port.port);
    expect(json.control).toBe(proxy.port.url);
    expect(Date.parse(json.expiresAt) - proxy.clock.now).toBe(60_000);
    expect(JSON.stringify(proxy.events)).not.toContain(json.code);
  });

  it('reloads, stops and puts a secret', async () => {
    const proxy = await startProxy();
    expect((await proxy.local('POST', '/local/reload')).json).toEqual({ reloaded: true });
    const secret = {
      secret: newSecret(),
      id: null,
      expiresAt: null,
      owner: null,
      origin: 'https://unleash.example.com',
    };
    const put = await proxy.local('POST', '/local/put-secret', { profile: 'work', secret });
    expect(put.json).toEqual({ stored: true });
    expect(put.text).not.toContain(secret.secret);
    expect((await proxy.local('POST', '/local/stop')).json).toEqual({ stopping: true });
    await expect.poll(() => proxy.calls).toEqual(['reload', 'put-secret work', 'stop']);
  });

  it('tells why a reload failed', async () => {
    const proxy = await startProxy();
    proxy.context.reload = () => Promise.reject(new Error('config.yaml, line 3: no such profile.'));
    const answer = await proxy.local('POST', '/local/reload');
    expect(answer.status).toBe(500);
    expect(answer.json.message).toBe('config.yaml, line 3: no such profile.');
  });

  it('keeps a secret out of the log when putting it fails', async () => {
    const proxy = await startProxy();
    const secret = newSecret();
    proxy.context.putSecret = () => Promise.reject(new Error(`no ${secret}`));
    const record = { secret, id: 1, expiresAt: null, owner: null, origin: 'https://a.example' };
    const answer = await proxy.local('POST', '/local/put-secret', { profile: 'p', secret: record });
    expect(answer.status).toBe(500);
    expect(JSON.stringify([answer.text, proxy.events])).not.toContain(secret);
  });

  it('refuses browsers and foreign hosts like the other door, and serves no extension', async () => {
    const proxy = await startProxy();
    const socketPath = proxy.port.socket ?? '';
    const get = (headers: Record<string, string>) =>
      raw({ socketPath }, 'GET', '/local/status', headers);
    expect(codeOf(await get({ host: 'localhost', origin: CHROMIUM }))).toBe('browser.refused');
    expect(codeOf(await get({ host: 'localhost', referer: 'http://a' }))).toBe('browser.refused');
    expect(codeOf(await get({ host: 'evil.example' }))).toBe('host.refused');
    expect(codeOf(await proxy.local('POST', '/v1/pair', {}))).toBe('target.path');
  });

  it('says whether it is ready, on both doors', async () => {
    const proxy = await startProxy();
    expect((await ask(proxy, 'GET', '/readyz')).status).toBe(200);
    proxy.context.ready = () => false;
    expect((await ask(proxy, 'GET', '/readyz')).status).toBe(503);
    expect((await proxy.local('GET', '/readyz')).status).toBe(503);
    expect((await proxy.local('GET', '/healthz')).status).toBe(200);
  });

  it('takes the place of a socket that a crash left behind, and never of a living one', async () => {
    const proxy = await startProxy();
    const stale = `${proxy.port.socket}.stale`;
    await leaveSocket(stale);
    const second = await createControlPort(proxy.context, { port: 0, socket: stale });
    onTestFinished(() => second.close());
    const answer = await raw({ socketPath: stale }, 'GET', '/healthz', { host: 'localhost' });
    expect(answer.status).toBe(200);
    await expect(
      createControlPort(proxy.context, { port: 0, socket: stale }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

/** A socket whose program was killed. */
async function leaveSocket(path: string): Promise<void> {
  const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('there'))`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
}

/** Bytes as they are, and what comes back until the end. */
function talk(proxy: RunningProxy, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(proxy.port.port, '127.0.0.1');
    let heard = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      heard += chunk;
      socket.end();
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
    socket.write(bytes);
  });
}

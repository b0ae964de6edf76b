import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selfSignedCertificate } from '../certificate.ts';
import { startCorporateProxy } from '../conformance/kit/corporate-proxy.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { ask, type Started } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const PROJECTS = '/api/admin/projects';
const FEATURES = '/api/admin/projects/default/features';

const built = useTokenleash();
let folder: string;
const servers: Server[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tl-up-'));
});
afterAll(async () => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

function file(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode });
  return path;
}

/** A built proxy with one profile, and a client that may write. */
async function proxied(url: string, pat: string, ...more: string[]) {
  return await proxiedBy(built.fresh(), url, pat, ...more);
}

type Cli = ReturnType<typeof built.fresh>;

async function proxiedBy(cli: Cli, url: string, pat: string, ...more: string[]) {
  const words = ['profile', 'add', 'demo', '--url', url, '--unattended', ...more];
  const added = await cli.run([...words, '--store', 'sealed-file'], pat);
  if (added.code !== 0) return { cli, added, proxy: null, token: '' };
  const proxy = await cli.start();
  const client = await cli.run(['client', 'add', 'c', '--access', 'write', '--json']);
  const { token } = JSON.parse(client.stdout);
  return { cli, added, proxy, token };
}

function pass(incoming: IncomingMessage, response: ServerResponse, to: string): void {
  const { hostname, port } = new URL(to);
  const { method = 'GET', url = '/', headers } = incoming;
  const on = request({ host: hostname, port, path: url, method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  on.on('error', () => response.destroy());
  incoming.pipe(on);
}

describe('a real Unleash behind TLS that wants a client certificate', () => {
  test('is used with --ca, --client-cert and --client-key, and says what is missing without', async () => {
    const unleash = sharedUnleash();
    const pat = (await unleash.createPat(`upstream-built-${Date.now()}`)).secret;
    const ca = selfSignedCertificate({ host: 'Example CA' });
    const issuer = { ...ca, host: 'Example CA' };
    const own = selfSignedCertificate({ host: 'tokenleash', issuer });
    const guarded = { requestCert: true, rejectUnauthorized: true, ca: ca.cert };
    const server = createTlsServer({ ...selfSignedCertificate({ issuer }), ...guarded }, (i, r) =>
      pass(i, r, unleash.url),
    );
    server.on('tlsClientError', () => undefined);
    const url = `https://localhost:${await portOf(server)}`;
    const trust = ['--ca', file('ca.pem', ca.cert)];
    const cert = ['--client-cert', file('own.pem', own.cert)];
    const key = ['--client-key', file('own.key', own.key)];

    const without = await proxied(url, pat, ...trust);
    expect(without.added.stderr).toContain('certificate from who asks');
    expect(without.added.stderr).toContain('tokenleash profile set demo --client-cert FILE');
    const before = await ask(without.proxy?.url ?? '', without.token);
    expect(before).toMatchObject({ status: 502, code: 'upstream.tls' });
    // The command that was named helps, and the running proxy works with it.
    const set = await without.cli.run(['profile', 'set', 'demo', ...cert, ...key]);
    expect(set).toMatchObject({ code: 0 });
    expect(await ask(without.proxy?.url ?? '', without.token)).toMatchObject({ status: 200 });
    const shown = await without.cli.run(['profile', 'show', 'demo', '--json']);
    expect(JSON.parse(shown.stdout).clientCertificate).toBe(join(folder, 'own.pem'));

    const open = ['--client-key', file('open.key', own.key, 0o644)];
    const whole = await proxied(url, pat, ...trust, ...cert, ...open);
    expect(whole.added.stderr).toContain(`chmod 600 ${join(folder, 'open.key')}`);
    expect(whole.added.stdout).toContain('token of');
    expect(await ask(whole.proxy?.url ?? '', whole.token)).toMatchObject({ status: 200 });
    expect(JSON.stringify([whole.added, set, shown])).not.toContain('PRIVATE');
  });

  test('bad words for it end in exit 2, and nothing is stored', async () => {
    const { cert, key } = selfSignedCertificate();
    const good = file('good.pem', cert);
    const own = file('good.key', key);
    const other = file('other.key', selfSignedCertificate().key);
    for (const [url, words, said] of [
      ['https://a.test', ['--client-cert', good], 'both --client-cert and --client-key'],
      ['https://a.test', ['--client-key', own], 'both --client-cert and --client-key'],
      ['https://a.test', ['--client-cert', good, '--client-key', other], 'is not the key of'],
      ['https://a.test', ['--client-cert', own, '--client-key', own], 'holds no certificate'],
      ['https://a.test', ['--client-cert', good, '--client-key', '/no/such'], 'no /no/such'],
      ['http://127.0.0.1:1', ['--client-cert', good, '--client-key', own], 'is plain http'],
      ['https://a.test', ['--compression', 'zip'], 'identity or pass'],
    ] as const) {
      const { added } = await proxied(url, 'user:x'.padEnd(40, 'y'), ...words);
      expect(added).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
    }
  });
});

test('a real Unleash is reached through the corporate proxy that the environment names', async () => {
  const unleash = sharedUnleash();
  const pat = (await unleash.createPat(`upstream-corporate-${Date.now()}`)).secret;
  const made = selfSignedCertificate({ host: 'unleash.test' });
  const server = createTlsServer(made, (i, r) => pass(i, r, unleash.url));
  // No resolver knows the name: it is reached through the proxy or not at all.
  const url = `https://unleash.test:${await portOf(server)}`;
  const wants = `Basic ${Buffer.from('jane:s3cret').toString('base64')}`;
  const corporate = await startCorporateProxy({ wants });
  const cli = built.fresh({
    HTTPS_PROXY: `http://jane:s3cret@${corporate.host}`,
    https_proxy: '',
    NO_PROXY: '',
    no_proxy: '',
  });
  const ca = ['--ca', file('named.pem', made.cert)];
  const { added, proxy, token } = await proxiedBy(cli, url, pat, ...ca);
  expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('token of') });
  expect(await ask(proxy?.url ?? '', token)).toMatchObject({ status: 200 });
  expect(new Set(corporate.asked)).toEqual(new Set([`CONNECT ${new URL(url).host}`]));
  await proxy?.end();
  const audit = readFileSync(join(cli.home, 'state', 'audit.jsonl'), 'utf8');
  expect(audit).toContain('getProjects');
  for (const secret of ['s3cret', wants.slice(6)])
    expect(added.stdout + added.stderr + proxy?.stderr() + audit).not.toContain(secret);
});

test('a login page in front of Unleash is called one by profile add, by the answer and in the log', async () => {
  const page = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Log in</h1>');
  });
  const { cli, added, proxy, token } = await proxied(
    `http://127.0.0.1:${await portOf(page)}`,
    `user:${'ab'.repeat(28)}`,
  );
  expect(added).toMatchObject({ code: 0, stderr: expect.stringContaining('A web page came back') });
  expect(await ask(proxy?.url ?? '', token)).toMatchObject({ status: 200, code: undefined });
  const status = JSON.parse((await cli.run(['profile', 'list', '--json'])).stdout);
  expect(status.profiles[0].state).toBe('unreachable');
  expect(proxy?.stderr()).toContain('is no Unleash: a login page');
});

/** The most memory that a process has held, in bytes. */
function peakOf(pid: number): number {
  const kib = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) * 1024;
}

describe('1 GiB', () => {
  /** A body that is held would need 896 MiB more; what a busy machine collects late is far less. */
  const ROOM = 64 * MIB;

  let running: Started;
  let token: string;
  const block = Buffer.alloc(MIB, 'x');

  beforeAll(async () => {
    const server = createServer((incoming, response) => {
      if (incoming.method === 'GET') {
        const size = Number(new URL(incoming.url ?? '', 'http://x').searchParams.get('size'));
        response.writeHead(200, { 'content-length': size });
        let left = size / MIB;
        const more = () => {
          while (left > 0) {
            left -= 1;
            if (!response.write(block)) {
              response.once('drain', more);
              return;
            }
          }
          response.end();
        };
        more();
        return;
      }
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      incoming.on('end', () => response.end(JSON.stringify({ size })));
    });
    const made = await proxied(
      `http://127.0.0.1:${await portOf(server)}`,
      `user:${'cd'.repeat(28)}`,
    );
    if (made.proxy === null) throw new Error(made.added.stderr);
    running = made.proxy;
    token = made.token;
  });

  /** Bytes received; every so often the reader takes a rest. */
  const down = (size: number, restMs = 0) =>
    new Promise<number>((done, failed) => {
      const headers = { authorization: token };
      request(`${running.url}${PROJECTS}?size=${size}`, { headers }, (answer) => {
        let got = 0;
        let rested = 0;
        answer.on('data', (chunk: Buffer) => {
          got += chunk.length;
          if (restMs === 0 || got < rested + 16 * MIB) return;
          rested = got;
          answer.pause();
          setTimeout(() => answer.resume(), restMs);
        });
        answer.on('error', failed);
        answer.on('end', () => done(got));
      })
        .on('error', failed)
        .end();
    });

  const up = (size: number, isChunked: boolean) =>
    new Promise<number>((done, failed) => {
      const length = isChunked ? {} : { 'content-length': size };
      const headers = { authorization: token, ...length };
      const upload = request(running.url + FEATURES, { method: 'POST', headers }, (answer) => {
        let text = '';
        answer.on('data', (chunk) => {
          text += chunk;
        });
        answer.on('end', () => done(JSON.parse(text).size));
      });
      upload.on('error', failed);
      let left = size / MIB;
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
    });

  test.each<[string, (size: number) => Promise<number>]>([
    ['down', (size) => down(size)],
    ['up by length', (size) => up(size, false)],
    ['up in chunks', (size) => up(size, true)],
  ])('%s costs no more memory than 128 MiB', async (_, carry) => {
    expect(await carry(128 * MIB)).toBe(128 * MIB);
    const before = peakOf(running.child.pid ?? 0);
    expect(await carry(GIB)).toBe(GIB);
    expect(peakOf(running.child.pid ?? 0) - before).toBeLessThan(ROOM);
  });

  test('to a slow reader costs no more memory either', async () => {
    const before = peakOf(running.child.pid ?? 0);
    expect(await down(256 * MIB, 200)).toBe(256 * MIB);
    expect(peakOf(running.child.pid ?? 0) - before).toBeLessThan(ROOM);
  });
});

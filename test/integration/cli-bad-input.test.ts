import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CertificateOptions, selfSignedCertificate } from '../certificate.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { ask, type Result } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();
let url: string;
let pat: string;
const servers: Server[] = [];
const folders: string[] = [];

beforeAll(async () => {
  const unleash = sharedUnleash();
  url = unleash.url;
  pat = (await unleash.createPat(`cli-bad-input-${Date.now()}`)).secret;
});
afterAll(async () => {
  for (const server of servers) server.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** What a running proxy answers about a profile that was added for this server. */
async function through(server: string, ...more: string[]) {
  const cli = built.fresh();
  const words = ['profile', 'add', 'demo', '--url', server, '--unattended', ...more];
  const added = await cli.run(words, pat);
  const proxy = await cli.start();
  const { token } = JSON.parse((await cli.run(['client', 'add', 'c', '--json'])).stdout);
  return { cli, added, proxy, token, answer: () => ask(proxy.url, token) };
}

describe('TLS', () => {
  const answers: RequestListener = (incoming, response) => {
    const body = incoming.url === '/health' ? '{"health":"GOOD"}' : '{"projects":[]}';
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  };
  const secure = async (options?: CertificateOptions) => {
    const made = selfSignedCertificate(options);
    const home = mkdtempSync(join(tmpdir(), 'tl-ca-'));
    folders.push(home);
    const ca = join(home, 'ca.pem');
    writeFileSync(ca, made.cert);
    return { ca, at: `https://127.0.0.1:${await portOf(createTlsServer(made, answers))}` };
  };

  test('a self-signed certificate gets no token; the way out is named, and works', async () => {
    const { at, ca } = await secure();
    const { added, answer } = await through(at);
    expect(added).toMatchObject({ code: 0, stderr: expect.stringContaining('self-signed') });
    expect(added.stderr).toContain('tokenleash profile set demo --ca FILE');
    expect(await answer()).toMatchObject({ status: 502, code: 'upstream.tls' });
    const trusted = await through(at, '--ca', ca);
    expect(trusted.added.stderr).not.toContain('not safe');
    expect((await trusted.answer()).status).toBe(200);
  });

  test('an expired certificate is named so, and is not trusted with --ca either', async () => {
    const day = 86_400_000;
    const { at, ca } = await secure({
      notBefore: new Date(Date.now() - 3 * day),
      notAfter: new Date(Date.now() - day),
    });
    const { added, answer } = await through(at, '--ca', ca);
    expect(added).toMatchObject({ code: 0, stderr: expect.stringContaining('has expired') });
    expect(await answer()).toMatchObject({ status: 502, code: 'upstream.tls' });
  });

  test('--ca with a file that is none, or with plain http, exits 2 and stores nothing', async () => {
    const cli = built.fresh();
    const { ca } = await secure();
    const words = ['profile', 'add', 'demo', '--unattended'];
    for (const more of [
      ['--url', 'https://127.0.0.1', '--ca', join(cli.home, 'gone.pem')],
      ['--url', 'https://127.0.0.1', '--ca', import.meta.filename],
      ['--url', url, '--ca', ca],
    ]) {
      const refused = await cli.run([...words, ...more], pat);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('\nType: ') });
      expect(refused.stderr).not.toContain('cannot be reached');
    }
    expect(existsSync(join(cli.home, 'config'))).toBe(false);
  });
});

describe('a server that', () => {
  const odd: [string, RequestListener, object][] = [
    [
      'redirects to another origin is not followed',
      (_, response) => response.writeHead(302, { location: 'https://elsewhere.example/' }).end(),
      { status: 302 },
    ],
    [
      'answers HTML has its answer passed on',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hi</h1>'),
      { status: 200, body: '<h1>Hi</h1>', code: undefined },
    ],
    [
      'answers 500 has its answer passed on',
      (_, response) => response.writeHead(500).end('no'),
      { status: 500, body: 'no', code: undefined },
    ],
    [
      'answers 429 has its answer passed on',
      (_, response) => response.writeHead(429, { 'retry-after': '9' }).end(),
      { status: 429, code: undefined },
    ],
    [
      'hangs up is a 502',
      (incoming) => incoming.socket.destroy(),
      { status: 502, code: 'upstream.reset' },
    ],
  ];
  test.each(odd)('%s', async (_, listener, said) => {
    const { answer } = await through(`http://127.0.0.1:${await portOf(createServer(listener))}`);
    expect(await answer()).toMatchObject(said);
  });

  test('dies in the middle of an answer never looks like one that ended', async () => {
    const { answer, proxy } = await through(
      `http://127.0.0.1:${await portOf(
        createServer((_, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.write('{"a":');
          setTimeout(() => response.destroy(), 50);
        }),
      )}`,
    );
    await expect(answer()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await ask(proxy.url, null)).code).toBe('caller.missing');
  });

  test('is down when the proxy starts is a 502, and is used once it is there', async () => {
    const first = createServer();
    const port = await portOf(first);
    await new Promise((done) => first.close(done));
    const { answer } = await through(`http://127.0.0.1:${port}`);
    expect(await answer()).toMatchObject({ status: 502, code: 'upstream.unreachable' });
    const later = createServer((_, response) => response.end('{}'));
    servers.push(later);
    await new Promise<void>((done) => later.listen(port, '127.0.0.1', done));
    expect((await answer()).status).toBe(200);
  });
});

test('a PAT that was deleted in Unleash is said so to caller, status and terminal', async () => {
  const unleash = sharedUnleash();
  const made = await unleash.createPat(`cli-gone-${Date.now()}`);
  const cli = built.fresh();
  await cli.run(['profile', 'add', 'demo', '--url', url, '--unattended'], made.secret);
  const proxy = await cli.start();
  const { token } = JSON.parse((await cli.run(['client', 'add', 'c', '--json'])).stdout);
  expect((await ask(proxy.url, token)).status).toBe(200);
  const deleted = await fetch(`${url}/api/admin/user/tokens/${made.id}`, {
    method: 'DELETE',
    headers: { cookie: await unleash.login() },
  });
  expect(deleted.status).toBe(200);
  expect(await ask(proxy.url, token)).toMatchObject({ status: 401, code: 'upstream.unauthorized' });
  expect((await cli.run(['status'])).stdout).toContain('unauthorized');
  await expect.poll(proxy.stderr).toContain('expired or was revoked');
});

test.each(['constructor', 'prototype', '__proto__', '\u202eevil', 'a\nb', '%s'])(
  'the profile name %j is refused, and nothing of it acts on the terminal',
  async (name) => {
    const cli = built.fresh();
    const added = await cli.run(['profile', 'add', name, '--url', url, '--unattended'], pat);
    expect(added.code).toBe(2);
    expect(added.stderr).not.toMatch(/\u202e|a\nb/);
    expect(existsSync(join(cli.home, 'config'))).toBe(false);
  },
);

test('a damaged sealed file is named and kept by every command', async () => {
  const cli = built.fresh();
  await cli.run(['profile', 'add', 'demo', '--url', url, '--unattended'], pat);
  const path = join(cli.home, 'data/secrets-unattended.json');
  const damaged = readFileSync(path, 'utf8').slice(0, 100);
  writeFileSync(path, damaged);
  const add = ['profile', 'add', 'other', '--url', url, '--unattended'];
  for (const words of [['start', '--port', '0', '--control-port', '0'], ['profile', 'list'], add])
    expect(await cli.run(words, pat)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${path} is damaged`),
    });
  expect(readFileSync(path, 'utf8')).toBe(damaged);
});

test('a socket file that a dead program left is replaced, another file is not', async () => {
  const cli = built.fresh();
  await cli.run(['profile', 'add', 'demo', '--url', url, '--unattended'], pat);
  mkdirSync(join(cli.home, 'runtime'), { mode: 0o700, recursive: true });
  const socket = join(cli.home, 'runtime/data.sock');
  const script = `require('net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await once(spawn(process.execPath, ['-e', script]), 'close');
  expect(existsSync(socket)).toBe(true);
  await (await cli.start()).end();
  const mine = join(cli.home, 'mine');
  writeFileSync(mine, 'mine');
  const refused = await cli.run(['start', '--port', '0', '--control-port', '0', '--socket', mine]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(mine) });
  expect(readFileSync(mine, 'utf8')).toBe('mine');
});

test('a control port that is taken is named with its owner, and --control-port offered', async () => {
  const cli = built.fresh();
  await cli.run(['profile', 'add', 'demo', '--url', url, '--unattended'], pat);
  const port = String(await portOf(createSocketServer()));
  const taken = await cli.run(['start', '--port', '0', '--control-port', port]);
  expect(taken).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`Port ${port} is taken by`),
  });
  expect(taken.stderr).toContain('Type: tokenleash start --control-port 0');
});

describe('in folders that may not be written', () => {
  /** Modes bind no root; the program then runs as nobody, from a place that nobody can read. */
  const NOBODY = 65534;
  const isRoot = process.getuid?.() === 0;

  async function asOther(home: string, words: string[], input: string): Promise<Result> {
    const program = join(dirname(home), 'tokenleash.mjs');
    if (!existsSync(program)) copyFileSync(built.program, program);
    const child = spawn(process.execPath, [program, ...words], {
      cwd: dirname(home),
      env: { PATH: process.env.PATH, HOME: home, TOKENLEASH_HOME: home, NO_COLOR: '1' },
      ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    });
    const result: Result = { code: null, stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        result[name] += text;
      });
    child.stdin.on('error', () => undefined).end(input);
    result.code = (await once(child, 'close'))[0];
    return result;
  }

  test('every command that writes says which file it could not, and leaves what was there', async () => {
    const base = mkdtempSync(join(tmpdir(), 'tl-ro-'));
    folders.push(base);
    chmodSync(base, 0o755);
    const home = join(base, 'home');
    mkdirSync(home);
    if (isRoot) chownSync(home, NOBODY, NOBODY);
    const add = ['profile', 'add', 'demo', '--url', url, '--unattended'];
    expect(await asOther(home, add, pat)).toMatchObject({ code: 0 });
    const config = readFileSync(join(home, 'config/config.yaml'), 'utf8');
    for (const name of ['config', 'data', '.']) chmodSync(join(home, name), 0o500);
    for (const words of [
      ['profile', 'add', 'two', '--url', url, '--unattended'],
      ['profile', 'remove', 'demo'],
      ['client', 'add', 'c'],
      ['start', '--port', '0', '--control-port', '0'],
    ]) {
      const refused = await asOther(home, words, pat);
      expect(refused, words.join(' ')).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/this user may not\.\nType: /),
      });
      expect(refused.stderr).not.toContain(pat.slice(5, 30));
    }
    expect(readFileSync(join(home, 'config/config.yaml'), 'utf8')).toBe(config);
    for (const name of ['config', 'data', '.']) chmodSync(join(home, name), 0o700);
  });
});

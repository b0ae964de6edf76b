import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../conformance/kit/wire.ts';
import { ask } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const PAT = `user:${'ab'.repeat(28)}`;
const PROJECTS = '/api/admin/projects';

const built = useTokenleash();
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((_, response) => response.end('{"projects":[]}'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
});

const profile = (name: string, more = '') =>
  `  ${name}:\n    url: ${url}\n    token-from: env:DEMO_PAT\n${more}`;

/** A command line with profiles of its own, written by hand. */
function withConfig(text: string, env: NodeJS.ProcessEnv = {}) {
  const cli = built.fresh({ DEMO_PAT: PAT, ...env });
  mkdirSync(join(cli.home, 'config'), { recursive: true });
  writeFileSync(join(cli.home, 'config/config.yaml'), text, { mode: 0o600 });
  return cli;
}

const tokenOf = async (cli: ReturnType<typeof withConfig>, ...words: string[]) =>
  JSON.parse((await cli.run(['client', 'add', ...words, '--json'])).stdout).token as string;

test('SIGUSR1 opens no inspector while the passphrase is waited for', async () => {
  const sealed = `current: demo\nprofiles:\n  demo:\n    url: ${url}\n    token-from: stdin\n`;
  const cli = withConfig(sealed);
  const pipe = join(cli.home, 'passphrase');
  execFileSync('mkfifo', ['-m', '600', pipe]);
  const words = [cli.program, 'start', '--json', '--port', '0', '--control-port', '0'];
  const child = spawn(process.execPath, words, {
    env: { ...cli.env, TOKENLEASH_PASSPHRASE_FILE: pipe },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  // The claim stands once the stores are being opened.
  await until(
    'it waits',
    () => {
      try {
        return readFileSync(join(cli.home, 'runtime/proxy.json'), 'utf8') !== '';
      } catch {
        return false;
      }
    },
    60_000,
  );
  await after(500);
  child.kill('SIGUSR1');
  await after(500);
  writeFileSync(pipe, 'open sesame\n');
  await until('it has started', () => said.includes('listening'), 60_000);
  expect(said).not.toContain('Debugger');
  child.kill('SIGTERM');
  await once(child, 'close');
});

test('a proxy goes on when nobody reads what it says any more', async () => {
  const cli = withConfig(`current: demo\nprofiles:\n${profile('demo')}`);
  const proxy = await cli.start();
  const token = await tokenOf(cli, 'c');
  proxy.child.stdout?.destroy();
  proxy.child.stderr?.destroy();
  // Each is said on stderr.
  for (let at = 0; at < 3; at += 1) {
    await fetch(`${proxy.control}/nowhere`).catch(() => undefined);
    await after(100);
  }
  expect((await ask(proxy.url, token)).status).toBe(200);
  expect(await proxy.end()).toBe(143);
});

test('the clients of a profile go with it, and their rules', async () => {
  const rules = 'clients:\n  old:\n    rules:\n      - deny:\n          access: write\n';
  const cli = withConfig(`current: demo\nprofiles:\n${profile('demo')}${profile('other')}${rules}`);
  const proxy = await cli.start();
  const [old, free] = [await tokenOf(cli, 'old', '--profile', 'other'), await tokenOf(cli, 'free')];
  expect((await ask(proxy.url, old)).status).toBe(200);
  const removed = await cli.run(['profile', 'remove', 'other', '--json']);
  expect(JSON.parse(removed.stdout)).toEqual({
    version: 1,
    removed: 'other',
    storedToken: false,
    revokedClients: ['old'],
  });
  const words = ['profile', 'add', 'other', '--url', url, '--token-from', 'env:DEMO_PAT'];
  expect((await cli.run(words)).code).toBe(0);
  expect(await ask(proxy.url, old)).toMatchObject({ status: 401, code: 'caller.unknown' });
  expect((await ask(proxy.url, free)).status).toBe(200);
  expect(readFileSync(join(cli.home, 'config/config.yaml'), 'utf8')).not.toContain('old');
  await tokenOf(cli, 'new', '--profile', 'other');
  expect((await cli.run(['profile', 'remove', 'other'])).stdout).toContain(
    'Client "new" of this profile is revoked.',
  );
});

test('explain goes by what the running proxy was started with', async () => {
  const reads = profile('reads', '    access: read\n');
  const cli = withConfig(`current: demo\nprofiles:\n${profile('demo')}${reads}`);
  const explained = async (...words: string[]) =>
    JSON.parse((await cli.run(['explain', ...words, '--json'])).stdout);
  const write = ['POST', '/api/admin/projects/default/features'];
  expect(await explained(...write)).toMatchObject({ verdict: 'allowed' });
  const ports = ['--port', '0', '--control-port', '0'];
  const readOnly = await cli.start([...ports, '--read-only']);
  expect(await explained(...write)).toMatchObject({ code: 'policy.read_only' });
  await readOnly.end();
  const pinned = await cli.start([...ports, '--profile', 'reads']);
  expect(await explained(...write)).toMatchObject({ code: 'policy.read_only' });
  expect(await explained(...write, '--profile', 'demo')).toMatchObject({ verdict: 'allowed' });
  await pinned.end();
  cli.env.TOKENLEASH_READ_ONLY = '1';
  expect(await explained(...write)).toMatchObject({ code: 'policy.read_only' });
  expect(await explained('GET', PROJECTS)).toMatchObject({ verdict: 'allowed' });
});

test('a program of run does not learn which file opens the sealed tokens', async () => {
  const cli = withConfig(`current: demo\nprofiles:\n${profile('demo')}`);
  const file = join(cli.home, 'passphrase');
  writeFileSync(file, 'open sesame\n', { mode: 0o600 });
  cli.env.TOKENLEASH_PASSPHRASE_FILE = file;
  const shown = await cli.run(['run', '--', 'env']);
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('UNLEASH_PAT=user:tl_') });
  expect(shown.stdout).not.toContain('PASSPHRASE');
});

test('status says in JSON too that none runs and why the config does not read', async () => {
  const cli = withConfig('version: 1\nprofiles:\n  a: { url: 5 }\n');
  const { code, stdout } = await cli.run(['status', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    running: false,
    url: null,
    control: null,
    socket: null,
    profile: null,
    clients: 0,
    problem: expect.stringMatching(/config\.yaml, line 3: .* Type: /),
  });
  const said = await cli.run(['status']);
  expect(said).toMatchObject({ code: 1, stdout: 'No proxy is running.\n' });
  expect(said.stderr).toContain('config.yaml, line 3');
});

test('what went wrong ends with the command to type, as it was typed', async () => {
  const cli = built.fresh();
  const words = ['profile', 'add', 'my-prod', '--url', url, '--unattended'];
  const { code, stderr } = await cli.run(words, 'no token');
  expect(code).toBe(4);
  expect(stderr).toContain(`Type: tokenleash profile add my-prod --url ${url} --unattended\n`);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ask, type Started } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

type Entry = { id: string; client: string; operation: string; verdict: string; code: string };

const built = useTokenleash();
let server: Server;
let cli: ReturnType<typeof built.fresh>;
let proxy: Started;
const tokens: Record<string, string> = {};
let refusedId: string;

/** Three clients: one is let through, one asks what it may not, one meets a server that is not there. */
beforeAll(async () => {
  server = createServer((_, response) => response.end('{}'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  cli = built.fresh({ DEMO_PAT: `user:${'ab'.repeat(28)}` });
  mkdirSync(join(cli.home, 'config'), { recursive: true });
  const profile = (name: string, url: string) =>
    `  ${name}:\n    url: ${url}\n    token-from: env:DEMO_PAT\n`;
  writeFileSync(
    join(cli.home, 'config/config.yaml'),
    `current: live\nprofiles:\n${profile('live', `http://127.0.0.1:${port}`)}${profile('dead', 'http://127.0.0.1:1')}`,
    { mode: 0o600 },
  );
  proxy = await cli.start();
  for (const [name, to] of [
    ['reader', 'live'],
    ['minter', 'live'],
    ['lost', 'dead'],
  ] as const) {
    const made = await cli.run(['client', 'add', name, '--profile', to, '--json']);
    tokens[name] = JSON.parse(made.stdout).token;
  }
  expect((await ask(proxy.url, tokens.reader ?? '')).status).toBe(200);
  const refused = await ask(proxy.url, tokens.minter ?? '', '/api/admin/api-tokens');
  expect(refused.code).toBe('policy.mint');
  refusedId = JSON.parse(refused.body).id;
  expect((await ask(proxy.url, tokens.lost ?? '')).code).toBe('upstream.unreachable');
  await vi.waitFor(async () => expect(await entries()).toHaveLength(3), { timeout: 30_000 });
});
afterAll(async () => {
  server.close();
});

async function entries(...typed: string[]): Promise<Entry[]> {
  const { code, stdout } = await cli.run(['log', '--json', ...typed]);
  expect(code).toBe(0);
  const said = JSON.parse(stdout);
  expect(said.version).toBe(1);
  return said.entries;
}

test.each([
  [[], ['reader', 'minter', 'lost']],
  [['--client', 'reader'], ['reader']],
  [
    ['--client', '*ER'],
    ['reader', 'minter'],
  ],
  [['--profile', 'dead'], ['lost']],
  [
    ['--operation', 'getProjects'],
    ['reader', 'lost'],
  ],
  [['--operation', '*apitoken*'], ['minter']],
  [['--verdict', 'allowed'], ['reader']],
  [['--verdict', 'refused'], ['minter']],
  [['--verdict', 'failed'], ['lost']],
  [['--profile', 'live', '--verdict', 'refused'], ['minter']],
  [
    ['--since', '1h'],
    ['reader', 'minter', 'lost'],
  ],
  [['--since', '2099-01-01'], []],
  [
    ['--lines', '2'],
    ['minter', 'lost'],
  ],
])('log %j gives the requests of %j, oldest first', async (typed, clients) => {
  expect((await entries(...typed)).map(({ client }) => client)).toEqual(clients);
});

test('people read a line for each: who, where to, how it ended, what it meant, and the id of a refused one', async () => {
  const { code, stdout } = await cli.run(['log']);
  expect(code).toBe(0);
  const [allowed, refused, failed] = stdout.split('\n');
  expect(allowed).toMatch(
    /^\d{4}-\S+Z {2}reader → live {2}allowed 200 {2}getProjects, GET \/api\/admin\/projects {2}\d+ ms$/,
  );
  expect(refused).toContain('minter → live  refused 403  policy.mint by mint guard');
  expect(refused?.endsWith(refusedId)).toBe(true);
  expect(failed).toContain('lost → dead  failed 502  upstream.unreachable');
});

test.each([
  [['--client', 'raeder'], 'Did you mean "reader"?'],
  [['--profile', 'liev'], 'Did you mean "live"?'],
  [['--operation', 'getProject'], 'Did you mean "getProjects"?'],
  [['--verdict', 'refused', '--client', 'reader'], '3 were looked at'],
])('log %j finds nothing and helps on', async (typed, said) => {
  const nothing = await cli.run(['log', ...typed]);
  expect(nothing).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(said) });
  expect(nothing.stderr).toContain('Type: tokenleash log');
});

test.each([
  [['--verdict', 'no'], '--verdict has to be allowed, refused or failed'],
  [['--since', 'yesterday'], '--since has to be a time'],
  [['--since', '2026-13-45'], '--since has to be a time'],
  [['--lines', '0'], '--lines has to be a number'],
])('log %j exits 2', async (typed, said) => {
  expect(await cli.run(['log', ...typed])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(said),
  });
});

test('where nothing was asked yet it says so', async () => {
  const { run } = built.fresh();
  expect(await run(['log'])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('No request'),
  });
  expect(JSON.parse((await run(['log', '--json'])).stdout)).toEqual({ version: 1, entries: [] });
});

test('--follow shows what is there, then each request as it ends, until Ctrl-C', async () => {
  const own = built.fresh({ DEMO_PAT: `user:${'ab'.repeat(28)}` });
  mkdirSync(join(own.home, 'config'), { recursive: true });
  const { port } = server.address() as AddressInfo;
  writeFileSync(
    join(own.home, 'config/config.yaml'),
    `current: live\nprofiles:\n  live:\n    url: http://127.0.0.1:${port}\n    token-from: env:DEMO_PAT\n`,
    { mode: 0o600 },
  );
  const running = await own.start();
  const { token } = JSON.parse((await own.run(['client', 'add', 'c', '--json'])).stdout);
  const lines = async (path: string) => void (await ask(running.url, token, path));
  await lines('/api/admin/projects');

  const typed = ['log', '--follow', '--json', '--client', 'c'];
  const child = spawn(process.execPath, [own.program, ...typed], { env: own.env });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const operations = () =>
    text
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const entry = JSON.parse(line);
        expect(entry.version).toBe(1);
        return entry.operation;
      });
  await expect.poll(operations, { timeout: 60_000 }).toEqual(['getProjects']);
  await lines('/api/admin/segments');
  await lines('/api/admin/api-tokens');
  await expect
    .poll(operations, { timeout: 60_000 })
    .toEqual(['getProjects', 'getSegments', 'getAllApiTokens']);
  child.kill('SIGINT');
  expect((await once(child, 'close'))[0]).toBe(130);
});

test('explain of a refused request says what it was, why it was refused and what is allowed', async () => {
  const { code, stdout } = await cli.run(['explain', refusedId]);
  expect(code).toBe(0);
  expect(stdout).toContain('Operation: getAllApiTokens');
  expect(stdout).toContain('Client: minter, to profile: live');
  expect(stdout).toContain('Refused: policy.mint, status 403, by: mint guard.');
  expect(stdout).toContain('tokenleash client add NAME --access write --mint');
  const json = JSON.parse((await cli.run(['explain', refusedId.toUpperCase(), '--json'])).stdout);
  expect(json).toMatchObject({
    version: 1,
    id: refusedId,
    client: 'minter',
    profile: 'live',
    operation: 'getAllApiTokens',
    verdict: 'refused',
    code: 'policy.mint',
    rule: 'mint guard',
    status: 403,
    hint: expect.stringContaining('--mint'),
  });
});

test('explain of one that was let through says how it ended', async () => {
  const [reader, , lost] = await entries();
  expect((await cli.run(['explain', reader?.id ?? ''])).stdout).toContain(
    'Allowed; the server answered with status 200.',
  );
  expect((await cli.run(['explain', lost?.id ?? ''])).stdout).toContain(
    'Allowed, and then: upstream.unreachable, status 502.',
  );
});

test.each([
  ['00000000-0000-4000-8000-000000000000', 'No request in the log has the id'],
  ['GET', 'The path is missing'],
  ['nonsense', 'The path is missing'],
])('explain %s exits 2', async (typed, said) => {
  expect(await cli.run(['explain', typed])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(said),
  });
});

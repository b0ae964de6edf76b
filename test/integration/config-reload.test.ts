import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

/** A server that says which one it is; what it is asked does not matter here. */
async function named(name: string): Promise<Server> {
  const server = createServer((_, response) => response.end(JSON.stringify({ server: name })));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

const built = useTokenleash();
const servers: Server[] = [];
const urls: string[] = [];

beforeAll(async () => {
  for (const name of ['one', 'two']) {
    const server = await named(name);
    servers.push(server);
    urls.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }
});
afterAll(async () => {
  for (const server of servers) server.close();
});

/** Each server has a token of its own: one that is read when used is not sent to an address that was edited in. */
const profile = (url: string | undefined, variable = url === urls[1] ? 'OTHER_PAT' : 'DEMO_PAT') =>
  `current: demo\nprofiles:\n  demo:\n    url: ${url}\n    token-from: env:${variable}\n`;

const PATS = { DEMO_PAT: `user:${'ab'.repeat(28)}`, OTHER_PAT: `user:${'cd'.repeat(28)}` };

/** A running proxy whose config.yaml is written by hand, and a client of it. */
async function running(write: (path: string, text: string) => void = plainly) {
  const cli = built.fresh(PATS);
  mkdirSync(join(cli.home, 'config'), { recursive: true });
  const config = join(cli.home, 'config/config.yaml');
  const change = (text: string) => write(config, text);
  change(profile(urls[0]));
  const proxy = await cli.start();
  const made = await cli.run(['client', 'add', 'c', '--access', 'write', '--json']);
  const { token } = JSON.parse(made.stdout);
  const body = async () => (await ask(proxy.url, token)).body;
  const status = async () => JSON.parse((await cli.run(['status', '--json'])).stdout);
  return { cli, proxy, config, change, token, body, status };
}

function plainly(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
}

/** As editors do it: beside the file, then in its place. */
function byRename(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

test.each([
  ['written over', plainly],
  ['put in its place', byRename],
])('a config.yaml that is %s is in force without a restart', async (_, write) => {
  const { proxy, change, body } = await running(write);
  expect(await body()).toContain('one');
  change(profile(urls[1]));
  const changedAt = performance.now();
  await expect.poll(body, { timeout: 30_000, interval: 50 }).toContain('two');
  const tookMs = performance.now() - changedAt;
  expect(proxy.stderr()).toContain('Changed files were taken up.');
  // One second on a quiet machine; the tests share theirs.
  expect(tookMs).toBeLessThan(10_000);
});

test('a config.yaml that is a link into a repository is followed there', async () => {
  const cli = built.fresh(PATS);
  mkdirSync(join(cli.home, 'config'), { recursive: true });
  const target = join(cli.home, 'tokenleash.yaml');
  plainly(target, profile(urls[0]));
  symlinkSync(target, join(cli.home, 'config/config.yaml'));
  const proxy = await cli.start();
  const { token } = JSON.parse((await cli.run(['client', 'add', 'c', '--json'])).stdout);
  expect((await ask(proxy.url, token)).body).toContain('one');
  plainly(target, profile(urls[1]));
  await expect
    .poll(async () => (await ask(proxy.url, token)).body, { timeout: 30_000 })
    .toContain('two');
});

test('a broken one is refused with file, line and reason, the old one stays in force, a mended one counts', async () => {
  const { cli, proxy, config, change, body, status } = await running();
  expect(await status()).not.toHaveProperty('problem');
  change(`${profile(urls[1])}    acess: read\n`);
  const said = /config\.yaml, line 6: .*acess/;
  await expect.poll(() => proxy.stderr(), { timeout: 30_000 }).toMatch(said);
  expect(proxy.stderr()).toContain('what was in force stays so');
  expect(await body()).toContain('one');
  const told = await cli.run(['status']);
  expect(told).toMatchObject({ code: 0, stdout: expect.stringMatching(said) });
  expect(told.stdout).toContain(`+6 ${config}`);
  expect((await status()).problem).toMatch(said);

  change(profile(urls[1]));
  await expect.poll(body, { timeout: 30_000 }).toContain('two');
  expect(await status()).not.toHaveProperty('problem');
});

test('one that other users can write is refused', async () => {
  const { proxy, config, body } = await running();
  writeFileSync(config, profile(urls[1]));
  chmodSync(config, 0o666);
  await expect.poll(() => proxy.stderr(), { timeout: 30_000 }).toContain('changed by other users');
  expect(await body()).toContain('one');
});

test('a client is revoked at once, though config.yaml be broken', async () => {
  const { cli, proxy, change, token } = await running();
  change('profiles: [');
  await expect.poll(() => proxy.stderr(), { timeout: 30_000 }).toContain('line 1');
  const revoked = await cli.run(['client', 'revoke', 'c']);
  expect(revoked.stderr).toContain('The change is written, but');
  expect(await ask(proxy.url, token)).toMatchObject({ status: 401, code: 'caller.unknown' });
});

test('clients.json taken back from a copy is in force without a restart', async () => {
  const { cli, proxy, token } = await running();
  const path = join(cli.home, 'state/clients.json');
  const copy = readFileSync(path, 'utf8');
  expect((await cli.run(['client', 'revoke', 'c'])).code).toBe(0);
  expect((await ask(proxy.url, token)).status).toBe(401);
  byRename(path, copy);
  await expect
    .poll(async () => (await ask(proxy.url, token)).status, { timeout: 30_000 })
    .toBe(200);
});

test('an address that was edited in gets no token before it is confirmed', async () => {
  const { cli, proxy, change, body, token } = await running();
  expect(await body()).toContain('one');
  change(profile(urls[1], 'DEMO_PAT'));
  await expect.poll(body, { timeout: 30_000 }).toContain('was not confirmed');
  const refused = await ask(proxy.url, token);
  expect(refused).toMatchObject({ status: 503, code: 'secret.unavailable' });
  expect(refused.body).toContain(`tokenleash profile set demo --url ${urls[1]}`);
  expect(await cli.run(['profile', 'set', 'demo', '--url', urls[1] ?? ''])).toMatchObject({
    code: 0,
  });
  await expect.poll(body, { timeout: 30_000 }).toContain('two');
});

import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchStatus, pair, useProfile } from '../../extension/background/proxy-link-exchange.ts';
import { CHROMIUM, startExtension } from './control-fixture.ts';
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

beforeAll(async () => {
  for (const name of ['one', 'two']) servers.push(await named(name));
});
afterAll(async () => {
  for (const server of servers) server.close();
});

const urlOf = (index: number) =>
  `http://127.0.0.1:${((servers[index] as Server).address() as AddressInfo).port}`;

const config = () => `# Mine, to be kept.
current: one
profiles:
  # The first.
  one:
    url: ${urlOf(0)}
    token-from: env:DEMO_PAT
  two:
    url: ${urlOf(1)}
    token-from: env:DEMO_PAT
  three:
    url: ${urlOf(1)}
    token-from: browser
    store: memory
`;

/** A running proxy with two profiles, a paired browser and a client of it. */
async function running(...more: string[]) {
  const cli = built.fresh({ DEMO_PAT: `user:${'ab'.repeat(28)}` });
  const folder = join(cli.home, 'config');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'config.yaml');
  writeFileSync(path, config(), { mode: 0o600 });
  const proxy = await cli.start(['--port', '0', '--control-port', '0', ...more]);
  const made = await cli.run(['client', 'add', 'c', '--access', 'write', '--json']);
  const { token } = JSON.parse(made.stdout);
  const { code } = JSON.parse((await cli.run(['pair', '--json'])).stdout);
  const extension = startExtension(CHROMIUM, { now: Date.now() });
  expect(await pair(extension, code, 'Chromium')).toMatchObject({ ok: true });
  return {
    cli,
    proxy,
    extension,
    folder,
    path,
    text: () => readFileSync(path, 'utf8'),
    answeredBy: async () => JSON.parse((await ask(proxy.url, token)).body).server,
    current: async () => {
      const status = await fetchStatus(extension);
      return status.state === 'connected' ? status.status.profile : status;
    },
  };
}

describe('another profile, chosen over the link', () => {
  test('is the one that requests go to at once, in the browser, at the terminal and in the file', async () => {
    const { cli, extension, text, answeredBy, current, proxy } = await running();
    expect(await answeredBy()).toBe('one');
    expect(await useProfile(extension, 'two')).toMatchObject({
      state: 'answered',
      answer: { result: 'used', profile: 'two' },
    });
    expect(await answeredBy()).toBe('two');
    expect(await current()).toBe('two');
    expect(JSON.parse((await cli.run(['status', '--json'])).stdout)).toMatchObject({
      profile: 'two',
    });
    expect(proxy.stderr()).toContain('Chromium made "two" the current profile.');

    const typed = await running();
    expect(await typed.cli.run(['profile', 'use', 'two'])).toMatchObject({ code: 0 });
    expect(text()).toBe(typed.text());
    expect(text()).toContain('# Mine, to be kept.');
  });

  test('is not there after a slip: the nearest name is offered, and nothing is written', async () => {
    const { extension, text, answeredBy, folder } = await running();
    expect(await useProfile(extension, 'tow')).toMatchObject({
      state: 'answered',
      answer: { result: 'not-used', message: expect.stringContaining('Did you mean "two"?') },
    });
    expect(text()).toBe(config());
    expect(readdirSync(folder)).toEqual(['config.yaml']);
    expect(await answeredBy()).toBe('one');
  });

  test('is not written into a config that does not read; its line is named, and the one before stays', async () => {
    const { extension, path, text, answeredBy, current } = await running();
    const broken = config().replace('    token-from', '\ttoken-from');
    writeFileSync(path, broken);
    const said = await useProfile(extension, 'two');
    expect(said).toMatchObject({
      answer: { result: 'not-used', message: expect.stringMatching(/config\.yaml.*line \d/) },
    });
    expect(text()).toBe(broken);
    expect(await answeredBy()).toBe('one');
    expect(await current()).toBe('one');
  });

  test('is not written where the folder is not to be written to, and no half of it is left', async () => {
    const { extension, folder, text, answeredBy } = await running();
    // Nothing keeps root from a folder by its mode; one of another user's is left alone by us.
    const root = process.getuid?.() === 0;
    if (root) chownSync(folder, 65_534, 65_534);
    else chmodSync(folder, 0o500);
    const said = await useProfile(extension, 'two');
    if (root) chownSync(folder, 0, 0);
    else chmodSync(folder, 0o700);
    expect(said).toMatchObject({
      answer: { result: 'not-used', message: expect.stringContaining(folder) },
    });
    expect(text()).toBe(config());
    expect(readdirSync(folder)).toEqual(['config.yaml']);
    expect(await answeredBy()).toBe('one');
  });

  test('cannot take the place of that of `start --profile`, and is not written down as if it did', async () => {
    const { extension, text, current } = await running('--profile', 'one');
    expect(await useProfile(extension, 'two')).toMatchObject({
      answer: { result: 'not-used', message: expect.stringContaining('--profile one') },
    });
    expect(text()).toBe(config());
    expect(await current()).toBe('one');
  });

  test('asked for several times at once is one of them, whole', async () => {
    const { extension, text, current } = await running();
    const answers = await Promise.all(
      ['two', 'one', 'two', 'one'].map((name) => useProfile(extension, name)),
    );
    for (const answer of answers) expect(answer).toMatchObject({ answer: { result: 'used' } });
    const chosen = await current();
    expect(text()).toBe(config().replace('current: one', `current: ${chosen}`));
  });
});

test('the status says which profiles have a place for a token from the browser', async () => {
  const { extension } = await running();
  const said = await fetchStatus(extension);
  if (said.state !== 'connected') throw new Error(said.state);
  expect(said.status.profiles.map(({ name, takesTokens }) => [name, takesTokens])).toEqual([
    ['one', false],
    ['two', false],
    ['three', true],
  ]);
});

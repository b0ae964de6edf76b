import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();
let url: string;
let pat: string;
const servers: Server[] = [];

beforeAll(async () => {
  const unleash = sharedUnleash();
  url = unleash.url;
  pat = (await unleash.createPat(`cli-profile-${Date.now()}`)).secret;
});
afterAll(async () => {
  for (const server of servers) server.close();
});

/** A server that answers everything in one way; stands in for what no Unleash can be made to say. */
async function answering(status: number, type: string, body: string): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const nothingStored = (home: string) => {
  expect(existsSync(join(home, 'config'))).toBe(false);
  expect(existsSync(join(home, 'data'))).toBe(false);
};

describe('profile add', () => {
  test('stores a PAT that works, sealed, and a pasted UI address is cut to the base', async () => {
    const { run, home } = built.fresh();
    const added = await run(
      ['profile', 'add', 'demo', '--url', `${url}/admin/api`, '--unattended'],
      `${pat}\n`,
    );
    expect(added).toMatchObject({ code: 0 });
    const listed = JSON.parse((await run(['profile', 'list', '--json'])).stdout);
    expect(listed).toEqual({
      version: 1,
      current: 'demo',
      profiles: [{ name: 'demo', url, access: 'write', source: 'stdin', state: 'ready' }],
    });
    for (const file of [
      'config/config.yaml',
      'data/secrets-unattended.json',
      'data/secrets-unattended.key',
    ]) {
      expect(statSync(join(home, file)).mode & 0o777, file).toBe(0o600);
      expect(readFileSync(join(home, file), 'utf8')).not.toContain(pat.slice(5));
    }
  });

  test('takes the passphrase from a file, and a wrong one later changes nothing', async () => {
    const { run, home, env } = built.fresh();
    mkdirSync(home, { recursive: true });
    const file = join(home, 'passphrase');
    writeFileSync(file, 'open sesame\n', { mode: 0o600 });
    env.TOKENLEASH_PASSPHRASE_FILE = file;
    expect(await run(['profile', 'add', 'one', '--url', url], pat)).toMatchObject({ code: 0 });
    const before = readFileSync(join(home, 'data/secrets.json'), 'utf8');
    writeFileSync(file, 'wrong\n');
    const second = await run(['profile', 'add', 'two', '--url', url], pat);
    expect(second).toMatchObject({ code: 4, stderr: expect.stringContaining('passphrase') });
    expect(readFileSync(join(home, 'data/secrets.json'), 'utf8')).toBe(before);
    expect((await run(['profile', 'list'])).stdout).not.toContain('two');
  });

  test('with no terminal and no passphrase file it exits 4 and writes nothing', async () => {
    const { run, home } = built.fresh();
    const words = ['profile', 'add', 'demo', '--url', url, '--access', 'read'];
    const added = await run(words, pat);
    expect(added).toMatchObject({
      code: 4,
      stderr: expect.stringContaining(
        `TOKENLEASH_PASSPHRASE_FILE=FILE tokenleash ${words.join(' ')}`,
      ),
    });
    nothingStored(home);
  });

  const refusedPats: [string, () => string][] = [
    ['empty', () => ''],
    ['white space', () => ' \n'],
    ['two lines', () => `${pat}\nmore`],
    ['a backend token', () => `*:development.${'a'.repeat(56)}`],
    ['a phantom token', () => `user:tl_${'a'.repeat(43)}`],
    ['one that this server does not know', () => `user:${'0'.repeat(56)}`],
    ['a megabyte', () => 'x'.repeat(1024 * 1024)],
  ];
  test.each(refusedPats)(
    'a token that is %s exits 4, stores nothing and is not repeated',
    async (_, text) => {
      const { run, home } = built.fresh();
      const given = text();
      const added = await run(['profile', 'add', 'demo', '--url', url, '--unattended'], given);
      expect(added.code).toBe(4);
      expect(added.stderr).toContain('\nType: tokenleash');
      if (given.length > 20) expect(added.stdout + added.stderr).not.toContain(given.slice(8, 40));
      nothingStored(home);
    },
  );

  test.each([['../x'], ['a b'], ['x'.repeat(300)], ['🦊'], ['']])(
    'the name %j is refused with exit code 2',
    async (name) => {
      const { run, home } = built.fresh();
      expect(await run(['profile', 'add', name, '--url', url, '--unattended'], pat)).toMatchObject({
        code: 2,
      });
      nothingStored(home);
    },
  );

  test.each([
    ['a query', 'https://unleash.example.com/?x=1'],
    ['a fragment', 'https://unleash.example.com/#x'],
    ['user and password', 'https://me:secret@unleash.example.com'],
    ['plain http to another machine', 'http://unleash.example.com'],
    ['another scheme', 'ftp://unleash.example.com'],
    ['nonsense', 'https://'],
  ])('an address with %s is refused with exit code 2', async (_, address) => {
    const { run, home } = built.fresh();
    const added = await run(['profile', 'add', 'demo', '--url', address, '--unattended'], pat);
    expect(added.code).toBe(2);
    expect(added.stderr).not.toContain('me:secret');
    nothingStored(home);
  });

  test.each([
    ['an HTML page', 200, 'text/html', '<h1>Hello</h1>'],
    ['status 500', 500, 'application/json', '{}'],
    ['status 429', 429, 'application/json', '{}'],
  ])('a server that answers %s is a warning: stored, exit 0', async (_, status, type, body) => {
    const { run } = built.fresh();
    const server = await answering(status, type, body);
    const added = await run(['profile', 'add', 'demo', '--url', server, '--unattended'], pat);
    expect(added).toMatchObject({ code: 0, stderr: expect.stringContaining('Warning: ') });
    expect((await run(['profile', 'list'])).stdout).toContain(server);
  });

  test.each([401, 403])('a server that answers %i to the PAT exits 4', async (status) => {
    const { run, home } = built.fresh();
    const server = await answering(status, 'application/json', '{"name":"NoAccess"}');
    expect(
      await run(['profile', 'add', 'demo', '--url', server, '--unattended'], pat),
    ).toMatchObject({ code: 4 });
    nothingStored(home);
  });

  test('a server that is down is a warning: stored, exit 0', async () => {
    const { run } = built.fresh();
    const gone = await answering(200, 'text/plain', '');
    await new Promise((done) => servers.pop()?.close(done));
    const added = await run(['profile', 'add', 'demo', '--url', gone, '--unattended'], pat);
    expect(added).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Nothing listens there'),
    });
  });

  test('a profile that exists is left as it is, and the way out is named', async () => {
    const { run } = built.fresh();
    await run(['profile', 'add', 'demo', '--url', url, '--unattended'], pat);
    const again = await run(
      ['profile', 'add', 'demo', '--url', 'https://other.example', '--unattended'],
      pat,
    );
    expect(again).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('tokenleash profile remove demo'),
    });
    expect((await run(['profile', 'list'])).stdout).toContain(url);
  });

  test('env: warns, and file: wants mode 0600', async () => {
    const { run, env, home } = built.fresh();
    env.MY_PAT = pat;
    expect(
      await run(['profile', 'add', 'e', '--url', url, '--token-from', 'env:MY_PAT']),
    ).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Warning: '),
    });
    const file = join(home, 'pat');
    writeFileSync(file, pat, { mode: 0o644 });
    const open = await run(['profile', 'add', 'f', '--url', url, '--token-from', `file:${file}`]);
    expect(open).toMatchObject({ code: 4, stderr: expect.stringContaining('chmod 600') });
    chmodSync(file, 0o600);
    expect(
      await run(['profile', 'add', 'f', '--url', url, '--token-from', `file:${file}`]),
    ).toMatchObject({ code: 0 });
  });

  test('a token typed as an argument is masked in the error about it', async () => {
    const { run } = built.fresh();
    for (const words of [['--token-from', pat], ['--token', pat], [pat]]) {
      const wrong = await run(['profile', 'add', 'demo', '--url', url, ...words]);
      expect(wrong.code).toBe(2);
      expect(wrong.stderr + wrong.stdout).not.toContain(pat.slice(5));
    }
  });
});

describe('the other profile commands', () => {
  test('use, show and remove work by name, and offer the nearest for a mistyped one', async () => {
    const { run, home } = built.fresh();
    await run(['profile', 'add', 'staging', '--url', url, '--unattended'], pat);
    await run([
      'profile',
      'add',
      'production',
      '--url',
      url,
      '--token-from',
      'browser',
      '--unattended',
    ]);
    expect(await run(['profile', 'use', 'prodcution'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('tokenleash profile use production'),
    });
    expect((await run(['profile', 'use', 'production'])).code).toBe(0);
    expect(JSON.parse((await run(['profile', 'show', '--json'])).stdout)).toMatchObject({
      version: 1,
      name: 'production',
      state: 'waiting-for-secret',
    });
    expect((await run(['profile', 'remove', 'staging'])).code).toBe(0);
    expect(readFileSync(join(home, 'data/secrets-unattended.json'), 'utf8')).not.toContain(
      'staging',
    );
  });

  test('a damaged config is named with its line, and kept', async () => {
    const { run, home } = built.fresh();
    mkdirSync(join(home, 'config'), { recursive: true });
    const path = join(home, 'config/config.yaml');
    writeFileSync(path, 'profiles:\n  demo: [\n', { mode: 0o600 });
    for (const words of [
      ['profile', 'list'],
      ['start'],
      ['profile', 'add', 'x', '--url', url, '--unattended'],
    ])
      expect(await run(words, pat)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`${path}, line `),
      });
    expect(readFileSync(path, 'utf8')).toBe('profiles:\n  demo: [\n');
  });
});

import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { ask } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();
let url: string;
let pat: string;
let other: string;

beforeAll(async () => {
  const unleash = sharedUnleash();
  url = unleash.url;
  pat = (await unleash.createPat(`cli-secrets-a-${Date.now()}`)).secret;
  other = (await unleash.createPat(`cli-secrets-b-${Date.now()}`)).secret;
});

const WRONG = `user:${'0'.repeat(56)}`;
const bare = (token: string) => token.slice('user:'.length);
const sealedText = (home: string) =>
  readFileSync(join(home, 'data/secrets-unattended.json'), 'utf8');

/** A program of the user's, in the home of a test. */
function script(home: string, name: string, body: string): string {
  mkdirSync(home, { recursive: true });
  const path = join(home, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** The status of a request through a proxy that runs with this home. */
async function through(home: ReturnType<typeof built.fresh>) {
  const proxy = await home.start();
  const client = JSON.parse((await home.run(['client', 'add', `c${Date.now()}`, '--json'])).stdout);
  const answer = await ask(proxy.url, client.token);
  await proxy.end();
  return { ...answer, said: proxy.stderr() };
}

describe('a token from a program', () => {
  test('is run without a shell, once for many requests, and its token reaches the server', async () => {
    const home = built.fresh();
    const calls = join(home.home, 'calls');
    const program = script(
      home.home,
      'get token',
      `[ "$1" = 'a b' ] || exit 9; echo x >> '${calls}'; echo '{"version":1,"token":"${pat}"}'`,
    );
    const added = await home.run([
      'profile',
      'add',
      'demo',
      '--url',
      url,
      '--token-from',
      `exec:"${program}" 'a b'`,
    ]);
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('token of') });
    const called = () => readFileSync(calls, 'utf8').length / 2;
    expect(called()).toBe(1);
    // Listing and showing run nothing.
    expect((await home.run(['profile', 'list'])).stdout).toContain('ready');
    await home.run(['profile', 'show', '--json']);
    expect(called()).toBe(1);

    const proxy = await home.start();
    const client = JSON.parse((await home.run(['client', 'add', 'c', '--json'])).stdout);
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => (await ask(proxy.url, client.token)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(called()).toBe(2);
    await proxy.end();
    for (const file of ['config/config.yaml', 'state/audit.jsonl'])
      expect(readFileSync(join(home.home, file), 'utf8')).not.toContain(bare(pat));
  });

  test('that fails stores nothing, and what it says is shown with its tokens masked', async () => {
    const home = built.fresh();
    const program = script(home.home, 'failing', `echo 'vault is sealed, ${pat}' >&2; exit 2`);
    const added = await home.run([
      'profile',
      'add',
      'demo',
      '--url',
      url,
      '--token-from',
      `exec:${program}`,
    ]);
    expect(added).toMatchObject({ code: 4, stderr: expect.stringContaining('vault is sealed') });
    expect(added.stderr).toContain('exit code 2');
    expect(added.stderr).not.toContain(bare(pat));
    expect(existsSync(join(home.home, 'config'))).toBe(false);
  });

  test('that fails later is a 503 that says so, and what it says goes to who runs the proxy alone', async () => {
    const home = built.fresh();
    const program = script(home.home, 'get', `echo '{"version":1,"token":"${pat}"}'`);
    await home.run(['profile', 'add', 'demo', '--url', url, '--token-from', `exec:${program}`]);
    script(home.home, 'get', `echo 'the vault of ${pat} is sealed' >&2; exit 2`);
    const answer = await through(home);
    expect(answer).toMatchObject({ status: 503, code: 'secret.unavailable' });
    expect(answer.body).toContain('ended with exit code 2');
    expect(answer.body).not.toContain('sealed');
    expect(answer.body).not.toContain(program);
    expect(answer.said).toContain(program);
    expect(answer.said).toContain('is sealed');
    expect(answer.said + answer.body).not.toContain(bare(pat));
  });

  test.each([
    ['exec:', 'needs a program'],
    ['op://vault/item', 'op:// needs'],
    ['systemd:../../etc/shadow', 'name of a credential'],
    ['vault:secret/unleash', 'has to be stdin'],
  ])('%s is a usage error', async (source, reason) => {
    const { run } = built.fresh();
    expect(
      await run(['profile', 'add', 'demo', '--url', url, '--token-from', source]),
    ).toMatchObject({ code: 2, stderr: expect.stringContaining(reason) });
  });

  test('is not one when the token itself stands in the command', async () => {
    const { run } = built.fresh();
    const added = await run([
      'profile',
      'add',
      'demo',
      '--url',
      url,
      '--token-from',
      `exec:echo ${pat}`,
    ]);
    expect(added).toMatchObject({ code: 2, stderr: expect.stringContaining('never the token') });
    expect(added.stderr).not.toContain(bare(pat));
  });
});

test('a token from 1Password is read by op, with the environment that op needs', async () => {
  const home = built.fresh();
  const folder = join(home.home, 'bin');
  mkdirSync(folder, { recursive: true });
  script(
    folder,
    'op',
    `[ "$OP_SERVICE_ACCOUNT_TOKEN" = ops_x ] || { echo '[ERROR] not signed in' >&2; exit 1; }
[ "$#" = 3 ] && [ "$1 $2 $3" = 'read --no-newline op://Team/unleash/pat' ] || exit 6
printf '%s' '${pat}'`,
  );
  home.env.PATH = `${folder}:${process.env.PATH}`;
  const words = ['profile', 'add', 'demo', '--url', url, '--token-from', 'op://Team/unleash/pat'];
  expect(await home.run(words)).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('not signed in'),
  });
  home.env.OP_SERVICE_ACCOUNT_TOKEN = 'ops_x';
  expect(await home.run(words)).toMatchObject({ code: 0 });
  expect((await through(home)).status).toBe(200);
});

test('a systemd credential is read where the unit has it, and waited for where it has none', async () => {
  const home = built.fresh();
  const words = ['profile', 'add', 'demo', '--url', url, '--token-from', 'systemd:unleash-pat'];
  const before = await home.run(words);
  expect(before).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('read when it is used'),
  });
  expect(await through(home)).toMatchObject({ status: 503, code: 'secret.unavailable' });
  const folder = join(home.home, 'credentials');
  mkdirSync(folder, { mode: 0o500 });
  writeFileSync(join(folder, 'unleash-pat'), `${pat}\n`, { mode: 0o400 });
  home.env.CREDENTIALS_DIRECTORY = folder;
  expect((await through(home)).status).toBe(200);
});

describe('profile login', () => {
  test('gives a running proxy the new token at once; one that is refused changes nothing', async () => {
    const home = built.fresh();
    const { run, start } = home;
    await run(['profile', 'add', 'demo', '--url', url, '--unattended'], pat);
    const before = sealedText(home.home);
    for (const [given, code] of [
      [WRONG, 4],
      ['', 4],
      [`*:development.${'a'.repeat(56)}`, 4],
    ] as const)
      expect((await run(['profile', 'login', 'demo'], given)).code).toBe(code);
    expect(sealedText(home.home)).toBe(before);

    const proxy = await start();
    const client = JSON.parse((await run(['client', 'add', 'c', '--json'])).stdout);
    expect((await ask(proxy.url, client.token)).status).toBe(200);
    expect(await run(['profile', 'login', 'demo'], `${other}\n`)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('has a new token'),
    });
    expect((await ask(proxy.url, client.token)).status).toBe(200);
    await proxy.end();
    expect(sealedText(home.home)).not.toBe(before);
    expect((await through(home)).status).toBe(200);
  });

  test('is for tokens that are stored, and offers the nearest name', async () => {
    const { run, env } = built.fresh();
    env.MY_PAT = pat;
    await run(['profile', 'add', 'production', '--url', url, '--token-from', 'env:MY_PAT']);
    expect(await run(['profile', 'login', 'production'], pat)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('takes its token from env:MY_PAT'),
    });
    expect(await run(['profile', 'login', 'prodcution'], pat)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('tokenleash profile login production'),
    });
  });
});

describe('profile set', () => {
  test('asks for the token again when the address changes, and sends the old one nowhere', async () => {
    const home = built.fresh();
    const { run } = home;
    await run(['profile', 'add', 'demo', '--url', 'http://127.0.0.1:9', '--unattended'], WRONG);
    const before = sealedText(home.home);
    const words = ['profile', 'set', 'demo', '--url', `${url}/admin/api`];
    // Nothing is piped in, and there is no terminal.
    expect(await run(words)).toMatchObject({ code: 4, stderr: expect.stringContaining('empty') });
    expect(await run(words, WRONG)).toMatchObject({ code: 4 });
    expect(sealedText(home.home)).toBe(before);
    expect((await run(['profile', 'list'])).stdout).toContain('http://127.0.0.1:9');
    expect(await run(words, pat)).toMatchObject({ code: 0, stdout: expect.stringContaining(url) });
    expect((await through(home)).status).toBe(200);
  });

  test('an address changed by hand in the config opens no token', async () => {
    const home = built.fresh();
    await home.run(
      ['profile', 'add', 'demo', '--url', 'http://127.0.0.1:9', '--unattended'],
      WRONG,
    );
    const config = join(home.home, 'config/config.yaml');
    writeFileSync(config, readFileSync(config, 'utf8').replace('http://127.0.0.1:9', url));
    const answer = await through(home);
    expect(answer).toMatchObject({ status: 503, code: 'secret.unavailable' });
    expect(answer.body).toContain('tokenleash profile login demo');
  });

  test('changes what is named and nothing else, the comments too', async () => {
    const { run, home } = built.fresh();
    await run(['profile', 'add', 'demo', '--url', url, '--unattended'], pat);
    const config = join(home, 'config/config.yaml');
    const text = readFileSync(config, 'utf8').replace('  demo:', '  # mine\n  demo:');
    writeFileSync(config, text);
    expect(await run(['profile', 'set', 'demo', '--access', 'read'])).toMatchObject({ code: 0 });
    expect(readFileSync(config, 'utf8')).toBe(text.replace('access: write', 'access: read'));
  });

  test('with what cannot be is a usage error and changes nothing', async () => {
    const { run, home } = built.fresh();
    await run(['profile', 'add', 'demo', '--url', url, '--unattended'], pat);
    const config = join(home, 'config/config.yaml');
    const before = readFileSync(config, 'utf8');
    for (const words of [
      [],
      ['--url', 'https://unleash.example.com/?x=1'],
      ['--url', 'https://me:secret@unleash.example.com'],
      ['--url', 'http://unleash.example.com'],
      ['--access', 'all'],
      ['--ca', '/etc/hostname'],
      ['--url', 'https://127.0.0.1:9', '--ca', '/nowhere.pem'],
      ['--url', 'https://127.0.0.1:9', '--ca', '/etc/hostname'],
    ]) {
      const set = await run(['profile', 'set', 'demo', ...words], pat);
      expect(set, words.join(' ')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('\nType: '),
      });
      expect(set.stderr).not.toContain('me:secret');
    }
    expect(readFileSync(config, 'utf8')).toBe(before);
  });
});

describe('profile move', () => {
  test('takes the token from place to place, and it is in one of them', async () => {
    const home = built.fresh();
    const { run } = home;
    await run(['profile', 'add', 'demo', '--url', url, '--unattended'], pat);
    const file = join(home.home, 'pat');
    expect(await run(['profile', 'move', 'demo', '--to', `file:${file}`])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('in clear'),
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim()).toBe(pat);
    expect(sealedText(home.home)).not.toContain('pat:demo');
    expect((await through(home)).status).toBe(200);

    expect(
      await run(['profile', 'move', 'demo', '--to', 'sealed-file', '--unattended']),
    ).toMatchObject({ code: 0 });
    expect(existsSync(file)).toBe(false);
    expect((await through(home)).status).toBe(200);

    const program = script(home.home, 'get', `echo '{"version":1,"token":"${pat}"}'`);
    expect(await run(['profile', 'move', 'demo', '--to', `exec:${program}`])).toMatchObject({
      code: 0,
    });
    expect(sealedText(home.home)).not.toContain('pat:demo');
    expect((await through(home)).status).toBe(200);

    expect(
      await run(['profile', 'move', 'demo', '--to', 'sealed-file', '--unattended']),
    ).toMatchObject({ code: 0, stderr: expect.stringContaining('still lies where exec:') });
    expect((await through(home)).status).toBe(200);
  });

  test('into the memory of a running proxy leaves none in the file, and it cannot be got out', async () => {
    const home = built.fresh();
    const { run, start } = home;
    await run(['profile', 'add', 'demo', '--url', url, '--unattended'], pat);
    expect(await run(['profile', 'move', 'demo', '--to', 'memory'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('none is running'),
    });
    const proxy = await start();
    const client = JSON.parse((await run(['client', 'add', 'c', '--json'])).stdout);
    expect(await run(['profile', 'move', 'demo', '--to', 'memory'])).toMatchObject({ code: 0 });
    expect(sealedText(home.home)).not.toContain('pat:demo');
    expect((await ask(proxy.url, client.token)).status).toBe(200);
    const back = ['profile', 'move', 'demo', '--to', 'sealed-file', '--unattended'];
    expect(await run(back)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('no token out'),
    });
    expect(await run(back, pat)).toMatchObject({ code: 0 });
    await proxy.end();
    expect((await through(home)).status).toBe(200);
  });

  test('to a place that gives no token that works changes nothing', async () => {
    const home = built.fresh();
    const { run, env } = home;
    await run(['profile', 'add', 'demo', '--url', url, '--unattended'], pat);
    const config = join(home.home, 'config/config.yaml');
    const before = [readFileSync(config, 'utf8'), sealedText(home.home)];
    env.WRONG_PAT = WRONG;
    const open = join(home.home, 'open');
    writeFileSync(open, pat, { mode: 0o644 });
    for (const [to, code] of [
      ['env:NO_PAT', 4],
      ['env:WRONG_PAT', 4],
      [`file:${open}`, 4],
      [`file:${home.home}/no/such/folder`, 1],
      ['exec:/nowhere', 4],
      ['systemd:none', 4],
      ['op://vault', 2],
      ['somewhere', 2],
      ['sealed-file', 4],
    ] as const)
      expect(await run(['profile', 'move', 'demo', '--to', to]), to).toMatchObject({
        code,
        stderr: expect.stringContaining('\nType: '),
      });
    // It lies there already.
    expect(
      await run(['profile', 'move', 'demo', '--to', 'sealed-file', '--unattended']),
    ).toMatchObject({ code: 2 });
    expect([readFileSync(config, 'utf8'), sealedText(home.home)]).toEqual(before);
    expect(readFileSync(open, 'utf8')).toBe(pat);
  });
});

describe('names and damage', () => {
  test.each(['constructor', '__proto__', 'prototype'])(
    'no profile can be named %s, and none of that name is found',
    async (name) => {
      const { run } = built.fresh();
      expect(await run(['profile', 'add', name, '--url', url, '--unattended'], pat)).toMatchObject({
        code: 2,
      });
      for (const words of [
        ['login'],
        ['remove'],
        ['show'],
        ['set', '--access', 'read'],
        ['move', '--to', 'memory'],
      ])
        expect(
          await run(['profile', words[0] ?? '', name, ...words.slice(1)], pat),
          words[0],
        ).toMatchObject({ code: 2 });
    },
  );

  test('a profile named as something that every object has is one like any other', async () => {
    const home = built.fresh();
    const { run } = home;
    expect(
      await run(['profile', 'add', 'toString', '--url', url, '--unattended'], pat),
    ).toMatchObject({ code: 0 });
    expect((await through(home)).status).toBe(200);
    expect(await run(['profile', 'remove', 'toString'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('stored token with it'),
    });
  });

  test('a profile whose store is damaged is removed, and what is left of it is said', async () => {
    const { run, home } = built.fresh();
    await run(['profile', 'add', 'demo', '--url', url, '--unattended'], pat);
    const store = join(home, 'data/secrets-unattended.json');
    writeFileSync(store, '{"format":');
    const removed = await run(['profile', 'remove', 'demo']);
    expect(removed).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Profile "demo" is removed, and its stored token is not'),
    });
    expect(readFileSync(store, 'utf8')).toBe('{"format":');
    expect((await run(['profile', 'show', 'demo'])).code).toBe(2);
  });
});

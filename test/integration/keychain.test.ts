import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createKeychain } from '../../proxy/secrets/keychain.ts';
import { systemKeyring } from '../../proxy/secrets/keyring.ts';
import { storedLinks } from '../../proxy/secrets/stored-links.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { type KeychainSession, keychainSession } from './keychain-session.ts';
import { ask } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const root = join(import.meta.dirname, '../..');
const built = useTokenleash();
let session: KeychainSession;
let url: string;
let pat: string;

beforeAll(async () => {
  session = await keychainSession();
  // As an installed package has it: its native library lies beside it.
  symlinkSync(join(root, 'node_modules'), join(dirname(dirname(built.program)), 'node_modules'));
  const unleash = sharedUnleash();
  url = unleash.url;
  pat = (await unleash.createPat(`keychain-${Date.now()}`)).secret;
});
afterEach(async () => {
  session.goOn();
  await session.unlock();
});
afterAll(async () => {
  await session?.end();
});

/** A stored token, whole or by its 56 letters. */
const secretOf = () => pat.slice('user:'.length);
const fresh = () => built.fresh(session.env);
const pathsOf = (home: string) => ({
  config: join(home, 'config'),
  state: join(home, 'state'),
  data: join(home, 'data'),
  runtime: join(home, 'runtime'),
});
const keychainOf = (home: string) =>
  createKeychain(pathsOf(home), systemKeyring({ ...process.env, ...session.env }));
/** Every file below a folder in one text. */
const filesOf = (home: string) =>
  spawnSync('grep', ['-r', '-c', '', home], { encoding: 'utf8' }).stdout +
  spawnSync('sh', ['-c', 'find "$1" -type f -exec cat {} +', 'sh', home], { encoding: 'utf8' })
    .stdout;

describe('the keychain', () => {
  test('is where a token goes by default when it works, and no file of ours has it', async () => {
    const { run, start, home } = fresh();
    const added = await run(['profile', 'add', 'demo', '--url', url], pat);
    expect(added).toMatchObject({ code: 0 });
    expect(JSON.parse((await run(['profile', 'show', '--json'])).stdout)).toMatchObject({
      store: 'keychain',
      state: 'ready',
    });
    expect(existsSync(join(home, 'data/secrets.json'))).toBe(false);
    expect(filesOf(home)).not.toContain(secretOf());

    // A proxy that starts anew reads it from there, with no passphrase.
    const proxy = await start();
    const client = JSON.parse((await run(['client', 'add', 'c', '--json'])).stdout);
    expect((await ask(proxy.url, client.token)).status).toBe(200);
    expect(await proxy.end()).toBe(143);

    expect(await run(['profile', 'remove', 'demo'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('and its stored token'),
    });
    const use = { profile: 'demo', origin: url, kind: 'pat' } as const;
    expect(await keychainOf(home).get(use)).toBeNull();
  });

  test('binds an entry to profile, server and folder', async () => {
    const { run, home } = fresh();
    await run(['profile', 'add', 'demo', '--url', url, '--store', 'keychain'], pat);
    const keychain = keychainOf(home);
    const use = { profile: 'demo', origin: url, kind: 'pat' } as const;
    expect(await keychain.get(use)).toContain(secretOf());
    expect(await keychain.get({ ...use, origin: 'https://evil.example' })).toBeNull();
    expect(await keychainOf(fresh().home).get(use)).toBeNull();

    // The same value under another profile's name, as a person can put it there by hand.
    const keyring = systemKeyring({ ...process.env, ...session.env });
    const names = await namesOf(home);
    const [value] = await keyring([{ act: 'get', name: names('demo') }]);
    await keyring([{ act: 'set', name: names('other'), value: String(value) }]);
    await expect(keychain.get({ ...use, profile: 'other' })).rejects.toThrow('copied');
  });

  test('that is locked is said to be so, and asked again once it is unlocked', async () => {
    const { run, start } = fresh();
    await run(['profile', 'add', 'demo', '--url', url], pat);
    await session.lock();
    const refused = await run(['profile', 'add', 'two', '--url', url, '--store', 'keychain'], pat);
    expect(refused).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('The keychain is locked'),
    });
    expect((await run(['profile', 'list'])).stdout).not.toContain('two');

    const proxy = await start();
    const client = JSON.parse((await run(['client', 'add', 'c', '--json'])).stdout);
    const answer = await ask(proxy.url, client.token);
    expect(answer).toMatchObject({ status: 503, code: 'secret.unavailable' });
    expect(answer.body).toContain('keychain is locked');
    await session.unlock();
    await expect
      .poll(async () => (await ask(proxy.url, client.token)).status, {
        timeout: 60_000,
        interval: 1000,
      })
      .toBe(200);
    await proxy.end();
  });

  test('that hangs ends a command with a sentence, not with waiting', async () => {
    const { run } = fresh();
    session.hang();
    const hung = await run(['profile', 'add', 'demo', '--url', url, '--store', 'keychain'], pat);
    expect(hung).toMatchObject({ code: 4, stderr: expect.stringContaining('keychain') });
    // By default the next best store is taken, which asks for its passphrase.
    const other = await run(['profile', 'add', 'demo', '--url', url], pat);
    expect(other).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('TOKENLEASH_PASSPHRASE_FILE'),
    });
  });

  test('that is not there leaves the sealed file, and says so where it was asked for', async () => {
    const { run } = built.fresh({ DBUS_SESSION_BUS_ADDRESS: '', XDG_RUNTIME_DIR: '' });
    expect(
      await run(['profile', 'add', 'demo', '--url', url, '--store', 'keychain'], pat),
    ).toMatchObject({ code: 4, stderr: expect.stringContaining('No keychain runs') });
    expect(await run(['profile', 'add', 'demo', '--url', url, '--unattended'], pat)).toMatchObject({
      code: 0,
    });
    expect(JSON.parse((await run(['profile', 'show', '--json'])).stdout).store).toBe('sealed-file');
  });

  test('keeps the links of browsers, and a list of what it keeps without a secret', async () => {
    const { home } = fresh();
    const keychain = keychainOf(home);
    const store = () =>
      storedLinks({
        stores: [keychain],
        forNew: async () => keychain,
        unreadable: (problem) => {
          throw problem;
        },
      });
    const key = 'a'.repeat(43);
    const record = {
      id: '0'.repeat(32),
      name: 'Firefox',
      origin: 'moz-extension://x',
      pairedAt: '2026-11-23T00:00:00.000Z',
      lastUsedAt: '2026-11-23T00:00:00.000Z',
      keys: { requestMac: key, answerMac: key, requestSeal: key, answerSeal: key },
    };
    await store().put(record);
    expect(await store().list()).toEqual([record]);
    expect(filesOf(home)).not.toContain(key);
    await store().remove(record.id);
    expect(await store().list()).toEqual([]);
  });

  test('whose list is damaged still gives tokens, and is not written over', async () => {
    const { run, start, home } = fresh();
    await run(['profile', 'add', 'demo', '--url', url], pat);
    const index = join(home, 'data/keychain.json');
    writeFileSync(index, '{');
    const proxy = await start();
    const client = JSON.parse((await run(['client', 'add', 'c', '--json'])).stdout);
    expect((await ask(proxy.url, client.token)).status).toBe(200);
    await proxy.end();
    const removed = await run(['profile', 'remove', 'demo']);
    expect(removed).toMatchObject({ code: 1, stderr: expect.stringContaining('is damaged') });
    expect(readFileSync(index, 'utf8')).toBe('{');
    expect((await run(['profile', 'list'])).stdout).not.toContain('demo');
  });

  test('whose list was lost forgets a token all the same when its profile is removed', async () => {
    const { run, home } = fresh();
    await run(['profile', 'add', 'demo', '--url', url], pat);
    rmSync(join(home, 'data/keychain.json'));
    expect(await run(['profile', 'remove', 'demo'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('stored token with it'),
    });
    const use = { profile: 'demo', origin: url, kind: 'pat' } as const;
    expect(await keychainOf(home).get(use)).toBeNull();
  });

  test('gives a token to another place and takes it back, and never keeps a second one', async () => {
    const { run, start, home } = fresh();
    const use = { profile: 'demo', origin: url, kind: 'pat' } as const;
    const file = join(home, 'pat');
    await run(['profile', 'add', 'demo', '--url', url, '--store', 'keychain'], pat);
    expect(await run(['profile', 'move', 'demo', '--to', `file:${file}`])).toMatchObject({
      code: 0,
    });
    expect(await keychainOf(home).get(use)).toBeNull();
    expect(readFileSync(file, 'utf8').trim()).toBe(pat);
    // Locked: it stays where it was.
    await session.lock();
    expect(await run(['profile', 'move', 'demo', '--to', 'keychain'])).toMatchObject({ code: 4 });
    expect(readFileSync(file, 'utf8').trim()).toBe(pat);
    await session.unlock();
    expect(await run(['profile', 'move', 'demo', '--to', 'keychain'])).toMatchObject({ code: 0 });
    expect(existsSync(file)).toBe(false);
    const proxy = await start();
    const client = JSON.parse((await run(['client', 'add', 'c', '--json'])).stdout);
    expect((await ask(proxy.url, client.token)).status).toBe(200);
    await proxy.end();
  });

  test('that is locked keeps a change noted that it hinders, and the next command finishes it', async () => {
    const { run, home } = fresh();
    await run(['profile', 'add', 'demo', '--url', url, '--store', 'keychain'], pat);
    // As a move to the environment leaves it that was killed before its last step.
    const config = join(home, 'config/config.yaml');
    const moved = readFileSync(config, 'utf8')
      .replace('token-from: stdin', 'token-from: env:MY_PAT')
      .replace(/ +store: keychain\n/, '');
    writeFileSync(config, moved);
    const note = join(home, 'data/unfinished.json');
    const change = { does: 'move', profile: 'demo', from: { store: 'keychain' }, to: null };
    writeFileSync(note, JSON.stringify({ version: 1, change }), { mode: 0o600 });
    await session.lock();
    expect(await run(['profile', 'list'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('could not be finished. The keychain is locked'),
    });
    expect(existsSync(note)).toBe(true);
    await session.unlock();
    expect(await run(['profile', 'list'])).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(note)).toBe(false);
    const use = { profile: 'demo', origin: url, kind: 'pat' } as const;
    expect(await keychainOf(home).get(use)).toBeNull();
  });
});

/** The names under which the entries of a folder are filed, from the one that is there. */
async function namesOf(home: string): Promise<(profile: string) => string> {
  const { createHash } = await import('node:crypto');
  const mark = createHash('sha256').update(join(home, 'data')).digest('hex').slice(0, 12);
  return (profile) => `pat:${profile}@${mark}`;
}

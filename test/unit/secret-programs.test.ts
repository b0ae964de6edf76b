import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseUsedSource } from '../../proxy/commands/source-words.ts';
import { sourceWord } from '../../proxy/profiles/config-file.ts';
import type { Profile } from '../../proxy/profiles/profile.ts';
import { readExecSecret } from '../../proxy/secrets/exec.ts';
import { readOpSecret } from '../../proxy/secrets/op.ts';
import { createProgramCache, KEPT_WITHOUT_EXPIRY_MS } from '../../proxy/secrets/program-cache.ts';
import type { SecretResult } from '../../proxy/secrets/secret.ts';
import { createSecretKeeper } from '../../proxy/secrets/secret-keeper.ts';
import { readSystemdSecret } from '../../proxy/secrets/systemd.ts';

const folder = mkdtempSync(join(tmpdir(), 'secret-programs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));

const ORIGIN = 'https://unleash.example.com';
const NOW = Date.parse('2026-11-23T00:00:00Z');
const pat = (letter: string) => `user:${letter.repeat(56)}`;
const answer = (fields: object) => JSON.stringify({ version: 1, token: pat('a'), ...fields });

let programs = 0;
/** A shell script as a real program of its own. */
function script(body: string, name = `program-${++programs}`): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}
const prints = (text: string) => script(`printf '%s' '${text}'`);
const exec = (command: string[], limitMs?: number) =>
  readExecSecret(command, ORIGIN, process.env, NOW, limitMs);

describe('a program that gives a token', () => {
  test('is believed by its JSON, more fields let pass', async () => {
    const program = prints(answer({ expiresAt: '2026-11-24T00:00:00Z', more: true }));
    expect(await exec([program])).toEqual({
      ok: true,
      secret: {
        secret: pat('a'),
        id: null,
        expiresAt: '2026-11-24T00:00:00Z',
        owner: null,
        origin: ORIGIN,
      },
    });
  });

  test('gets its arguments as they are: no shell takes them apart', async () => {
    const seen = join(folder, 'arguments');
    const program = script(`printf '%s|' "$@" > ${seen}; printf '%s' '${answer({})}'`);
    expect(await exec([program, 'a b', '$(id)', ';', '*', ''])).toMatchObject({ ok: true });
    expect(readFileSync(seen, 'utf8')).toBe('a b|$(id)|;|*||');
  });

  test('sees nothing of our own settings, and has no stdin to wait for', async () => {
    const seen = join(folder, 'environment');
    const program = script(`cat; env > ${seen}; printf '%s' '${answer({})}'`);
    const env = { ...process.env, TOKENLEASH_PASSPHRASE_FILE: '/secret', OP_ACCOUNT: 'mine' };
    expect(await readExecSecret([program], ORIGIN, env, NOW)).toMatchObject({ ok: true });
    const text = readFileSync(seen, 'utf8');
    expect(text).toContain('OP_ACCOUNT=mine');
    expect(text).not.toContain('TOKENLEASH_');
  });

  test.each([
    ['nothing', '', 'no JSON object'],
    ['the bare token', pat('a'), 'no JSON object'],
    ['another version', answer({ version: 2 }), 'a wrong "version"'],
    ['no token', answer({ token: undefined }), 'a wrong "token"'],
    ['an API token', answer({ token: `*:development.${'a'.repeat(56)}` }), 'an API token'],
    ['a phantom token', answer({ token: `user:tl_${'a'.repeat(43)}` }), 'a phantom token'],
    ['an expiry that is no time', answer({ expiresAt: 'soon' }), 'a wrong "expiresAt"'],
    ['an expired token', answer({ expiresAt: '2026-11-22T23:59:59Z' }), 'expired at 2026-11-22'],
  ])('that prints %s is refused in words, and not repeated', async (_, text, reason) => {
    const result = await exec([prints(text)]);
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining(reason) });
    expect(JSON.stringify(result)).not.toMatch(/[a]{20}/);
  });

  test('that fails is quoted with every token in its words masked', async () => {
    const program = script(`echo "denied for ${pat('c')} \\033[31m" >&2; exit 7`);
    const result = await exec([program]);
    expect(result).toMatchObject({
      ok: false,
      message: expect.stringContaining('exit code 7'),
      said: expect.stringContaining('denied for user:'),
    });
    expect(JSON.stringify(result)).not.toContain('cccccccccc');
    // Nothing that acts on a terminal.
    expect(JSON.stringify(result)).not.toContain('u001b');
  });

  test.each([
    ['is not there', () => join(folder, 'nowhere'), 'was not found'],
    [
      'may not be run',
      () => {
        const path = script('exit 0');
        chmodSync(path, 0o644);
        return path;
      },
      'may not be run',
    ],
    ['prints without end', () => script('exec cat /dev/zero'), 'printed too much'],
  ])('that %s is said to be so', async (_, program, reason) => {
    expect(await exec([program()])).toMatchObject({
      ok: false,
      message: expect.stringContaining(reason),
    });
  });

  test('that leaves a daemon behind is done when it has ended itself, and the daemon lives on', async () => {
    const mark = join(folder, 'daemon');
    const program = script(`sleep 600 & echo $! > ${mark}; printf '%s' '${answer({})}'`);
    expect(await exec([program], 60_000)).toMatchObject({ ok: true });
    const daemon = Number(readFileSync(mark, 'utf8'));
    expect(isRunning(daemon)).toBe(true);
    process.kill(daemon, 'SIGKILL');
  });

  test('that hangs is ended when its time is up, its children too', async () => {
    const mark = join(folder, 'pid');
    const program = script(`sleep 600 & echo $! > ${mark}; wait`);
    const result = await exec([program], 2000);
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining('within 2 s') });
    const child = Number(readFileSync(mark, 'utf8'));
    await expect.poll(() => isRunning(child), { timeout: 20_000 }).toBe(false);
  });
});

/** A process that ended but was not waited for is not running either. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('1Password', () => {
  const strict = join(folder, 'bin');
  const env = { ...process.env, PATH: `${strict}:${process.env.PATH}` };

  test('is asked by op read for the whole reference, and its words are the token', async () => {
    const { mkdirSync } = await import('node:fs');
    mkdirSync(strict, { recursive: true });
    // As strict as the real one: any other call fails.
    script(
      `[ "$#" = 3 ] && [ "$1" = read ] && [ "$2" = --no-newline ] || { echo "[ERROR] unknown command" >&2; exit 6; }
case "$3" in
  "op://Team vault/unleash/pat") printf '%s' '${pat('b')}' ;;
  *) echo "[ERROR] 2026/11/23 00:00:00 could not read secret '$3': item not found" >&2; exit 1 ;;
esac`,
      'bin/op',
    );
    expect(await readOpSecret('op://Team vault/unleash/pat', ORIGIN, env)).toMatchObject({
      ok: true,
      secret: { secret: pat('b'), expiresAt: null, origin: ORIGIN },
    });
    expect(await readOpSecret('op://Team vault/other/pat', ORIGIN, env)).toMatchObject({
      ok: false,
      message: 'op ended with exit code 1.',
      said: expect.stringContaining('item not found'),
    });
  });

  test('that is not installed is named', async () => {
    expect(await readOpSecret('op://v/i/f', ORIGIN, { PATH: folder })).toMatchObject({
      ok: false,
      message: 'op was not found.',
    });
  });
});

describe('a systemd credential', () => {
  const env = { CREDENTIALS_DIRECTORY: folder };
  const credential = (name: string, mode: number, text = `${pat('d')}\n`) => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), mode);
    return readSystemdSecret(name, ORIGIN, env);
  };

  test('is read from its folder', async () => {
    expect(await credential('unleash-pat', 0o400)).toMatchObject({
      ok: true,
      secret: { secret: pat('d'), origin: ORIGIN },
    });
    // How a unit's user sees a file that an ACL gives it.
    expect(await credential('by-acl', 0o440)).toMatchObject({ ok: true });
  });

  test('that others may read or change is refused', async () => {
    for (const mode of [0o444, 0o420, 0o402])
      expect(await credential(`mode-${mode}`, mode)).toMatchObject({
        ok: false,
        message: expect.stringContaining('by other users'),
      });
  });

  test('is absent without its folder or file, and no way out of the folder', async () => {
    expect(await readSystemdSecret('x', ORIGIN, {})).toMatchObject({ ok: false, absent: true });
    expect(await readSystemdSecret('none', ORIGIN, env)).toMatchObject({ absent: true });
    for (const name of ['../secret', '..', '', 'a/b'])
      expect(await readSystemdSecret(name, ORIGIN, env)).toMatchObject({
        ok: false,
        message: expect.stringContaining('cannot be the name'),
      });
    expect(
      await readSystemdSecret('x', ORIGIN, { CREDENTIALS_DIRECTORY: 'relative' }),
    ).toMatchObject({ ok: false, message: expect.stringContaining('absolute') });
  });
});

describe('the tokens that programs gave', () => {
  const profile: Profile = {
    name: 'demo',
    url: ORIGIN,
    access: 'write',
    source: { from: 'env', variable: 'X' },
    ca: null,
    clientCertificate: null,
    compression: 'identity',
    rules: [],
    allowHttp: false,
    unattended: false,
  };

  test('are asked for once by many requests at a time, and kept until they expire', async () => {
    const calls = join(folder, 'calls');
    const program = script(
      `echo x >> ${calls}; sleep 1; printf '%s' '${answer({ expiresAt: '2026-11-23T01:00:00Z' })}'`,
    );
    const called = () => readFileSync(calls, 'utf8').length / 2;
    let now = NOW;
    const keeper = createSecretKeeper({ stores: {}, env: process.env, now: () => now });
    const by = { ...profile, source: { from: 'exec', command: [program] } as const };
    // Asking what is known runs nothing.
    expect(await keeper.noteOf(by)).toEqual({ owner: null, expiresAt: null });
    await Promise.all(Array.from({ length: 50 }, () => keeper.secretOf(by)));
    expect(called()).toBe(1);
    now = Date.parse('2026-11-23T00:59:59Z');
    expect(await keeper.secretOf(by)).toMatchObject({ ok: true });
    expect(called()).toBe(1);
    expect(await keeper.noteOf(by)).toMatchObject({ expiresAt: '2026-11-23T01:00:00Z' });
    now = Date.parse('2026-11-23T01:00:00Z');
    // Its program still gives the old one.
    expect(await keeper.secretOf(by)).toMatchObject({ ok: false });
    expect(called()).toBe(2);
  });

  test('are kept for minutes without an expiry, and asked for again after a refusal', async () => {
    let now = 0;
    let reads = 0;
    const cache = createProgramCache(() => now);
    const read = async (): Promise<SecretResult> => {
      reads += 1;
      const secret = { secret: `s${reads}`, id: null, expiresAt: null, owner: null, origin: '' };
      return { ok: true, secret };
    };
    await cache.get('a', read);
    now = KEPT_WITHOUT_EXPIRY_MS - 1;
    await cache.get('a', read);
    expect(reads).toBe(1);
    now += 1;
    await cache.get('a', read);
    expect(reads).toBe(2);
    // Refused at once: the program has just been asked, and is not run at every request.
    cache.refused('a');
    await cache.get('a', read);
    expect(reads).toBe(2);
    now += 10_000;
    cache.refused('a');
    await cache.get('a', read);
    expect(reads).toBe(3);
    cache.retain(new Set());
    expect(cache.last('a')).toBeUndefined();
  });

  test('a failure is not kept: the next request asks again', async () => {
    const cache = createProgramCache(() => 0);
    const no = async (): Promise<SecretResult> => ({ ok: false, message: 'no', hint: '' });
    expect(await cache.get('a', no)).toMatchObject({ ok: false });
    expect(cache.last('a')).toMatchObject({ ok: false });
    const secret = { secret: 's', id: null, expiresAt: null, owner: null, origin: '' };
    expect(await cache.get('a', async () => ({ ok: true, secret }))).toMatchObject({ ok: true });
  });
});

describe('a source in a person’s words', () => {
  const parse = (text: string) => parseUsedSource(text, '--token-from', 'next');

  test('reads back from the config as it was typed', () => {
    for (const [typed, command] of [
      [`exec:vault read 'a b' "c d" e\\ f`, ['vault', 'read', 'a b', 'c d', 'e f']],
      [`exec:"/opt/my tools/get" --x=''`, ['/opt/my tools/get', '--x=']],
      [`exec:get 'it'\\''s' '' \\\\`, ['get', "it's", '', '\\']],
    ] as const) {
      const source = parse(typed);
      expect(source).toEqual({ from: 'exec', command });
      expect(parse(sourceWord(source))).toEqual(source);
    }
    expect(parse('exec:./get-token now')).toEqual({
      from: 'exec',
      command: [join(process.cwd(), 'get-token'), 'now'],
    });
    expect(parse('op://Team vault/unleash/section/pat')).toEqual({
      from: 'op',
      reference: 'op://Team vault/unleash/section/pat',
    });
    expect(parse('systemd:unleash-pat')).toEqual({ from: 'systemd', credential: 'unleash-pat' });
  });

  test.each([
    'exec:',
    'exec:  ',
    'exec:a\nb',
    `exec:echo ${pat('e')}`,
    'op://',
    'op://vault/item',
    'op://vault//field',
    'op://a/b/c/d/e',
    'systemd:',
    'systemd:../x',
    'env:1A',
    'file:',
    'vault:x',
    pat('e'),
  ])('%j is a usage error that does not repeat it', (text) => {
    try {
      parse(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ exit: 2 });
      expect(String(error)).not.toContain('eeeeee');
    }
  });
});

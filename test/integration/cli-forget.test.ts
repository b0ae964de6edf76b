import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { keychainSession } from './keychain-session.ts';
import { CTRL_C, ENTER, endTerminals, onTerminal, words } from './on-terminal.ts';
import { ask } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();
let url: string;
let pat: string;

beforeAll(async () => {
  const unleash = sharedUnleash();
  url = unleash.url;
  pat = (await unleash.createPat(`cli-forget-${Date.now()}`)).secret;
});
afterAll(async () => {
  endTerminals();
});

/** Two profiles, and a client of each. */
async function twoProfiles() {
  const cli = built.fresh();
  const tokens: Record<string, string> = {};
  for (const name of ['one', 'two']) {
    const added = await cli.run(['profile', 'add', name, '--url', url, '--unattended'], pat);
    expect(added).toMatchObject({ code: 0 });
    const made = await cli.run(['client', 'add', `c-${name}`, '--profile', name, '--json']);
    tokens[name] = JSON.parse(made.stdout).token;
  }
  const config = join(cli.home, 'config/config.yaml');
  const rules = 'clients:\n  c-one:\n    rules:\n      - deny: { environment: production }\n';
  writeFileSync(config, readFileSync(config, 'utf8') + rules, { mode: 0o600 });
  const stored = () => {
    const file = join(cli.home, 'data/secrets-unattended.json');
    return Object.keys(JSON.parse(readFileSync(file, 'utf8')).entries);
  };
  return { ...cli, cli, config, tokens, stored };
}

test('a profile goes with its token, its clients and their rules, at once under a running proxy; another one stays', async () => {
  const { run, start, tokens, stored, config } = await twoProfiles();
  const proxy = await start();
  expect((await ask(proxy.url, tokens.one ?? '')).status).toBe(200);
  const forgot = await run(['forget', 'one', '--yes']);
  expect(forgot).toMatchObject({ code: 0 });
  for (const gone of ['the stored token', 'client "c-one"', 'profile "one"'])
    expect(forgot.stdout).toContain(`Wiped: ${gone}.`);
  for (const left of [`${url}/profile/personal-api-tokens`, 'backups', 'tokenleash stop'])
    expect(forgot.stderr).toContain(left);
  expect(stored()).toEqual(['pat:two']);
  expect(await ask(proxy.url, tokens.one ?? '')).toMatchObject({
    status: 401,
    code: 'caller.unknown',
  });
  expect((await ask(proxy.url, tokens.two ?? '')).status).toBe(200);
  expect(readFileSync(config, 'utf8')).not.toMatch(/c-one|one:/);
});

test('nothing is wiped without a terminal to ask on, and the next thing to type is said', async () => {
  const { run, stored } = await twoProfiles();
  for (const typed of [['one'], ['--all']]) {
    const refused = await run(['forget', ...typed]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`Type: tokenleash forget ${typed.join(' ')} --yes`);
  }
  // A habit in the environment must not answer it.
  const { cli } = await twoProfiles();
  cli.env.TOKENLEASH_YES = '1';
  expect((await cli.run(['forget', '--all'])).code).toBe(2);
  expect(stored()).toEqual(['pat:one', 'pat:two']);
});

test.each([
  [[], 'Say which profile'],
  [['one', '--all'], 'Either a profile or --all'],
  [['onne', '--yes'], 'Did you mean "one"'],
  [['../x', '--yes'], 'no profile "../x"'],
])('forget %j wipes nothing and exits 2', async (typed, said) => {
  const { run, stored } = await twoProfiles();
  const wrong = await run(['forget', ...typed]);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
  expect(stored()).toEqual(['pat:one', 'pat:two']);
});

test('on a terminal it shows what goes and asks; Enter alone and Ctrl-C wipe nothing, y does', async () => {
  const { cli, stored } = await twoProfiles();
  for (const [key, code] of [
    [ENTER, 1],
    [CTRL_C, 130],
  ] as const) {
    const terminal = onTerminal(words(cli, 'forget', 'one'), cli.env);
    await terminal.sees('Forget it?');
    expect(terminal.seen()).toContain('client "c-one"');
    terminal.type(key);
    expect(await terminal.closed).toBe(code);
    expect(stored()).toEqual(['pat:one', 'pat:two']);
  }
  const terminal = onTerminal(words(cli, 'forget', 'one'), cli.env);
  await terminal.sees('Forget it?');
  terminal.type('y');
  expect(await terminal.closed).toBe(0);
  expect(stored()).toEqual(['pat:two']);
});

test('--all ends the proxy, leaves nothing of ours, and the token opens nothing any more', async () => {
  const { run, start, home, tokens } = await twoProfiles();
  const proxy = await start();
  expect((await ask(proxy.url, tokens.one ?? '')).status).toBe(200);
  const closed = new Promise((done) => proxy.child.once('close', done));
  const key = openSync(join(home, 'data/secrets-unattended.key'), 'r');
  const forgot = await run(['forget', '--all', '--yes']);
  expect(forgot).toMatchObject({ code: 0 });
  expect(await closed).toBe(0);
  expect(existsSync(home)).toBe(false);
  // Whoever still has the file open finds nothing in it either.
  const bytes = Buffer.alloc(64);
  const length = readSync(key, bytes, 0, 64, 0);
  closeSync(key);
  expect(length).toBeGreaterThan(40);
  expect(bytes.equals(Buffer.alloc(64))).toBe(true);
  expect(await run(['forget', '--all', '--yes'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('nothing to forget'),
  });
});

test('--all names what it did not make and leaves it, also what config.yaml leads to', async () => {
  const { run, home, config } = await twoProfiles();
  const mine = join(home, 'state/notes.txt');
  writeFileSync(mine, 'mine');
  const target = join(dirname(home), `repository-${Date.now()}.yaml`);
  renameSync(config, target);
  symlinkSync(target, config);
  const forgot = await run(['forget', '--all', '--yes']);
  expect(forgot.code).toBe(1);
  expect(forgot.stderr).toContain(`Not wiped: ${mine}: Tokenleash did not make it.`);
  expect(readFileSync(mine, 'utf8')).toBe('mine');
  expect(existsSync(config)).toBe(false);
  expect(existsSync(target)).toBe(true);
  expect(readdirSync(home)).toEqual(['state']);
  rmSync(target);
});

test('--all wipes what does not read any more, and what a killed write left', async () => {
  const { run, home, config } = await twoProfiles();
  writeFileSync(config, 'profiles: [');
  writeFileSync(join(home, 'data/secrets-unattended.json'), '{');
  writeFileSync(join(home, 'state/clients.json'), 'no');
  writeFileSync(join(home, 'data/.secrets-unattended.json.4711.abc.tmp'), 'half');
  writeFileSync(join(home, 'data/secrets.json.damaged'), 'old');
  writeFileSync(join(home, 'state/audit.000001.jsonl'), '{}\n');
  const forgot = await run(['forget', '--all', '--yes']);
  expect(forgot).toMatchObject({ code: 0 });
  expect(existsSync(home)).toBe(false);
});

test('what is in the keychain goes too; a locked one is named, and the next time it goes', async () => {
  const session = await keychainSession();
  try {
    const cli = built.fresh(session.env);
    mkdirSync(cli.home, { recursive: true });
    const modules = join(import.meta.dirname, '../../node_modules');
    const beside = join(dirname(dirname(built.program)), 'node_modules');
    if (!existsSync(beside)) symlinkSync(modules, beside);
    for (const name of ['one', 'two']) {
      const add = ['profile', 'add', name, '--url', url, '--store', 'keychain'];
      expect(await cli.run(add, pat)).toMatchObject({ code: 0 });
    }
    await session.lock();
    const locked = await cli.run(['forget', '--all', '--yes']);
    expect(locked.code).toBe(1);
    expect(locked.stderr).toContain('Not wiped: ');
    expect(readdirSync(join(cli.home, 'data'))).toEqual(['keychain.json']);

    await session.unlock();
    const forgot = await cli.run(['forget', '--all', '--yes']);
    expect(forgot).toMatchObject({ code: 0 });
    expect(forgot.stdout).toContain('Wiped: 2 in the keychain.');
    expect(existsSync(cli.home)).toBe(false);
    const { spawnSync } = await import('node:child_process');
    const env = { ...process.env, ...session.env };
    const found = spawnSync('secret-tool', ['search', '--all', 'service', 'tokenleash'], { env });
    expect(found.stdout?.toString() ?? '').not.toContain(pat.slice(5, 25));
  } finally {
    await session.end();
  }
});

import { type ChildProcess, spawn } from 'node:child_process';
import { createCipheriv, randomBytes, scryptSync } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../proxy/profiles/config-file.ts';
import { listSealedFile, openSealedFile } from '../../proxy/secrets/sealed-file.ts';
import { getPat } from '../../proxy/secrets/stored-pat.ts';
import { useTokenleash } from './use-tokenleash.ts';

/**
 * Each command is killed with SIGKILL before every single thing that it does to a file, once for each, and then the
 * next command has to find the state before it or the state after it, and nothing in between.
 */
const KILLER = `
import fs from 'node:fs';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
const at = Number(process.env.KILL_AT);
let step = 0;
const count = () => { step += 1; if (step === at) process.kill(process.pid, 'SIGKILL'); };
const counted = (owner, names) => {
  for (const name of names) {
    const real = owner[name];
    owner[name] = (...words) => { count(); return real(...words); };
  }
};
const isMade = (flags) => typeof flags === 'string' && flags.startsWith('w');
counted(files, ['writeFile', 'rename', 'rm', 'link', 'mkdir', 'chmod']);
counted(fs, ['writeFileSync', 'renameSync', 'rmSync', 'unlinkSync', 'linkSync', 'mkdirSync', 'chmodSync']);
const { open } = files;
files.open = async (path, flags, mode) => {
  const handle = await open(path, flags, mode);
  // Made, and nothing written to it yet.
  if (isMade(flags)) count();
  return handle;
};
const { openSync } = fs;
fs.openSync = (path, flags, mode) => {
  const file = openSync(path, flags, mode);
  if (isMade(flags)) count();
  return file;
};
syncBuiltinESMExports();`;

const OLD = `user:${'a'.repeat(56)}`;
const NEW = `user:${'b'.repeat(56)}`;
/** Nothing listens there: a token that cannot be tried is stored with a warning. */
const URL_BEFORE = 'http://127.0.0.1:9';
const URL_AFTER = 'http://127.0.0.1:9/flags';

/** Dozens of processes each, on a machine that may be busy. */
const LIMIT_MS = 600_000;

const built = useTokenleash();
let killer: string;
/** A home with one profile, to copy. */
let prepared: string;

beforeAll(async () => {
  killer = join(dirname(built.program), 'killer.mjs');
  writeFileSync(killer, KILLER);
  const { home, run } = built.fresh();
  prepared = home;
  cheapSealedFile(join(home, 'data'));
  const added = await run(['profile', 'add', 'demo', '--url', URL_BEFORE, '--unattended'], OLD);
  expect(added).toMatchObject({ code: 0 });
});

/** An empty sealed file whose key costs next to nothing: the cost stands in the file. */
function cheapSealedFile(folder: string): void {
  const passphrase = randomBytes(32).toString('base64url');
  const salt = randomBytes(16);
  const kdf = { name: 'scrypt', N: 2, r: 8, p: 1, salt: salt.toString('base64') };
  const iv = randomBytes(12);
  const cipher = createCipheriv(
    'aes-256-gcm',
    scryptSync(passphrase, salt, 32, { N: 2, r: 8, p: 1 }),
    iv,
  );
  cipher.setAAD(Buffer.from('tokenleash-secrets 1 key'));
  const ct = Buffer.concat([cipher.update(randomBytes(32)), cipher.final()]).toString('base64');
  const key = {
    alg: 'A256GCM',
    iv: iv.toString('base64'),
    ct,
    tag: cipher.getAuthTag().toString('base64'),
  };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = { format: 'tokenleash-secrets', version: 1, kdf, key, entries: {} };
  writeFileSync(join(folder, 'secrets-unattended.json'), JSON.stringify(file), { mode: 0o600 });
  writeFileSync(join(folder, 'secrets-unattended.key'), passphrase, { mode: 0o600 });
}

/** Where a home's profile has its token, by its config, by what is really there, and which token that is. */
async function stateOf(home: string, name = 'demo') {
  const paths = {
    config: join(home, 'config'),
    state: join(home, 'state'),
    data: join(home, 'data'),
    runtime: join(home, 'runtime'),
  };
  const { profiles } = await readConfig(paths);
  const profile = profiles.find((one) => one.name === name) ?? null;
  const sealed = join(home, 'data/secrets-unattended.json');
  const store = await openSealedFile(
    sealed,
    readFileSync(join(home, 'data/secrets-unattended.key'), 'utf8').trim(),
    { create: false },
  );
  const entries = ((await listSealedFile(sealed)) ?? []).filter((one) => one.profile === name);
  const file = join(home, 'pat');
  const inFile = existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
  const found = profile && (await getPat(store, name, profile.url));
  return {
    url: profile?.url ?? null,
    from: profile && ('store' in profile.source ? profile.source.store : profile.source.from),
    entries: entries.length,
    sealed: found?.secret ?? null,
    inFile,
  };
}

/** Kills the command at its n-th step, for every n, and gives the state after the next command, each time. */
async function killedEverywhere(words: string[], input: string, home: string, name?: string) {
  const states: Awaited<ReturnType<typeof stateOf>>[] = [];
  for (let at = 1; ; at += 1) {
    const place = join(dirname(home), `killed-${words[1]}-${at}`);
    cpSync(home, place, { recursive: true });
    const { env, program, run } = built.at(place);
    const typed = words.map((word) => word.replace('HOME', place));
    const child: ChildProcess = spawn(process.execPath, ['--import', killer, program, ...typed], {
      env: { ...env, KILL_AT: String(at) },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    const [code, signal] = await once(child, 'close');
    const listed = await run(['profile', 'list']);
    expect(listed, `after step ${at}`).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(place, 'data'))).not.toContain('unfinished.json');
    states.push(await stateOf(place, name));
    leftBeside.push(...readdirSync(place).filter((one) => one.startsWith('pat.')));
    rmSync(place, { recursive: true, force: true, maxRetries: 20 });
    if (signal === 'SIGKILL') continue;
    expect(code).toBe(0);
    // Fewer would mean that the killer does not see what is done.
    expect(at).toBeGreaterThan(8);
    return states;
  }
}

/** Files that a killed command left beside the one that it was to make. */
const leftBeside: string[] = [];

const kinds = (states: unknown[]): string[] => [
  ...new Set(states.map((one) => JSON.stringify(one))),
];

test(
  'a token on its way to another place is in one of them, and the config says in which',
  async () => {
    const before = {
      url: URL_BEFORE,
      from: 'sealed-file',
      entries: 1,
      sealed: OLD,
      inFile: null,
    };
    const after = { url: URL_BEFORE, from: 'file', entries: 0, sealed: null, inFile: OLD };
    const there = await killedEverywhere(
      ['profile', 'move', 'demo', '--to', 'file:HOME/pat'],
      '',
      prepared,
    );
    expect(leftBeside).toEqual([]);
    expect(kinds(there)).toEqual([before, after].map((one) => JSON.stringify(one)));
  },
  LIMIT_MS,
);

test(
  'a token on its way back from a file is in one place as well',
  async () => {
    const home = join(dirname(prepared), 'in-file');
    cpSync(prepared, home, { recursive: true });
    // The same path in every copy: the file lies in the first home, and is put back each time.
    const { run } = built.at(home);
    const file = join(home, 'pat');
    expect(await run(['profile', 'move', 'demo', '--to', `file:${file}`])).toMatchObject({
      code: 0,
    });
    const config = join(home, 'config/config.yaml');
    const words = ['profile', 'move', 'demo', '--to', 'sealed-file', '--unattended'];
    const states: string[] = [];
    for (let at = 1; ; at += 1) {
      const place = join(dirname(home), `back-${at}`);
      cpSync(home, place, { recursive: true });
      writeFileSync(
        join(place, 'config/config.yaml'),
        readFileSync(config, 'utf8').replace(file, join(place, 'pat')),
      );
      const { env, program, run: next } = built.at(place);
      const child = spawn(process.execPath, ['--import', killer, program, ...words], {
        env: { ...env, KILL_AT: String(at) },
        stdio: 'ignore',
      });
      const [, signal] = await once(child, 'close');
      expect(await next(['profile', 'list'])).toMatchObject({ code: 0 });
      const { from, entries, sealed, inFile } = await stateOf(place);
      states.push(JSON.stringify({ from, entries, sealed, inFile }));
      rmSync(place, { recursive: true, force: true, maxRetries: 20 });
      if (signal !== 'SIGKILL') break;
    }
    expect([...new Set(states)]).toEqual([
      JSON.stringify({ from: 'file', entries: 0, sealed: null, inFile: OLD }),
      JSON.stringify({ from: 'sealed-file', entries: 1, sealed: OLD, inFile: null }),
    ]);
  },
  LIMIT_MS,
);

test(
  'a profile on its way to another address has a token that is for the address it has',
  async () => {
    const states = await killedEverywhere(
      ['profile', 'set', 'demo', '--url', URL_AFTER],
      NEW,
      prepared,
    );
    const state = (url: string, sealed: string) =>
      JSON.stringify({ url, from: 'sealed-file', entries: 1, sealed, inFile: null });
    expect(kinds(states)).toEqual([state(URL_BEFORE, OLD), state(URL_AFTER, NEW)]);
  },
  LIMIT_MS,
);

test(
  'a new token is stored or the old one is',
  async () => {
    const states = await killedEverywhere(['profile', 'login', 'demo'], NEW, prepared);
    expect(kinds(states.map(({ sealed }) => sealed))).toEqual(
      [OLD, NEW].map((one) => JSON.stringify(one)),
    );
  },
  LIMIT_MS,
);

test(
  'a profile that is added has its token, or there is neither',
  async () => {
    const states = await killedEverywhere(
      ['profile', 'add', 'two', '--url', URL_BEFORE, '--unattended'],
      NEW,
      prepared,
      'two',
    );
    expect(kinds(states)).toEqual([
      JSON.stringify({ url: null, from: null, entries: 0, sealed: null, inFile: null }),
      JSON.stringify({
        url: URL_BEFORE,
        from: 'sealed-file',
        entries: 1,
        sealed: NEW,
        inFile: null,
      }),
    ]);
  },
  LIMIT_MS,
);

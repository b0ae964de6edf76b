import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  changePassphrase,
  listSealedFile,
  openSealedFile,
  removeSealedEntry,
} from '../../proxy/secrets/sealed-file.ts';
import { getPat, putPat } from '../../proxy/secrets/stored-pat.ts';

const ORIGIN = 'https://unleash.example.com/flags';
const PASSPHRASE = 'correct horse battery staple';
const pat = (letter: string) => ({
  secret: `user:${letter.repeat(56)}`,
  id: 42,
  expiresAt: '2099-01-01T00:00:00.000Z',
  owner: 'admin',
  origin: ORIGIN,
});
const NOW = '2026-11-22T00:00:00.000Z';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealed-'));
  path = join(folder, 'data', 'secrets.json');
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));

const created = async (): Promise<void> => {
  const store = await openSealedFile(path, PASSPHRASE, { create: true });
  await putPat(store, 'demo', pat('a'), NOW);
};

const entryOf = (file: File): Entry => {
  const entry = file.entries['pat:demo'];
  if (!entry) throw new Error('the file has no entry for "demo"');
  return entry;
};

type Entry = { aad: { profile: string; origin: string; kind: string }; tag: string };
type File = { kdf: { N: number }; entries: Record<string, Entry> };

const edited = async (change: (file: File) => void): Promise<void> => {
  const file = JSON.parse(await readFile(path, 'utf8'));
  change(file);
  await writeFile(path, JSON.stringify(file));
};

test('a sealed PAT comes back with the passphrase and stands nowhere in the file in clear', async () => {
  await created();
  const store = await openSealedFile(path, PASSPHRASE, { create: false });
  expect(await getPat(store, 'demo', ORIGIN)).toEqual(pat('a'));
  expect(await readFile(path, 'utf8')).not.toContain('a'.repeat(20));
});

test('the file has mode 0600 and its folder 0700', async () => {
  await created();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700);
});

test('opening a file that does not exist writes nothing', async () => {
  await openSealedFile(path, PASSPHRASE, { create: true });
  expect(await readdir(folder)).toEqual([]);
});

test('a wrong passphrase ends in exit code 4 and leaves the file as it was', async () => {
  await created();
  const before = await readFile(path, 'utf8');
  await expect(openSealedFile(path, 'wrong', { create: true })).rejects.toMatchObject({
    exit: 4,
    message: expect.stringContaining('passphrase'),
  });
  expect(await readFile(path, 'utf8')).toBe(before);
});

test('an entry is not handed out for another base URL than it was stored for', async () => {
  await created();
  const store = await openSealedFile(path, PASSPHRASE, { create: false });
  expect(await getPat(store, 'demo', 'https://evil.example')).toBeNull();
});

test('an entry whose origin was rewritten in the file does not open', async () => {
  await created();
  await edited((file) => {
    entryOf(file).aad.origin = 'https://evil.example';
  });
  const store = await openSealedFile(path, PASSPHRASE, { create: false });
  await expect(getPat(store, 'demo', 'https://evil.example')).rejects.toMatchObject({ exit: 4 });
});

test('an entry copied under another name does not open', async () => {
  await created();
  await edited((file) => {
    file.entries['pat:other'] = entryOf(file);
  });
  const store = await openSealedFile(path, PASSPHRASE, { create: false });
  await expect(getPat(store, 'other', ORIGIN)).rejects.toMatchObject({ exit: 4 });
});

test('a PAT does not open as a link', async () => {
  await created();
  await edited((file) => {
    const entry = entryOf(file);
    file.entries['link:demo'] = { ...entry, aad: { ...entry.aad, kind: 'link' } };
  });
  const store = await openSealedFile(path, PASSPHRASE, { create: false });
  await expect(store.list('link')).rejects.toMatchObject({ exit: 4 });
});

test('a shortened authentication tag does not open', async () => {
  await created();
  await edited((file) => {
    const entry = entryOf(file);
    entry.tag = Buffer.from(entry.tag, 'base64').subarray(0, 4).toString('base64');
  });
  const store = await openSealedFile(path, PASSPHRASE, { create: false });
  await expect(getPat(store, 'demo', ORIGIN)).rejects.toMatchObject({ exit: 4 });
});

test('a change of passphrase keeps every entry, byte for byte', async () => {
  await created();
  const before = JSON.parse(await readFile(path, 'utf8'));
  await changePassphrase(path, PASSPHRASE, 'another one');
  const after = JSON.parse(await readFile(path, 'utf8'));
  expect(after.entries).toEqual(before.entries);
  const store = await openSealedFile(path, 'another one', { create: false });
  expect(await getPat(store, 'demo', ORIGIN)).toEqual(pat('a'));
  await expect(openSealedFile(path, PASSPHRASE, { create: false })).rejects.toMatchObject({
    exit: 4,
  });
});

test('a damaged file is named, kept as it is and not written over', async () => {
  await created();
  await writeFile(path, '{"format":"tokenleash-secrets"');
  await expect(openSealedFile(path, PASSPHRASE, { create: true })).rejects.toMatchObject({
    message: expect.stringContaining(`${path} is damaged`),
  });
  expect(await readFile(path, 'utf8')).toBe('{"format":"tokenleash-secrets"');
});

test('costs that would take all memory are refused before they are paid', async () => {
  await created();
  await edited((file) => {
    file.kdf.N = 2 ** 30;
  });
  await expect(openSealedFile(path, PASSPHRASE, { create: true })).rejects.toMatchObject({
    message: expect.stringContaining('kdf.N'),
  });
});

test('what lies in the file can be listed without the passphrase, and removed', async () => {
  await created();
  expect(await listSealedFile(path)).toEqual([
    {
      profile: 'demo',
      origin: ORIGIN,
      kind: 'pat',
      createdAt: NOW,
      expiresAt: pat('a').expiresAt,
      patId: '42',
    },
  ]);
  expect(await removeSealedEntry(path, 'pat', 'demo')).toBe(true);
  expect(await removeSealedEntry(path, 'pat', 'demo')).toBe(false);
  expect(await listSealedFile(path)).toEqual([]);
});

test('writers at the same time lose no entry', async () => {
  await created();
  const store = await openSealedFile(path, PASSPHRASE, { create: false });
  const names = Array.from({ length: 12 }, (_, at) => `p${at}`);
  await Promise.all(names.map((name) => putPat(store, name, pat('b'), NOW)));
  const listed = (await listSealedFile(path))?.map((entry) => entry.profile);
  expect(listed?.sort()).toEqual(['demo', ...names].sort());
  expect((await readdir(join(folder, 'data'))).sort()).toEqual(['secrets.json']);
});

test('a file that others can read is refused', async () => {
  await created();
  await writeFile(path, await readFile(path, 'utf8'));
  await chmod(path, 0o640);
  await expect(openSealedFile(path, PASSPHRASE, { create: false })).rejects.toMatchObject({
    message: expect.stringContaining('mode 0640'),
    next: expect.stringContaining('chmod 600'),
  });
});

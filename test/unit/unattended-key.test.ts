import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Paths } from '../../proxy/runtime/paths.ts';
import { createPrivate } from '../../proxy/runtime/private-file.ts';
import { sealedPath, unattendedKey } from '../../proxy/secrets/passphrase.ts';
import { openSealedFile } from '../../proxy/secrets/sealed-file.ts';
import { getPat, putPat } from '../../proxy/secrets/stored-pat.ts';

let folder: string;
let paths: Paths;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unattended-'));
  paths = { config: folder, state: folder, data: join(folder, 'data'), runtime: folder };
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));

test('the key of an unattended store is one, however many want it first', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => unattendedKey(paths, true)));
  expect(new Set(keys).size).toBe(1);
  expect(await unattendedKey(paths, false)).toBe(keys[0]);
  expect(readdirSync(paths.data)).toEqual(['secrets-unattended.key']);
});

test('a file that is only made is never replaced', async () => {
  const path = join(folder, 'made');
  expect(await createPrivate(path, 'first')).toBe(true);
  expect(await createPrivate(path, 'second')).toBe(false);
  expect(readFileSync(path, 'utf8')).toBe('first');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  writeFileSync(path, 'changed');
  expect(readdirSync(folder)).toEqual(['made']);
});

test('a store that two make at once holds what both put into it', async () => {
  const path = sealedPath(paths, 'unattended');
  const origin = 'https://unleash.example.com';
  const names = ['one', 'two'];
  await Promise.all(
    names.map(async (name) => {
      const key = (await unattendedKey(paths, true)) ?? '';
      const store = await openSealedFile(path, key, { create: true, isRandom: true });
      const secret = { secret: `user:${name}`, id: null, expiresAt: null, owner: null, origin };
      await putPat(store, name, secret, '2026-11-22T00:00:00.000Z');
    }),
  );
  const key = (await unattendedKey(paths, false)) ?? '';
  const store = await openSealedFile(path, key, { create: false });
  for (const name of names)
    expect(await getPat(store, name, origin)).toMatchObject({ secret: `user:${name}` });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Problem } from '../../proxy/problem.ts';
import { addWithToken } from '../../proxy/profiles/add-with-token.ts';
import { readConfig, updateConfig } from '../../proxy/profiles/config-file.ts';
import type { Profile } from '../../proxy/profiles/profile.ts';
import { type Paths, resolvePaths } from '../../proxy/runtime/paths.ts';
import { sealedPath, unattendedKey } from '../../proxy/secrets/passphrase.ts';
import { openSealedFile, type SealedStore } from '../../proxy/secrets/sealed-file.ts';
import { getPat, putPat } from '../../proxy/secrets/stored-pat.ts';

const url = 'https://unleash.example.com';
const profile: Profile = {
  name: 'new',
  url,
  access: 'write',
  source: { from: 'browser', store: 'sealed-file' },
  ca: null,
  clientCertificate: null,
  compression: 'identity',
  rules: [],
  allowHttp: false,
  unattended: true,
};
const secret = { secret: 'user:1', id: 1, expiresAt: null, owner: null, origin: url };

let home: string;
let paths: Paths;
let store: SealedStore;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'with-token-'));
  paths = await resolvePaths({ TOKENLEASH_HOME: home });
  const key = (await unattendedKey(paths, true)) ?? '';
  store = await openSealedFile(sealedPath(paths, 'unattended'), key, {
    create: true,
    isRandom: true,
  });
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 20 }));

const put = () => putPat(store, 'new', secret, '2026-11-22T00:00:00.000Z');

test('a profile comes with its token', async () => {
  await addWithToken({ paths, env: {} }, profile, put);
  expect((await readConfig(paths)).profiles).toMatchObject([{ name: 'new' }]);
  expect(await getPat(store, 'new', url)).toMatchObject({ secret: 'user:1' });
});

test('where the profile cannot be written, its token does not stay in the store', async () => {
  const failing = addWithToken({ paths, env: {} }, profile, async () => {
    await put();
    throw new Problem('The disk is full.', 'df');
  });
  await expect(failing).rejects.toThrow('full');
  expect(await getPat(store, 'new', url)).toBeNull();
});

test('a name that was taken meanwhile keeps the token that it has', async () => {
  await updateConfig(paths, (_, document) =>
    document.setIn(['profiles', 'new'], {
      url: 'https://other.example.com',
      'token-from': 'stdin',
      unattended: true,
    }),
  );
  let stored = false;
  const adding = addWithToken({ paths, env: {} }, profile, async () => {
    stored = true;
  });
  await expect(adding).rejects.toThrow('already');
  expect(stored).toBe(false);
});

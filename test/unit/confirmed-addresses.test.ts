import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  confirmAddress,
  forgetAddress,
  noteAddresses,
  readAddresses,
} from '../../proxy/profiles/confirmed-addresses.ts';
import type { Profile, SecretSource } from '../../proxy/profiles/profile.ts';
import { type Paths, resolvePaths } from '../../proxy/runtime/paths.ts';
import { createSecretKeeper } from '../../proxy/secrets/secret-keeper.ts';
import { profileFor } from '../conformance/kit/port.ts';

const FROM_ENV: SecretSource = { from: 'env', variable: 'PAT' };
const A = 'https://a.example';
const B = 'https://b.example';
const at = (url: string, source: SecretSource = FROM_ENV): Profile =>
  profileFor(url, { name: 'demo', source });

let home: string;
let paths: Paths;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'addresses-'));
  paths = await resolvePaths({ TOKENLEASH_HOME: home });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('a token that is read when used goes to no address that was edited in, until it is confirmed', async () => {
  expect((await noteAddresses(paths, [at(A)]))(at(A))).toBe(true);
  expect((await noteAddresses(paths, [at(B)]))(at(B))).toBe(false);
  // Another name for the profile makes no other token of it.
  expect((await readAddresses(paths))({ ...at(B), name: 'other' })).toBe(false);
  await confirmAddress(paths, at(B));
  const isConfirmed = await noteAddresses(paths, [at(B)]);
  expect([A, B].map((url) => isConfirmed(at(url)))).toEqual([true, true]);
});

test('the keeper gives no such token, and says what to type', async () => {
  await noteAddresses(paths, [at(A)]);
  const isConfirmed = await readAddresses(paths);
  const env = { PAT: `user:${'ab'.repeat(28)}` };
  const keeper = createSecretKeeper({ stores: {}, env, now: () => 0, isConfirmed });
  expect(await keeper.secretOf(at(A))).toMatchObject({ ok: true });
  expect(await keeper.secretOf(at(B))).toEqual({
    ok: false,
    message: `The token of profile "demo" was not confirmed for ${B}, which is new in config.yaml.`,
    hint: `If it is right, type: tokenleash profile set demo --url ${B}`,
  });
  expect(await keeper.noteOf(at(B))).toBeNull();
});

test('what is stored is bound by its seal, and another source is another token', async () => {
  const stored: SecretSource = { from: 'stored', store: 'memory' };
  await noteAddresses(paths, [at(A)]);
  const isConfirmed = await noteAddresses(paths, [
    at(B, stored),
    at(B, { from: 'file', path: '/x' }),
  ]);
  expect(isConfirmed(at(B, stored))).toBe(true);
  expect(isConfirmed(at(B, { from: 'file', path: '/x' }))).toBe(true);
  expect(isConfirmed(at(A, { from: 'file', path: '/x' }))).toBe(false);
});

test('a removed profile takes its address along, but not one that another profile has too', async () => {
  await noteAddresses(paths, [at(A)]);
  await forgetAddress(paths, at(A), [{ ...at(A), name: 'other' }]);
  expect((await readAddresses(paths))(at(B))).toBe(false);
  await forgetAddress(paths, at(A), []);
  expect((await noteAddresses(paths, [at(B)]))(at(B))).toBe(true);
});

test('the note names no command, and a damaged one is said and kept', async () => {
  await noteAddresses(paths, [at(A, { from: 'exec', command: ['/opt/payroll'] })]);
  const path = join(paths.data, 'addresses.json');
  expect(readFileSync(path, 'utf8')).not.toContain('payroll');
  writeFileSync(path, '{"version":1', { mode: 0o600 });
  await expect(noteAddresses(paths, [at(A)])).rejects.toThrow('damaged');
});

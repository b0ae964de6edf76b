import { expect, test } from 'vitest';
import { Problem } from '../../proxy/problem.ts';
import { type HandOverContext, takeHandOver } from '../../proxy/profiles/hand-over.ts';
import type { Profile } from '../../proxy/profiles/profile.ts';
import type { StoredSecret } from '../../proxy/secrets/secret.ts';

const profile = (name: string, url: string, more: Partial<Profile> = {}): Profile => ({
  name,
  url,
  access: 'write',
  source: { from: 'browser', store: 'memory' },
  ca: null,
  clientCertificate: null,
  compression: 'identity',
  rules: [],
  allowHttp: false,
  unattended: false,
  ...more,
});

const handOver = (origin: string, createProfile?: string) => ({
  secret: `user:${'a'.repeat(56)}`,
  id: 7,
  expiresAt: '2099-01-01T00:00:00.000Z',
  owner: 'admin',
  origin,
  ...(createProfile === undefined ? {} : { createProfile }),
});

function context(profiles: Profile[], current: string, fails?: Problem) {
  const stored: [string, StoredSecret][] = [];
  const made: Profile[] = [];
  const given: HandOverContext = {
    profiles: () => profiles,
    currentProfile: () => profiles.find(({ name }) => name === current),
    storeForNew: async () => 'unattended' as const,
    async addWithToken(added, secret) {
      if (fails) throw fails;
      stored.push([added.name, secret]);
      made.push(added);
    },
    async store(to, secret) {
      if (fails) throw fails;
      stored.push([to.name, secret]);
    },
  };
  return { given, stored, made };
}

const A = 'https://a.example/flags';

test('a PAT goes to the current profile where its base URL is the same', async () => {
  const { given, stored } = context([profile('first', A), profile('second', A)], 'second');
  expect(await takeHandOver(handOver(`${A}/`), given)).toEqual({
    result: 'stored',
    profile: 'second',
  });
  expect(stored).toMatchObject([['second', { origin: A, id: 7 }]]);
});

test('else to the one that has its base URL, the same origin with another path not counting', async () => {
  const profiles = [profile('root', 'https://a.example'), profile('flags', A)];
  const { given } = context(profiles, 'root');
  expect(await takeHandOver(handOver(A), given)).toEqual({ result: 'stored', profile: 'flags' });
});

test('without such a profile nothing is stored, and with a name one is made', async () => {
  const { given, stored, made } = context([profile('other', 'https://b.example')], 'other');
  expect(await takeHandOver(handOver(A), given)).toEqual({ result: 'no-profile', origin: A });
  expect(stored).toEqual([]);
  expect(await takeHandOver(handOver(A, 'new'), given)).toEqual({
    result: 'stored',
    profile: 'new',
  });
  expect(made).toMatchObject([
    { name: 'new', url: A, unattended: true, source: { from: 'browser' } },
  ]);
});

test.each([
  ['a name that is taken', A, 'other'],
  ['an odd name', A, '../x'],
  ['plain http to another machine', 'http://a.example', 'new'],
  ['an address with a query', `${A}?x=1`, 'new'],
])('no profile is made with %s', async (_, origin, name) => {
  const { given, stored, made } = context([profile('other', 'https://b.example')], 'other');
  expect(await takeHandOver(handOver(origin, name), given)).toMatchObject({
    result: 'store-failed',
  });
  expect([stored, made]).toEqual([[], []]);
});

test('a store that fails is answered in words, and no profile is made', async () => {
  const { given, made } = context([], '', new Problem('The disk is full.', 'df'));
  expect(await takeHandOver(handOver(A, 'new'), given)).toEqual({
    result: 'store-failed',
    message: 'The disk is full. Type: df',
  });
  expect(made).toEqual([]);
});

test('what is not a PAT is not taken', async () => {
  const { given, stored } = context([profile('a', A)], 'a');
  const wrong = { ...handOver(A), secret: `*:development.${'a'.repeat(56)}` };
  expect(await takeHandOver(wrong, given)).toMatchObject({ result: 'store-failed' });
  expect(stored).toEqual([]);
});

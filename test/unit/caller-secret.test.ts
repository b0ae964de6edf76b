import { expect, test } from 'vitest';
import type { Profile, SecretSource } from '../../proxy/profiles/profile.ts';
import { forCallers } from '../../proxy/secrets/for-callers.ts';
import { createSecretKeeper } from '../../proxy/secrets/secret-keeper.ts';

const profile = (source: SecretSource): Profile => ({
  name: 'demo',
  url: 'https://unleash.example.com',
  access: 'write',
  source,
  ca: null,
  clientCertificate: null,
  compression: 'identity',
  rules: [],
  allowHttp: false,
  unattended: false,
});

const SOURCES: [string, SecretSource][] = [
  ['exec:', { from: 'exec', command: ['/opt/secret place/get', '--vault=team', 'payroll'] }],
  ['op://', { from: 'op', reference: 'op://payroll/unleash/pat' }],
  ['file:', { from: 'file', path: '/home/me/secret place/payroll' }],
  ['systemd:', { from: 'systemd', credential: 'payroll' }],
  ['env:', { from: 'env', variable: 'PAYROLL' }],
];

test.each(SOURCES)(
  '%s is not described to who sends requests, and is to the owner',
  async (_, source) => {
    const env = { PATH: '/nowhere', CREDENTIALS_DIRECTORY: '/run/secret place/payroll.d' };
    const keeper = createSecretKeeper({ stores: {}, env, now: () => 0 });
    const of = profile(source);
    const result = await keeper.secretOf(of);
    const told: string[] = [];
    const toCallers = forCallers((sentence) => told.push(sentence));
    const answer = toCallers(of, result);
    expect(answer).toMatchObject({
      ok: false,
      hint: 'See what is missing: tokenleash profile show demo',
    });
    expect(JSON.stringify(answer)).not.toMatch(/payroll|secret place|vault/i);
    toCallers(of, result);
    // Once, and not for each of a thousand requests.
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/payroll|secret place/i);
  },
);

test('why a program failed is told to callers, and what it says to the owner alone', async () => {
  const script = 'echo the vault is sealed >&2; exit 2';
  const of = profile({ from: 'exec', command: ['/bin/sh', '-c', script] });
  const keeper = createSecretKeeper({ stores: {}, env: process.env, now: () => 0 });
  const told: string[] = [];
  const answer = forCallers((sentence) => told.push(sentence))(of, await keeper.secretOf(of));
  expect(answer).toMatchObject({
    message: 'The token of profile "demo" is not to be had: its program ended with exit code 2.',
  });
  expect(told).toEqual([expect.stringContaining('It says: the vault is sealed')]);
  expect(told[0]).toContain('/bin/sh');
});

import { expect, test } from 'vitest';
import type { Client } from '../../proxy/clients/client.ts';
import { createExchange, type StepContext } from '../../proxy/data/exchange.ts';
import { access } from '../../proxy/data/steps/policy.ts';
import type { Refusal } from '../../proxy/errors.ts';
import type { Access } from '../../proxy/profiles/profile.ts';
import { profileFor } from '../conformance/kit/port.ts';

function refusal(ofProfile: Access, ofClient: Access | null, readOnly = false): Refusal {
  const exchange = createExchange({
    id: 'x',
    startedAt: 0,
    via: 'tcp',
    port: 1,
    method: 'POST',
    target: '/',
    rawHeaders: [],
    hangUp: () => undefined,
  });
  exchange.profile = { ...profileFor('https://u.example'), name: 'prod', access: ofProfile };
  exchange.client = ofClient === null ? null : ({ name: 'script', access: ofClient } as Client);
  exchange.effect = 'write';
  const said = access.check(exchange, { data: { readOnly } } as StepContext);
  if (said === null || said instanceof Promise) throw new Error('It was let pass.');
  return said;
}

test.each([
  ['read', 'write', 'profile "prod" has access read', 'tokenleash profile set prod --access write'],
  ['read', 'read', 'profile "prod" has access read', 'tokenleash profile set prod --access write'],
  ['ask', 'write', 'profile "prod" has access ask', 'tokenleash profile set prod --access write'],
  ['ask', 'read', 'client "script" has access read', 'tokenleash client add NAME --access write'],
  ['write', 'read', 'client "script" has access read', 'tokenleash client add NAME --access write'],
  ['read', null, 'profile "prod" has access read', 'tokenleash profile set prod --access write'],
] as const)(
  'a profile of %s and a client of %s: it is told which, and what to type',
  (profile, client, rule, typed) => {
    const said = refusal(profile, client);
    expect(said.rule).toBe(rule);
    expect(said.hint).toContain(typed);
  },
);

test('a proxy that only reads names the commands that start it otherwise', () => {
  expect(refusal('write', 'write', true).hint).toContain('tokenleash stop, then: tokenleash start');
});

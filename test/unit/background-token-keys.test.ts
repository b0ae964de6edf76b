import { describe, expect, test, vi } from 'vitest';
import type { BackgroundParts } from '../../extension/background/background-parts.ts';
import { createInstances, instanceOf } from '../../extension/background/instances.ts';
import {
  createTokenList,
  KEYS_ALARM,
  KEYS_KEPT_MS,
} from '../../extension/background/token-list.ts';
import { tokensHandlers } from '../../extension/background/tokens-handlers.ts';
import { createUnleashLink } from '../../extension/background/unleash-link.ts';
import { fakeAlarms, fakeStore } from './background-fake-browser.ts';
import { fakeToken, fakeUnleash } from './background-fake-tokens.ts';

const START = 1_800_000_000_000;
const BASE = 'https://unleash.example.com/flags';
const EXTENSION = { from: 'extension' } as const;

async function setUp() {
  const clock = { now: START };
  const now = () => clock.now;
  const [local, session] = [fakeStore(), fakeStore()];
  const alarms = fakeAlarms();
  const unleash = fakeUnleash(BASE);
  unleash.state.tokens = [fakeToken({ tokenName: 'one' }), fakeToken({ tokenName: 'two' })];
  const reach = { allowed: true };
  let reads = 0;
  const fetch: typeof unleash.fetch = (url, init) => {
    if (url.endsWith('/api/admin/api-tokens')) reads += 1;
    return unleash.fetch(url, init);
  };
  let ids = 0;
  const randomId = () => `id-${++ids}`;
  const instances = createInstances({
    local,
    mayReach: async () => reach.allowed,
    managed: async () => [],
    changed: async () => {},
  });
  await instances.add(BASE);
  const { server } = createUnleashLink({ fetch, session, now });
  const tokenList = createTokenList({ fetch, session, alarms, server, now, randomId });
  const copy = vi.fn(async (_text: string) => ({}));
  const handlers = tokensHandlers({
    session,
    instances,
    tokenList,
    clipboard: { copy },
    revocations: {
      state: async () => ({ revoking: null, troubles: [], endsAt: () => null }),
      retry: async () => {},
    },
    now,
  } as unknown as BackgroundParts);
  const secrets = () => unleash.state.tokens.map(({ secret }) => secret);
  return {
    clock,
    alarms,
    unleash: unleash.state,
    reach,
    tokenList,
    copied: () => copy.mock.calls.map(([text]) => text),
    reads: () => reads,
    secrets,
    /** How many of the secrets lie in the session's memory. */
    kept: () => secrets().filter((one) => JSON.stringify(session.all()).includes(one)).length,
    async open() {
      const answer = await handlers['tokens.list']({ instanceId: BASE }, EXTENSION);
      if (!answer.ok) throw new Error(answer.title);
      return answer.list.tokens;
    },
    copy: (id: string) => handlers['tokens.copy']({ instanceId: BASE, id }, EXTENSION),
    copyAs: (id: string) =>
      handlers['tokens.copyAs']({ instanceId: BASE, id, format: 'dotenv' as never }, EXTENSION),
  };
}

describe('the secrets of the listed tokens', () => {
  test('are not kept by the watch for tokens that end soon, which needs none', async () => {
    const { tokenList, kept, open } = await setUp();
    expect(await tokenList.readFacts(instanceOf(BASE))).toMatchObject({ ok: true });
    expect(kept()).toBe(0);
    const ids = (await tokenList.kept(BASE))?.tokens.map(({ row }) => row.id);
    expect((await open()).map(({ id }) => id)).toEqual(ids);
    expect(kept()).toBe(2);
  });

  test('are let go of 10 minutes after they were used last', async () => {
    const { open, copy, copied, secrets, clock, alarms, tokenList, kept } = await setUp();
    const [row] = await open();
    expect(alarms.at(KEYS_ALARM)).toBe(START + KEYS_KEPT_MS);
    clock.now += KEYS_KEPT_MS - 1_000;
    expect(await copy(row?.id ?? '')).toMatchObject({ ok: true });
    expect(copied()).toEqual([secrets()[0]]);
    expect(alarms.at(KEYS_ALARM)).toBe(clock.now + KEYS_KEPT_MS);
    clock.now += KEYS_KEPT_MS - 1;
    await tokenList.sweep();
    expect(kept()).toBe(2);
    clock.now += 1;
    await tokenList.sweep();
    expect(kept()).toBe(0);
    expect(alarms.at(KEYS_ALARM)).toBeNull();
  });

  test('are let go of when the clock is set back', async () => {
    const { open, clock, tokenList, kept } = await setUp();
    await open();
    clock.now -= 86_400_000;
    await tokenList.sweep();
    expect(kept()).toBe(0);
  });

  test('are not prolonged by the watch', async () => {
    const { open, clock, tokenList, kept } = await setUp();
    await open();
    clock.now += KEYS_KEPT_MS - 1;
    await tokenList.readFacts(instanceOf(BASE));
    clock.now += 1;
    await tokenList.sweep();
    expect(kept()).toBe(0);
  });

  test('are read again where one is needed after that', async () => {
    const { open, copy, copied, secrets, clock, tokenList, reads } = await setUp();
    const [, row] = await open();
    clock.now += KEYS_KEPT_MS;
    await tokenList.sweep();
    const before = reads();
    expect(await copy(row?.id ?? '')).toMatchObject({ ok: true });
    expect(copied()).toEqual([secrets()[1]]);
    expect(reads()).toBe(before + 1);
  });

  test('are not there of a token that is gone by then', async () => {
    const { open, copy, copied, clock, tokenList, unleash } = await setUp();
    const [row] = await open();
    clock.now += KEYS_KEPT_MS;
    await tokenList.sweep();
    unleash.tokens = [];
    expect(await copy(row?.id ?? '')).toMatchObject({ ok: false, code: 'tokens.gone' });
    const known = { row, mark: 'm', patId: null, revoke: 'global' } as never;
    expect(await tokenList.revoke(instanceOf(BASE), known)).toEqual({ ok: true });
    expect([copied(), unleash.changes]).toEqual([[], []]);
  });

  test('are not copied once the host may not be reached any more', async () => {
    const { open, copy, copyAs, copied, reach } = await setUp();
    const [row] = await open();
    reach.allowed = false;
    const refused = { ok: false, code: 'no-access' };
    expect(await copy(row?.id ?? '')).toMatchObject(refused);
    expect(await copyAs(row?.id ?? '')).toMatchObject(refused);
    expect(copied()).toEqual([]);
  });
});

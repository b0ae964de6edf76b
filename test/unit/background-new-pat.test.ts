import { describe, expect, test, vi } from 'vitest';
import { createInstances } from '../../extension/background/instances.ts';
import { createJustCreated } from '../../extension/background/just-created.ts';
import { newPatForProxy } from '../../extension/background/new-pat.ts';
import type {
  HandOverResult,
  StatusResult,
} from '../../extension/background/proxy-link-exchange.ts';
import type { Failure, InstanceState } from '../../extension/platform/messages.ts';
import { fakeAlarms, fakeStore } from './background-fake-browser.ts';

const NOW = new Date(2026, 10, 25, 14, 5).getTime();
const BASE = 'https://unleash.example.com/flags';
const SECRET = `user:${'a'.repeat(56)}`;
const NAME = 'Tokenleash proxy on Firefox, 2026-11-25';

const profile = (part: object = {}) => ({
  name: 'work',
  url: BASE,
  access: 'write' as const,
  state: 'ready' as const,
  owner: 'ada',
  expiresAt: null,
  takesTokens: true,
  ...part,
});

const taken: HandOverResult = {
  state: 'answered',
  control: '127.0.0.1:4281',
  answer: { result: 'stored', profile: 'work' },
};

async function setUp(base = BASE) {
  const state = {
    reach: true,
    profile: 'work' as string | null,
    profiles: [profile()],
    status: null as StatusResult | null,
    handOver: taken,
    pats: { used: 0, limit: 10, descriptions: [] as string[] },
    kinds: ['backend', 'personal'],
    instance: null as InstanceState | null,
    /** What Unleash says to each try to make one; null is yes. */
    refusals: [] as (Failure | null)[],
  };
  const session = fakeStore();
  const alarms = fakeAlarms();
  const instances = createInstances({
    local: fakeStore(),
    managed: async () => [],
    mayReach: async () => state.reach,
    changed: async () => {},
  });
  await instances.add(base);
  const created = createJustCreated({ session, alarms, now: () => NOW });
  const handOver = vi.fn(async (_: object) => state.handOver);
  const make = vi.fn(async (_: unknown, token: { name: string; expiresAt: string | null }) => {
    const refusal = state.refusals.shift() ?? null;
    if (refusal) return refusal;
    return {
      ok: true as const,
      made: {
        secret: SECRET,
        shownOnce: true,
        name: token.name,
        projects: [],
        environment: null,
        expiresAt: token.expiresAt,
        owner: 'ada',
        pat: { id: 7, expiresAt: token.expiresAt ?? '' },
      },
    };
  });
  const press = (createProfile?: string) =>
    newPatForProxy(
      {
        instances,
        created,
        unleash: {
          create: make,
          load: async () =>
            state.instance ??
            ({
              state: 'ready',
              version: '8.2.0',
              user: 'ada',
              abilities: { kinds: state.kinds },
              projects: [],
              environments: [],
              pats: state.pats,
            } as unknown as InstanceState),
        } as never,
        proxy: {
          handOver,
          status: async () =>
            state.status ?? {
              state: 'connected',
              control: '127.0.0.1:4281',
              status: {
                version: '0.1.0',
                url: 'http://127.0.0.1:4280',
                profile: state.profile,
                profiles: state.profiles,
                clients: 0,
              },
            },
        } as never,
        browserName: 'Firefox',
        now: () => NOW,
        randomId: () => 'id-1',
      },
      base,
      createProfile,
    );
  return { state, press, make, handOver, created, session };
}

describe('a new PAT for the proxy', () => {
  test('is made for 30 days, handed over, and nothing of its secret comes back or stays', async () => {
    const { press, make, handOver, created, session } = await setUp();
    const answer = await press();
    expect(answer).toMatchObject({ ok: true, profile: 'work', replaced: true });
    expect(answer).toMatchObject({ created: { name: NAME, sentTo: 'work' } });
    const expiresAt = new Date(NOW + 30 * 86_400_000).toISOString();
    expect(make.mock.calls[0]?.[1]).toMatchObject({ kind: 'personal', name: NAME, expiresAt });
    expect(handOver).toHaveBeenCalledWith({
      secret: SECRET,
      id: 7,
      expiresAt,
      owner: 'ada',
      origin: BASE,
    });
    expect(JSON.stringify([answer, session.all()])).not.toContain('aaaa');
    expect(await created.last()).toBeNull();
  });

  test('has a description of its own', async () => {
    const { state, press, make } = await setUp();
    state.pats = { used: 2, limit: 10, descriptions: [NAME, `${NAME}-2`] };
    state.refusals = [
      {
        ok: false,
        code: 'pat.description-exists',
        title: 'taken',
        message: 'm',
        suggestion: `${NAME}-4`,
      },
    ];
    expect(await press()).toMatchObject({ ok: true, created: { name: `${NAME}-4` } });
    expect(make.mock.calls.map(([, token]) => token.name)).toEqual([`${NAME}-3`, `${NAME}-4`]);
  });

  test('says that a profile which waits for its first has no token before it', async () => {
    const { state, press } = await setUp();
    state.profiles = [profile({ state: 'waiting-for-secret', owner: null })];
    expect(await press()).toMatchObject({ ok: true, replaced: false });
  });

  test('goes to the profile that the user said to make, and to no other before', async () => {
    const { state, press, make, handOver } = await setUp();
    state.profiles = [profile({ name: 'unleash', url: 'https://other.example.com' })];
    expect(await press()).toMatchObject({
      ok: false,
      code: 'no-profile',
      suggestedProfile: 'example',
    });
    expect(make).not.toHaveBeenCalled();
    state.handOver = { ...taken, answer: { result: 'stored', profile: 'example' } } as never;
    expect(await press('example')).toMatchObject({ ok: true, profile: 'example', replaced: false });
    expect(handOver.mock.calls[0]?.[0]).toMatchObject({ createProfile: 'example' });
  });

  test('is offered a profile by a name that is free', async () => {
    const { state, press } = await setUp();
    state.profiles = [profile({ name: 'example', url: 'https://other.example.com' })];
    expect(await press()).toMatchObject({ suggestedProfile: 'example-2' });
  });

  test.each<[string, (state: Awaited<ReturnType<typeof setUp>>['state']) => void, string]>([
    [
      'the proxy is away',
      (state) => {
        state.status = { state: 'unreachable', control: 'x', message: 'm' };
      },
      'proxy.unreachable',
    ],
    [
      'no proxy is paired',
      (state) => {
        state.status = { state: 'unpaired' };
      },
      'proxy.unpaired',
    ],
    [
      'the host may not be reached',
      (state) => {
        state.reach = false;
      },
      'no-access',
    ],
    [
      'the profile has its token from elsewhere',
      (state) => {
        state.profiles = [profile({ takesTokens: false })];
      },
      'proxy.no-place',
    ],
    [
      'all slots are used',
      (state) => {
        state.pats = { used: 10, limit: 10, descriptions: [] };
      },
      'pat.limit',
    ],
    [
      'personal tokens are off',
      (state) => {
        state.kinds = ['backend'];
      },
      'pat.disabled',
    ],
    [
      'nobody is logged in',
      (state) => {
        state.instance = { state: 'not-logged-in', loginUrl: `${BASE}/login` };
      },
      'auth.not-logged-in',
    ],
    [
      'the server does not answer',
      (state) => {
        state.instance = { state: 'unreachable', message: 'm' };
      },
      'instance.unreachable',
    ],
  ])('is not made where %s', async (_, arrange, code) => {
    const { state, press, make, created } = await setUp();
    arrange(state);
    const answer = await press();
    expect(answer).toMatchObject({ ok: false, code });
    if (answer.ok) return;
    expect(answer.message).not.toBe('');
    expect(make).not.toHaveBeenCalled();
    expect(await created.list(BASE)).toEqual([]);
  });

  test('says in full words that no slot is left', async () => {
    const { state, press } = await setUp();
    state.pats = { used: 10, limit: 10, descriptions: [] };
    expect(await press()).toMatchObject({
      title: 'You have 10 personal tokens, and no more are allowed',
      message: 'Revoke one first. Expired ones count too.',
    });
  });

  test('is not made for a server that is reached in clear, where the proxy would make no profile', async () => {
    const { state, press, make } = await setUp('http://unleash.example.com');
    state.profiles = [];
    expect(await press('example')).toMatchObject({
      code: 'proxy.clear-text',
      message: expect.stringContaining('--allow-http'),
    });
    expect(make).not.toHaveBeenCalled();
  });

  test('goes by the current profile first, else by one that has a place', async () => {
    const { state, press } = await setUp();
    state.profile = 'elsewhere';
    state.profiles = [
      profile({ name: 'from-env', takesTokens: false }),
      profile({ name: 'kept' }),
      profile({ name: 'elsewhere', url: 'https://other.example.com' }),
    ];
    expect(await press()).toMatchObject({ ok: true });
    state.profile = 'from-env';
    expect(await press()).toMatchObject({ code: 'proxy.no-place' });
  });

  test.each<[string, HandOverResult]>([
    ['the proxy went away', { state: 'unreachable', control: 'x', message: 'It is away.' }],
    [
      'its store failed',
      { ...taken, answer: { result: 'store-failed', message: 'It is away.' } } as HandOverResult,
    ],
  ])('stays under "Just created" with the reason when %s meanwhile', async (_, handOver) => {
    const { state, press, created } = await setUp();
    state.handOver = handOver;
    const answer = await press();
    expect(answer).toMatchObject({
      ok: false,
      code: 'pat.not-taken',
      message: 'It is away.',
      created: { id: 'id-1', name: NAME, sentTo: null },
    });
    expect(JSON.stringify(answer)).not.toContain('aaaa');
    expect(await created.find('id-1')).toMatchObject({ secret: SECRET, pat: { id: 7 } });
  });

  test('stays there too when the browser cannot use its link any more', async () => {
    const { press, handOver, created } = await setUp();
    handOver.mockRejectedValue(new Error('IndexedDB'));
    expect(await press()).toMatchObject({ ok: false, code: 'pat.not-taken' });
    expect(await created.find('id-1')).toMatchObject({ secret: SECRET });
  });
});

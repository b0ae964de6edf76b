import { describe, expect, test, vi } from 'vitest';
import type { BackgroundParts } from '../../extension/background/background-parts.ts';
import { createClipboardKeeper } from '../../extension/background/clipboard/clipboard-keeper.ts';
import { createHandlers } from '../../extension/background/handlers.ts';
import { createInstances } from '../../extension/background/instances.ts';
import { createJustCreated } from '../../extension/background/just-created.ts';
import {
  createRevocations,
  REVOCATIONS_ALARM,
  UNDO_MS,
} from '../../extension/background/revocations.ts';
import { createTokenList } from '../../extension/background/token-list.ts';
import { createUnleashLink } from '../../extension/background/unleash-link.ts';
import type { Request, TokenRow } from '../../extension/platform/messages.ts';
import { fakeAlarms, fakeClipboard, fakeStore } from './background-fake-browser.ts';
import { type FakeToken, fakeToken, fakeUnleash } from './background-fake-tokens.ts';

const START = 1_800_000_000_000;
const BASE = 'https://unleash.example.com/flags';
const EXTENSION = { from: 'extension' } as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function setUp(tokens: FakeToken[] = []) {
  const clock = { now: START };
  const now = () => clock.now;
  const local = fakeStore();
  let session = fakeStore();
  const alarms = fakeAlarms();
  const unleash = fakeUnleash(BASE);
  unleash.state.tokens = tokens;
  const clipboard = fakeClipboard({ withTimer: false });
  const reach = { allowed: true };
  let ids = 0;
  const randomId = () => `id-${++ids}`;
  const instances = createInstances({
    local,
    mayReach: async () => reach.allowed,
    managed: async () => [],
    changed: async () => {},
  });
  await instances.add(BASE);
  const absent = <T extends object>(): T =>
    new Proxy({} as T, { get: (_, name) => expect.unreachable(`used ${String(name)}`) });
  const create = vi.fn();

  /** A background that has just begun, over the stores of the last one. */
  function begin() {
    const timer = { at: null as number | null, work: null as (() => Promise<void>) | null };
    const link = createUnleashLink({ fetch: unleash.fetch, session, now });
    const tokenList = createTokenList({
      fetch: unleash.fetch,
      session,
      alarms,
      server: link.server,
      now,
      randomId,
    });
    const revocations = createRevocations({
      local,
      alarms,
      later(ms, work) {
        timer.at = now() + ms;
        timer.work = work;
        return () => {
          timer.at = null;
          timer.work = null;
        };
      },
      instances,
      tokens: tokenList,
      now,
      randomId,
    });
    const parts: BackgroundParts = {
      local,
      session,
      instances,
      leavingHosts: { leave: async () => {}, giveBack: async () => {} },
      tokenList,
      revocations,
      unleash: { ...link, create },
      clipboard: createClipboardKeeper({
        access: clipboard.access,
        session,
        local,
        alarms,
        mayRead: async () => false,
        delaySeconds: async () => 30,
        now,
        randomId,
      }),
      created: createJustCreated({ session, alarms, now }),
      shownPats: absent(),
      settings: absent(),
      recipes: absent(),
      batches: absent(),
      proxy: absent(),
      browserName: 'Firefox',
      openForm: async () => {},
      loadIntoPage: async () => {},
      awake: (work) => work,
      notify: async () => {},
      now,
      randomId,
    };
    return { handlers: createHandlers(parts), revocations, timer };
  }

  let run = begin();
  const ask = <N extends `tokens.${string}` & keyof typeof run.handlers>(
    name: N,
    request: Omit<Request<N>, 'instanceId'>,
  ) =>
    run.handlers[name]({ instanceId: BASE, ...request } as never, EXTENSION) as ReturnType<
      (typeof run.handlers)[N]
    >;

  async function rows(): Promise<TokenRow[]> {
    const answer = await ask('tokens.list', {});
    if (!answer.ok) throw new Error(answer.title);
    return answer.list.tokens;
  }
  async function row(name: string): Promise<TokenRow> {
    const found = (await rows()).find((one) => one.name === name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  }

  return {
    clock,
    local,
    alarms,
    unleash: unleash.state,
    clipboard: clipboard.state,
    reach,
    create,
    ask,
    handlers: () => run.handlers,
    sessionText: () => JSON.stringify(session.all()),
    /** The background ended and begins anew. */
    async restart() {
      run = begin();
      await run.revocations.started();
    },
    /** The browser ended and begins anew: its memory is gone. */
    async restartBrowser() {
      session = fakeStore();
      run = begin();
      await run.revocations.started();
    },
    /** Lets time pass; timers ring as they do. */
    async pass(ms: number) {
      clock.now += ms;
      const { timer } = run;
      if (timer.at !== null && timer.at <= clock.now) await timer.work?.();
    },
    ring: () => run.revocations.alarmRang(),
    hostsGivenBack: () => run.revocations.forgetSetAside(),
    rows,
    row,
    names: () => unleash.state.tokens.map(({ tokenName }) => tokenName),
  };
}

const secretsOf = (tokens: readonly FakeToken[]) => tokens.map(({ secret }) => secret.slice(-40));

test('a revoke that was taken back is not done, though the browser has no room to write that down', async () => {
  const { ask, row, local, unleash, pass } = await setUp([fakeToken({ tokenName: 'a' })]);
  const { id } = await row('a');
  await ask('tokens.revoke', { ids: [id] });
  const refuses = () => Promise.reject(new Error('QuotaExceededError'));
  Object.assign(local, { write: refuses, remove: refuses });
  expect(await ask('tokens.undo', {})).toEqual({ undone: ['a'] });
  expect(await ask('tokens.revoking', {})).toMatchObject({ revoking: null });
  await pass(10_000);
  expect(unleash.changes).toEqual([]);
});

describe('the list of tokens', () => {
  test('tells the popup no key and no secret, and keeps none on disk', async () => {
    const tokens = [fakeToken({ tokenName: 'a' }), fakeToken({ tokenName: 'b' })];
    const { ask, local, rows } = await setUp(tokens);
    const [first] = await rows();
    await ask('tokens.revoke', { ids: [first?.id ?? ''] });
    const answers = JSON.stringify([
      await ask('tokens.list', {}),
      await ask('tokens.open', {}),
      await ask('tokens.revoking', {}),
      local.all(),
    ]);
    for (const secret of secretsOf(tokens)) expect(answers).not.toContain(secret);
  });

  test('keeps the id of a row for as long as the browser runs, also when two read at once', async () => {
    const { rows, restart } = await setUp([fakeToken({ tokenName: 'a' })]);
    const [one, two] = await Promise.all([rows(), rows()]);
    expect(one).toEqual(two);
    await restart();
    expect(await rows()).toEqual(one);
  });

  test('says what may be done with each: nothing is copied that Unleash does not show', async () => {
    const { unleash, row } = await setUp([
      fakeToken({ tokenName: 'plain' }),
      fakeToken({ tokenName: 'secure', secure: true }),
    ]);
    unleash.pats = [
      { id: 7, description: 'pat', expiresAt: '3026-01-01T00:00:00.000Z', createdAt: '' },
    ];
    expect((await row('plain')).may).toEqual({
      copy: true,
      extend: true,
      create: true,
      revoke: true,
    });
    expect((await row('secure')).may).toMatchObject({ copy: false, extend: true });
    expect(await row('pat')).toMatchObject({
      expiresAt: null,
      may: { copy: false, extend: false, revoke: true },
    });
  });

  test('shows the tokens of single projects to who may see no others', async () => {
    const { unleash, ask } = await setUp([
      fakeToken({ tokenName: 'ours' }),
      fakeToken({ tokenName: 'theirs', projects: ['other'] }),
    ]);
    unleash.permissions = [
      { permission: 'READ_PROJECT_API_TOKEN', project: 'default' },
      { permission: 'DELETE_PROJECT_API_TOKEN', project: 'default' },
    ];
    unleash.forbids = (_, path) => path.startsWith('/api/admin/api-tokens');
    const answer = await ask('tokens.list', {});
    expect(answer).toMatchObject({
      ok: true,
      list: { api: 'some', tokens: [{ name: 'ours', may: { extend: false, revoke: true } }] },
    });
  });

  test('has no API tokens for a viewer, and says so', async () => {
    const { unleash, ask } = await setUp([fakeToken({ tokenName: 'a' })]);
    unleash.permissions = [];
    unleash.forbids = (_, path) => path.includes('api-tokens');
    expect(await ask('tokens.list', {})).toMatchObject({
      ok: true,
      list: { api: 'none', tokens: [], personal: { owner: 'ada', used: 0 } },
    });
  });

  test('leads to the login page when the session is lost', async () => {
    const { unleash, ask, rows } = await setUp([fakeToken({ tokenName: 'a' })]);
    const [first] = await rows();
    unleash.loggedIn = false;
    for (const answer of [
      await ask('tokens.list', {}),
      await ask('tokens.extend', { id: first?.id ?? '', expiresAt: null }),
    ]) {
      expect(answer).toMatchObject({ ok: false, code: 'auth.not-logged-in' });
    }
  });
});

describe('a token of the list', () => {
  test('is copied, with an end to it', async () => {
    const token = fakeToken({ tokenName: 'a' });
    const { ask, row, clipboard } = await setUp([token]);
    expect(await ask('tokens.copy', { id: (await row('a')).id })).toMatchObject({
      ok: true,
      copy: { clearsAt: START + 30_000 },
    });
    expect(clipboard.text).toBe(token.secret);
  });

  test('is not copied where Unleash shows a selector in place of the secret', async () => {
    const { ask, row, clipboard } = await setUp([fakeToken({ tokenName: 'a', secure: true })]);
    expect(await ask('tokens.copy', { id: (await row('a')).id })).toMatchObject({
      ok: false,
      code: 'tokens.not-told',
    });
    expect(clipboard.text).toBe('');
  });

  test('is copied in a format with the address of its instance, and that is the last one of its kind', async () => {
    const token = fakeToken({ tokenName: 'a' });
    const { ask, row, clipboard, handlers, local } = await setUp([token]);
    expect(await ask('tokens.copyAs', { id: (await row('a')).id, format: 'dotenv' })).toMatchObject(
      {
        ok: true,
        copy: { clearsAt: START + 30_000 },
      },
    );
    expect(clipboard.text).toBe(
      `UNLEASH_SERVER_API_URL=${BASE}/api\nUNLEASH_SERVER_API_TOKEN=${token.secret}\n`,
    );
    expect(await handlers()['copyAs.last']({}, EXTENSION)).toEqual({ backend: 'dotenv' });
    expect(JSON.stringify(local.all())).not.toContain(token.secret);
  });

  test.each([
    ['a selector', [fakeToken({ tokenName: 'a', secure: true })], []],
    [
      'a personal token',
      [],
      [
        {
          id: 3,
          description: 'a',
          expiresAt: new Date(START + DAY_MS).toISOString(),
          createdAt: '',
        },
      ],
    ],
  ])('is not copied in a format where there is %s alone', async (_, tokens, pats) => {
    const { ask, row, clipboard, unleash } = await setUp(tokens);
    unleash.pats = pats;
    expect(await ask('tokens.copyAs', { id: (await row('a')).id, format: 'dotenv' })).toMatchObject(
      {
        ok: false,
        code: 'tokens.not-told',
      },
    );
    expect(clipboard.text).toBe('');
  });

  test('that is gone is not copied in a format', async () => {
    const { ask } = await setUp([]);
    expect(await ask('tokens.copyAs', { id: 'x', format: 'plain' })).toMatchObject({
      code: 'tokens.gone',
    });
  });

  test('has another end, and the list with it', async () => {
    const { ask, row } = await setUp([fakeToken({ tokenName: 'a' })]);
    const { id } = await row('a');
    const expiresAt = new Date(START + 7 * DAY_MS).toISOString();
    expect(await ask('tokens.extend', { id, expiresAt })).toMatchObject({
      ok: true,
      list: { tokens: [{ id, expiresAt }] },
    });
  });

  test('that was revoked elsewhere is said to be gone, though Unleash accepts its new end', async () => {
    const { ask, row, unleash } = await setUp([fakeToken({ tokenName: 'a' })]);
    const { id } = await row('a');
    unleash.tokens = [];
    expect(await ask('tokens.extend', { id, expiresAt: null })).toMatchObject({
      ok: false,
      code: 'tokens.gone',
    });
  });
});

describe('a revoke', () => {
  const three = () => ['a', 'b', 'c'].map((tokenName) => fakeToken({ tokenName }));

  test('is sent when 5 s are over, and not before', async () => {
    const { ask, row, pass, names, unleash } = await setUp(three());
    expect(await ask('tokens.revoke', { ids: [(await row('a')).id] })).toMatchObject({
      ok: true,
      revoking: { names: ['a'], dueAt: START + UNDO_MS },
    });
    await pass(UNDO_MS - 1);
    expect(unleash.changes).toEqual([]);
    await pass(1);
    expect(names()).toEqual(['b', 'c']);
    expect(await ask('tokens.revoking', {})).toEqual({ revoking: null, troubles: [] });
  });

  test('is taken back whole, and leaves no trace', async () => {
    const { ask, row, pass, names, local } = await setUp(three());
    await ask('tokens.revoke', { ids: [(await row('a')).id] });
    await pass(3_000);
    const joined = await ask('tokens.revoke', { ids: [(await row('b')).id] });
    expect(joined).toMatchObject({ revoking: { names: ['a', 'b'], dueAt: START + 8_000 } });
    await pass(4_999);
    expect(await ask('tokens.undo', {})).toEqual({ undone: ['a', 'b'] });
    await pass(60_000);
    expect(names()).toEqual(['a', 'b', 'c']);
    expect(local.all()).not.toHaveProperty('revocations');
  });

  test('of one token asked for twice, in two popups, is one', async () => {
    const { ask, row, pass, unleash } = await setUp(three());
    const { id } = await row('a');
    const answers = await Promise.all([
      ask('tokens.revoke', { ids: [id] }),
      ask('tokens.revoke', { ids: [id, id] }),
    ]);
    expect(answers[1]).toMatchObject({ revoking: { names: ['a'] } });
    await pass(UNDO_MS);
    expect(unleash.changes).toHaveLength(1);
  });

  test('goes on when the background is ended within the 5 s', async () => {
    const { ask, row, pass, names, restart, clock } = await setUp(three());
    await ask('tokens.revoke', { ids: [(await row('a')).id] });
    clock.now += 2_000;
    await restart();
    expect(await ask('tokens.revoking', {})).toMatchObject({
      revoking: { names: ['a'], dueAt: START + UNDO_MS },
    });
    await pass(3_000);
    expect(names()).toEqual(['b', 'c']);
  });

  test('is done by the alarm where no timer is left, or by the next start', async () => {
    const { ask, row, names, alarms, clock, ring, restart } = await setUp(three());
    await ask('tokens.revoke', { ids: [(await row('a')).id] });
    expect(alarms.at(REVOCATIONS_ALARM)).toBe(START + UNDO_MS + 1_000);
    clock.now += 30_000;
    await ring();
    expect(names()).toEqual(['b', 'c']);
    await ask('tokens.revoke', { ids: [(await row('b')).id] });
    clock.now += 30_000;
    await restart();
    expect(names()).toEqual(['c']);
    expect(alarms.at(REVOCATIONS_ALARM)).toBeNull();
  });

  test('that was under way when the background ended is sent again, and is then done', async () => {
    const { ask, row, unleash, clock, ring, restart, names } = await setUp(three());
    await ask('tokens.revoke', { ids: [(await row('a')).id] });
    clock.now += UNDO_MS;
    unleash.beforeDelete = () => new Promise(() => undefined);
    void ring();
    await vi.waitFor(() => expect(unleash.changes).toHaveLength(1));
    unleash.beforeDelete = async () => undefined;
    await restart();
    expect(names()).toEqual(['b', 'c']);
    expect(await ask('tokens.revoking', {})).toEqual({ revoking: null, troubles: [] });
  });

  test('cannot be undone once it was sent, and says so', async () => {
    const { ask, row, unleash, clock, ring } = await setUp(three());
    await ask('tokens.revoke', { ids: [(await row('a')).id] });
    clock.now += UNDO_MS;
    let go: () => void = () => undefined;
    unleash.beforeDelete = () => new Promise((resolve) => (go = resolve));
    const ringing = ring();
    await vi.waitFor(() => expect(unleash.changes).toHaveLength(1));
    expect(await ask('tokens.undo', {})).toEqual({ undone: [] });
    go();
    await ringing;
  });

  test('that is forbidden though the list is not, says what is missing, and the token stays', async () => {
    const { ask, row, unleash, pass, names } = await setUp(three());
    unleash.forbids = (method) => method === 'DELETE';
    await ask('tokens.revoke', { ids: [(await row('a')).id] });
    await pass(UNDO_MS);
    const { revoking, troubles } = await ask('tokens.revoking', {});
    expect(revoking).toBeNull();
    expect(troubles).toMatchObject([
      {
        name: 'a',
        title: 'You may not do this',
        message: expect.stringContaining('DELETE_CLIENT'),
      },
    ]);
    expect(names()).toEqual(['a', 'b', 'c']);
    await ask('tokens.dismissTrouble', { id: troubles[0]?.id ?? '' });
    expect(await ask('tokens.revoking', {})).toEqual({ revoking: null, troubles: [] });
  });

  test('of a session that was lost meanwhile is not done, and says so when the popup opens', async () => {
    const { ask, row, unleash, pass, names } = await setUp(three());
    await ask('tokens.revoke', { ids: [(await row('a')).id] });
    unleash.loggedIn = false;
    await pass(UNDO_MS);
    expect((await ask('tokens.open', {})).troubles).toMatchObject([
      { name: 'a', title: expect.stringContaining('not logged in') },
    ]);
    expect(names()).toContain('a');
  });

  test('of a token that somebody else revoked first is no trouble', async () => {
    const { ask, row, unleash, pass } = await setUp(three());
    await ask('tokens.revoke', { ids: [(await row('a')).id] });
    unleash.tokens = unleash.tokens.slice(1);
    await pass(UNDO_MS);
    expect(await ask('tokens.revoking', {})).toEqual({ revoking: null, troubles: [] });
  });

  test('of a PAT frees its slot', async () => {
    const { ask, row, unleash, pass } = await setUp();
    unleash.pats = [{ id: 7, description: 'p', expiresAt: '2099-01-01T00:00:00Z', createdAt: '' }];
    await ask('tokens.revoke', { ids: [(await row('p')).id] });
    await pass(UNDO_MS);
    expect(unleash.changes).toEqual(['DELETE /api/admin/user/tokens/7']);
    expect((await ask('tokens.open', {})).list).toMatchObject({
      tokens: [],
      personal: { used: 0 },
    });
  });

  test('goes through the project where only that is allowed', async () => {
    const { ask, row, unleash, pass } = await setUp(three());
    unleash.permissions = [{ permission: 'DELETE_PROJECT_API_TOKEN', project: 'default' }];
    await ask('tokens.revoke', { ids: [(await row('a')).id] });
    await pass(UNDO_MS);
    expect(unleash.changes).toEqual([
      expect.stringMatching(/^DELETE \/api\/admin\/projects\/default\/api-tokens\/default:/),
    ]);
  });

  test('says that nothing is revoked when the browser has no space to count down in', async () => {
    const { ask, row, local, pass, names } = await setUp(three());
    const { id } = await row('a');
    local.write = async () => {
      throw new Error('QUOTA_BYTES quota exceeded');
    };
    expect(await ask('tokens.revoke', { ids: [id] })).toMatchObject({ code: 'tokens.not-kept' });
    await pass(UNDO_MS);
    expect(names()).toEqual(['a', 'b', 'c']);
  });

  test('of an instance that is removed meanwhile is off', async () => {
    const { ask, row, handlers, pass, names } = await setUp(three());
    await ask('tokens.revoke', { ids: [(await row('a')).id] });
    await handlers()['instances.remove']({ id: BASE }, EXTENSION);
    await pass(UNDO_MS);
    expect(names()).toEqual(['a', 'b', 'c']);
  });
});

describe('a replaced token', () => {
  const old = (part: Partial<FakeToken> = {}) =>
    fakeToken({
      tokenName: 'web',
      createdAt: new Date(START - 10 * DAY_MS).toISOString(),
      expiresAt: new Date(START + 20 * DAY_MS).toISOString(),
      ...part,
    });
  const newSecret = `default:production.${'f'.repeat(56)}`;

  async function setUpReplace(tokens = [old()]) {
    const all = await setUp(tokens);
    all.create.mockImplementation(async (_, token) => {
      all.unleash.tokens.push(
        fakeToken({
          tokenName: token.name,
          secret: newSecret,
          expiresAt: token.expiresAt,
          createdAt: new Date(all.clock.now).toISOString(),
        }),
      );
      const made = { ...token, secret: newSecret, shownOnce: false, owner: 'ada', pat: null };
      return { ok: true, made };
    });
    return all;
  }
  const secrets = (tokens: FakeToken[]) => tokens.map(({ secret }) => secret);

  test('has one like it made for as long as it was made for, copied and kept', async () => {
    const { ask, row, create, clipboard, pass, unleash } = await setUpReplace();
    const answer = await ask('tokens.replace', { id: (await row('web')).id, grace: 'now' });
    expect(create.mock.calls[0]?.[1]).toEqual({
      kind: 'backend',
      name: 'web',
      projects: ['default'],
      environment: 'production',
      expiresAt: new Date(START + 30 * DAY_MS).toISOString(),
    });
    expect(answer).toMatchObject({
      ok: true,
      created: { name: 'web' },
      oldKept: null,
      revoking: { names: ['web'] },
    });
    expect(clipboard.text).toBe(newSecret);
    await pass(UNDO_MS);
    expect(secrets(unleash.tokens)).toEqual([newSecret]);
  });

  test('goes on for its grace, past a restart of the browser, and is then found again by its facts', async () => {
    const first = old();
    const { ask, row, rows, clock, restartBrowser, local, unleash } = await setUpReplace([first]);
    await ask('tokens.replace', { id: (await row('web')).id, grace: '1d' });
    expect((await rows()).map(({ endsAt }) => endsAt)).toEqual([START + DAY_MS, null]);
    for (const secret of secretsOf([first, fakeToken({ tokenName: '', secret: newSecret })])) {
      expect(JSON.stringify(local.all())).not.toContain(secret);
    }
    clock.now = START + DAY_MS - 1;
    await restartBrowser();
    expect(unleash.tokens).toHaveLength(2);
    expect((await rows()).map(({ endsAt }) => endsAt)).toEqual([START + DAY_MS, null]);
    clock.now = START + DAY_MS;
    await restartBrowser();
    expect(secrets(unleash.tokens)).toEqual([newSecret]);
  });

  test('stays when it cannot be told from another any more, and says so', async () => {
    const first = old();
    const { ask, row, clock, restartBrowser, unleash } = await setUpReplace([first]);
    await ask('tokens.replace', { id: (await row('web')).id, grace: '1h' });
    unleash.tokens.push({ ...first, secret: `default:production.${'e'.repeat(56)}` });
    clock.now += HOUR_MS;
    await restartBrowser();
    expect(unleash.tokens).toHaveLength(3);
    expect(unleash.changes).toEqual([]);
    expect((await ask('tokens.open', {})).troubles).toMatchObject([
      { name: 'web', title: 'The old token was not revoked' },
    ]);
  });

  test('waits for its server and for a login, and is then revoked with no further word', async () => {
    const { ask, row, clock, restartBrowser, unleash, ring, alarms } = await setUpReplace();
    await ask('tokens.replace', { id: (await row('web')).id, grace: '1h' });
    clock.now += HOUR_MS;
    unleash.offline = true;
    await restartBrowser();
    expect(alarms.at(REVOCATIONS_ALARM)).toBeGreaterThan(clock.now);
    clock.now += 10 * 60_000;
    unleash.offline = false;
    unleash.loggedIn = false;
    await ring();
    expect((await ask('tokens.open', {})).troubles).toMatchObject([
      { title: 'The old token is not revoked yet', loginUrl: `${BASE}/login` },
    ]);
    unleash.loggedIn = true;
    await ask('tokens.list', {});
    await vi.waitFor(() => expect(secrets(unleash.tokens)).toEqual([newSecret]));
    await vi.waitFor(async () => expect((await ask('tokens.open', {})).troubles).toEqual([]));
  });

  test('is kept after all', async () => {
    const { ask, row, rows, clock, ring, unleash } = await setUpReplace();
    const { id } = await row('web');
    await ask('tokens.replace', { id, grace: '1h' });
    await ask('tokens.keep', { id });
    expect((await rows()).map(({ endsAt }) => endsAt)).toEqual([null, null]);
    clock.now += HOUR_MS;
    await ring();
    expect(unleash.tokens).toHaveLength(2);
  });

  test('that is revoked within its grace has it back by Undo', async () => {
    const { ask, row, rows } = await setUpReplace();
    const { id } = await row('web');
    await ask('tokens.replace', { id, grace: '7d' });
    await ask('tokens.revoke', { ids: [id] });
    expect((await rows())[0]?.endsAt).toBeNull();
    await ask('tokens.undo', {});
    expect((await rows())[0]?.endsAt).toBe(START + 7 * DAY_MS);
  });

  test('stays when the new one was not made', async () => {
    const { ask, row, create, unleash, pass } = await setUpReplace();
    create.mockResolvedValue({ ok: false, code: 'server.failed', title: 't', message: 'm' });
    expect(await ask('tokens.replace', { id: (await row('web')).id, grace: 'now' })).toMatchObject({
      ok: false,
      code: 'server.failed',
    });
    await pass(UNDO_MS);
    expect(unleash.tokens).toHaveLength(1);
  });

  test('stays when the new one is for less than it was', async () => {
    const { ask, row, create, unleash, pass } = await setUpReplace();
    create.mockImplementation(async (_, token) => ({
      ok: true,
      made: {
        ...token,
        projects: ['*'],
        secret: newSecret,
        shownOnce: false,
        owner: '',
        pat: null,
      },
    }));
    const answer = await ask('tokens.replace', { id: (await row('web')).id, grace: 'now' });
    expect(answer).toMatchObject({ ok: true, oldKept: expect.stringContaining('other projects') });
    await pass(UNDO_MS);
    expect(unleash.tokens).toHaveLength(1);
  });

  test('that is a PAT gives its place to one of another description', async () => {
    const { ask, row, create, unleash } = await setUpReplace([]);
    unleash.pats = [
      {
        id: 7,
        description: 'laptop',
        expiresAt: new Date(START + DAY_MS).toISOString(),
        createdAt: new Date(START - DAY_MS).toISOString(),
      },
    ];
    create.mockResolvedValue({ ok: false, code: 'pat.limit', title: 't', message: 'm' });
    await ask('tokens.replace', { id: (await row('laptop')).id, grace: 'now' });
    expect(create.mock.calls[0]?.[1]).toMatchObject({
      kind: 'personal',
      name: 'laptop-2',
      expiresAt: new Date(START + 2 * DAY_MS).toISOString(),
    });
  });
});

describe('of an instance that is removed', () => {
  const GRACE_MS = 24 * 3_600_000;
  async function removed() {
    const world = await setUp([fakeToken({ tokenName: 'old' }), fakeToken({ tokenName: 'gone' })]);
    world.create.mockImplementation(async (_, token) => ({
      ok: true,
      made: {
        ...token,
        secret: fakeToken({ tokenName: 'x' }).secret,
        shownOnce: false,
        owner: 'ada',
        pat: null,
      },
    }));
    const [old, gone] = [await world.row('old'), await world.row('gone')];
    expect(await world.ask('tokens.replace', { id: old.id, grace: '1d' })).toMatchObject({
      ok: true,
      oldKept: null,
    });
    await world.ask('tokens.revoke', { ids: [gone.id] });
    await world.handlers()['instances.remove']({ id: BASE }, EXTENSION);
    const restore = () =>
      world
        .handlers()
        ['instances.restore']({ id: BASE, name: 'flags', at: 0, current: true }, EXTENSION);
    return { ...world, restore };
  }

  test('nothing is revoked, and what was to be is so again when the removal is undone', async () => {
    const { pass, ring, unleash, restore, ask, names } = await removed();
    await pass(8_000);
    await ring();
    expect(unleash.changes).toEqual([]);
    expect(await restore()).toEqual({ ok: true });
    // As long to undo as ever.
    expect(await ask('tokens.revoking', {})).toMatchObject({
      revoking: { names: ['gone'], dueAt: START + 8_000 + UNDO_MS },
    });
    await pass(UNDO_MS);
    expect(names()).toEqual(['old']);
    await pass(GRACE_MS);
    await ring();
    expect(names()).toEqual([]);
  });

  test('what was to be revoked is forgotten with the access to its host', async () => {
    const { pass, ring, unleash, restore, local, hostsGivenBack, restart } = await removed();
    await restart();
    await hostsGivenBack();
    expect(JSON.stringify(local.all())).not.toContain('gone');
    await restore();
    await pass(2 * GRACE_MS);
    await ring();
    expect(unleash.changes).toEqual([]);
  });
});

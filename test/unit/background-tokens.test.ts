import { describe, expect, test, vi } from 'vitest';
import type { BackgroundParts } from '../../extension/background/background-parts.ts';
import { createBatches } from '../../extension/background/batch.ts';
import { createClipboardKeeper } from '../../extension/background/clipboard/clipboard-keeper.ts';
import { createHandlers } from '../../extension/background/handlers.ts';
import { createInstances } from '../../extension/background/instances.ts';
import {
  CREATED_ALARM,
  createJustCreated,
  KEPT_MS,
} from '../../extension/background/just-created.ts';
import { readPolicy } from '../../extension/background/managed-policy.ts';
import type { HandOverResult } from '../../extension/background/proxy-link-exchange.ts';
import { createRecipes } from '../../extension/background/recipes.ts';
import { createSettings } from '../../extension/background/settings.ts';
import { createShownPats } from '../../extension/background/shown-pats.ts';
import type { TokenEnd } from '../../extension/platform/messages.ts';
import { selectorOf } from '../../shared/token/grammar.ts';
import type { ApiToken } from '../../shared/unleash/api-tokens.ts';
import type { Pat } from '../../shared/unleash/pats.ts';
import { fakeAlarms, fakeClipboard, fakeStore } from './background-fake-browser.ts';

const START = 1_800_000_000_000;
const BASE = 'https://unleash.example.com/flags';
const pat = (letter: string) => `user:${letter.repeat(56)}`;
const EXTENSION = { from: 'extension' } as const;
const PAGE = {
  from: 'page',
  origin: 'https://unleash.example.com',
  url: `${BASE}/profile/personal-api-tokens`,
  tabId: 1,
  session: 'normal',
} as const;
const PRIVATE = { ...PAGE, session: 'private' } as const;
const CONTAINER = { ...PAGE, session: 'container' } as const;

const PERSONAL = {
  kind: 'personal',
  name: 'laptop',
  projects: [],
  environment: '',
  expiresAt: null,
} as const;

/** A part that these tests have no business with. */
const absent = <T extends object>(): T =>
  new Proxy({} as T, { get: (_, name) => expect.unreachable(`used ${String(name)}`) });

async function setUp(secret = pat('a')) {
  const clock = { now: START };
  const now = () => clock.now;
  const [local, session] = [fakeStore(), fakeStore()];
  const alarms = fakeAlarms();
  const clipboard = fakeClipboard({ withTimer: false });
  const reach = { allowed: true };
  const instances = createInstances({
    local,
    managed: async () => [],
    mayReach: async () => reach.allowed,
    changed: async () => {},
  });
  await instances.add(BASE);
  const answer: { handOver: HandOverResult } = {
    handOver: {
      state: 'answered',
      control: '127.0.0.1:4281',
      answer: { result: 'stored', profile: 'work' },
    },
  };
  const handOver = vi.fn(async () => answer.handOver);
  const openForm = vi.fn(async () => {});
  const notify = vi.fn(async () => {});
  const loadIntoPage = vi.fn(async () => {});
  /** When Unleash says that the page's PAT was made. */
  const newest = { createdAt: null as string | null };
  const others: Pat[] = [];
  const ends: TokenEnd[] = [];
  /** By what Unleash lists of them: a selector where it stores them securely. */
  const apiTokens: ApiToken[] = [];
  const pending: Promise<unknown>[] = [];
  let ids = 0;
  const randomId = () => `id-${++ids}`;
  const owner = 'ada';
  const expiresAt = '3026-01-01T00:00:00.000Z';
  const unleash: BackgroundParts['unleash'] = {
    create: async (_, token) => ({
      ok: true,
      made: {
        secret,
        shownOnce: token.kind === 'personal',
        name: token.name,
        projects: [],
        environment: null,
        expiresAt: null,
        owner,
        pat: { id: 7, expiresAt },
      },
    }),
    tokenNames: async () => [],
    tokenEnds: async () => ends,
    apiToken: async (_, secret) =>
      apiTokens.find(({ key }) => key === (selectorOf(secret) ?? secret)) ?? null,
    pats: async () => ({
      ok: true,
      owner,
      pats: [
        ...others,
        { id: 9, description: 'on the page', expiresAt, never: true, ...newest, seenAt: null },
      ],
    }),
    load: async () => expect.unreachable('loaded'),
    server: async () => expect.unreachable('asked'),
    recognise: async () => expect.unreachable('recognised'),
  };
  const created = createJustCreated({ session, alarms, now });
  const parts: BackgroundParts = {
    local,
    session,
    settings: createSettings({ local, policy: async () => readPolicy({}) }),
    instances,
    leavingHosts: { leave: async () => {}, giveBack: async () => {} },
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
    created,
    shownPats: createShownPats({ session, unleash, created, now }),
    recipes: createRecipes({ local, now, randomId }),
    tokenList: absent(),
    revocations: absent(),
    batches: createBatches({ session, randomId }),
    unleash,
    proxy: {
      handOver,
      pair: async () => expect.unreachable('paired'),
      unpair: async () => expect.unreachable('unpaired'),
      status: async () => ({ state: 'unpaired' }),
      useProfile: async () => expect.unreachable('another profile'),
    },
    browserName: 'Firefox',
    openForm,
    notify,
    loadIntoPage,
    awake(work) {
      pending.push(work);
      return work;
    },
    now,
    randomId,
  };
  const handlers = createHandlers(parts);
  async function create() {
    const made = await handlers['token.create'](
      { instanceId: BASE, token: { ...PERSONAL, projects: [] } },
      EXTENSION,
    );
    if (!made.ok) throw new Error(made.title);
    return made;
  }
  return {
    handlers,
    create,
    clipboard: clipboard.state,
    clock,
    session,
    local,
    alarms,
    answer,
    handOver,
    openForm,
    loadIntoPage,
    newest,
    others,
    apiTokens,
    pending,
    reach,
    secret,
  };
}

/** Another of the user's PATs in Unleash's list. */
const listed = (id: number, createdAt: number): Pat => ({
  id,
  description: `number ${id}`,
  expiresAt: '3026-01-01T00:00:00.000Z',
  never: true,
  createdAt: new Date(createdAt).toISOString(),
  seenAt: null,
});

describe('a token that was just made', () => {
  test('is copied, masked, and kept in session memory alone', async () => {
    const { create, clipboard, session, local, secret } = await setUp();
    const { created, copy, copyError } = await create();
    expect(clipboard.text).toBe(secret);
    expect(created).toMatchObject({ shownOnce: true, keptUntil: START + KEPT_MS, sentTo: null });
    expect(JSON.stringify([created, copy, copyError])).not.toContain(secret.slice(5));
    expect(JSON.stringify(session.all())).toContain(secret);
    expect(JSON.stringify(local.all())).not.toContain(secret.slice(5));
  });

  test('is gone after 5 minutes, by the sweep and before it', async () => {
    const { create, handlers, clock, alarms, session } = await setUp();
    const { created } = await create();
    expect(alarms.at(CREATED_ALARM)).toBe(START + KEPT_MS);
    clock.now = START + KEPT_MS;
    expect(await handlers['created.secret']({ id: created.id }, EXTENSION)).toMatchObject({
      ok: false,
      code: 'gone',
    });
    const keeper = createJustCreated({ session, alarms, now: () => clock.now });
    await keeper.sweep();
    expect(session.all()).not.toHaveProperty('just-created');
    expect(alarms.at(CREATED_ALARM)).toBeNull();
  });

  test('is gone when it is dismissed', async () => {
    const { create, handlers, session } = await setUp();
    const { created } = await create();
    await handlers['created.dismiss']({ id: created.id }, EXTENSION);
    expect(session.all()).not.toHaveProperty('just-created');
  });

  test('is there although the clipboard refused it, and the answer says so', async () => {
    const { create, handlers, clipboard, secret } = await setUp();
    clipboard.refuses = true;
    const { created, copy, copyError } = await create();
    expect(copy).toBeNull();
    expect(copyError).toContain('clipboard');
    clipboard.refuses = false;
    expect(await handlers['created.copy']({ id: created.id }, EXTENSION)).toMatchObject({
      ok: true,
    });
    expect(clipboard.text).toBe(secret);
  });

  test('with secure storage counts as shown once, whatever its kind', async () => {
    const secret = `*:production.v2_${'e'.repeat(22)}_${'f'.repeat(43)}`;
    const { handlers } = await setUp(secret);
    const token = {
      ...PERSONAL,
      kind: 'backend',
      projects: ['*'],
      environment: 'production',
    } as const;
    const made = await handlers['token.create'](
      { instanceId: BASE, token: { ...token, projects: ['*'] } },
      EXTENSION,
    );
    expect(made).toMatchObject({ ok: true, created: { shownOnce: true } });
  });

  test('is not made without the host permission', async () => {
    const { handlers, reach } = await setUp();
    reach.allowed = false;
    const made = await handlers['token.create'](
      { instanceId: BASE, token: { ...PERSONAL, projects: [] } },
      EXTENSION,
    );
    expect(made).toMatchObject({ ok: false, code: 'no-access' });
  });
});

describe('a hand-over', () => {
  test('empties the clipboard, lets go of the secret and says where it went', async () => {
    const { create, handlers, clipboard, handOver, session, secret } = await setUp();
    const { created } = await create();
    const sent = await handlers['created.sendToProxy']({ id: created.id }, EXTENSION);
    expect(sent).toEqual({ ok: true, profile: 'work' });
    expect(handOver).toHaveBeenCalledWith({
      secret,
      id: 7,
      expiresAt: '3026-01-01T00:00:00.000Z',
      owner: 'ada',
      origin: BASE,
    });
    expect(clipboard.text).toBe('');
    expect(JSON.stringify(session.all())).not.toContain(secret);
    const { created: list } = await handlers['created.list']({ instanceId: BASE }, EXTENSION);
    expect(list).toMatchObject([{ id: created.id, sentTo: 'work' }]);
  });

  test.each<[string, HandOverResult, string]>([
    ['no proxy is paired', { state: 'unpaired' }, 'proxy.unpaired'],
    [
      'the proxy is away',
      { state: 'unreachable', control: 'x', message: 'm' },
      'proxy.unreachable',
    ],
    ['somebody else answers', { state: 'refused', control: 'x', message: 'm' }, 'proxy.refused'],
    [
      'the store fails',
      { state: 'answered', control: 'x', answer: { result: 'store-failed', message: 'm' } },
      'store-failed',
    ],
    [
      'no profile fits',
      { state: 'answered', control: 'x', answer: { result: 'no-profile', origin: BASE } },
      'no-profile',
    ],
  ])('leaves the token where it was when %s', async (_, result, code) => {
    const { create, handlers, clipboard, answer, secret } = await setUp();
    const { created } = await create();
    answer.handOver = result;
    const sent = await handlers['created.sendToProxy']({ id: created.id }, EXTENSION);
    expect(sent).toMatchObject({ ok: false, code });
    expect(clipboard.text).toBe(secret);
    expect(await handlers['created.secret']({ id: created.id }, EXTENSION)).toEqual({
      ok: true,
      secret,
    });
  });
});

describe('a page of an instance', () => {
  test('begins with the script of the features, and with what that needs to know and to say', async () => {
    const { handlers, loadIntoPage } = await setUp();
    const answer = await handlers['page.begin']({}, PAGE);
    expect(loadIntoPage.mock.calls).toEqual([[1, 'features']]);
    expect(answer).toMatchObject({ secureCopy: true, words: { quickCreate: 'Quick create' } });
    expect(await handlers['page.settings']({}, PAGE)).toEqual(answer);
    expect(loadIntoPage).toHaveBeenCalledTimes(1);
  });

  test('gets no secret back, whatever it asks', async () => {
    const { create, handlers, secret } = await setUp();
    await create();
    const answers = [
      await handlers['page.begin']({}, PAGE),
      await handlers['page.settings']({}, PAGE),
      await handlers['page.copied']({ secret: pat('b') }, PAGE),
      await handlers['page.copySecret']({ secret: pat('b'), heading: 'Token created' }, PAGE),
      await handlers['page.sendSecret']({ secret: pat('b'), heading: 'x' }, PAGE),
    ];
    expect(JSON.stringify(answers)).not.toMatch(/a{20}|b{20}/);
    expect(JSON.stringify(answers)).not.toContain(secret);
  });

  const HEADING = 'Personal API token created';
  const copied = { secret: pat('b'), heading: HEADING };

  test('has what is copied securely stand under "Just created", as Unleash lists it', async () => {
    const { handlers, newest, local } = await setUp();
    newest.createdAt = new Date(START - 5_000).toISOString();
    expect(await handlers['page.copySecret'](copied, PAGE)).toMatchObject({ ok: true });
    const listed = () => handlers['created.list']({ instanceId: BASE }, EXTENSION);
    await vi.waitFor(async () =>
      expect(await listed()).toMatchObject({
        created: [
          {
            kind: 'personal',
            name: 'on the page',
            owner: 'ada',
            expiresAt: null,
            shownOnce: true,
            keptUntil: START + KEPT_MS,
          },
        ],
        copy: { createdId: expect.any(String) },
      }),
    );
    const [kept] = (await listed()).created;
    if (!kept) throw new Error('nothing is kept');
    expect(await handlers['created.secret']({ id: kept.id }, EXTENSION)).toMatchObject({
      secret: pat('b'),
    });
    expect(await handlers['created.sendToProxy']({ id: kept.id }, EXTENSION)).toMatchObject({
      ok: true,
    });
    expect(JSON.stringify(local.all())).not.toContain('bbbb');
  });

  test.each([
    ['is older', new Date(START - 601_000).toISOString()],
    ['has no date', null],
    ['has a date that is none', 'soon'],
  ])('gives a kept token its heading where the newest of the list %s', async (_, createdAt) => {
    const { handlers, newest } = await setUp();
    newest.createdAt = createdAt;
    await handlers['page.copySecret'](copied, PAGE);
    await new Promise((resolve) => setTimeout(resolve, 0));
    const { created } = await handlers['created.list']({ instanceId: BASE }, EXTENSION);
    expect(created).toMatchObject([{ name: HEADING, owner: null }]);
    expect(
      await handlers['created.sendToProxy']({ id: created[0]?.id ?? '' }, EXTENSION),
    ).toMatchObject({ ok: false });
  });

  test('has one copied twice stand there once, and one that Unleash’s own button copied not at all', async () => {
    const { handlers } = await setUp();
    await handlers['page.copySecret'](copied, PAGE);
    await handlers['page.copySecret'](copied, PAGE);
    await handlers['page.copied']({ secret: pat('c') }, PAGE);
    const { created } = await handlers['created.list']({ instanceId: BASE }, EXTENSION);
    expect(created).toHaveLength(1);
  });

  test('cannot fill the memory with tokens', async () => {
    const { handlers } = await setUp();
    for (let count = 10; count < 40; count += 1) {
      const secret = `user:${String(count).repeat(28)}`;
      await handlers['page.copySecret']({ secret, heading: 'x'.repeat(5_000) }, PAGE);
    }
    const { created } = await handlers['created.list']({ instanceId: BASE }, EXTENSION);
    expect(created).toHaveLength(20);
    expect(created[0]?.name).toHaveLength(100);
  });

  test('has a token stay under "Just created" that the proxy did not take, and says what to type', async () => {
    const { handlers, answer, newest } = await setUp();
    newest.createdAt = new Date(START).toISOString();
    answer.handOver = {
      state: 'answered',
      control: 'x',
      answer: { result: 'no-profile', origin: BASE },
    };
    expect(await handlers['page.sendSecret'](copied, PAGE)).toMatchObject({
      ok: false,
      message: expect.stringContaining(`--url ${BASE} --token-from browser`),
    });
    const listed = async () =>
      (await handlers['created.list']({ instanceId: BASE }, EXTENSION)).created;
    expect(await listed()).toMatchObject([{ sentTo: null }]);
    answer.handOver = {
      state: 'answered',
      control: 'x',
      answer: { result: 'stored', profile: 'work' },
    };
    expect(await handlers['page.sendSecret'](copied, PAGE)).toMatchObject({ ok: true });
    expect(await listed()).toMatchObject([{ sentTo: 'work' }]);
  });

  test('can have cleared what waits for it, and nothing else', async () => {
    const { handlers, clipboard } = await setUp();
    clipboard.text = 'my own words';
    expect(await handlers['page.clearNow']({}, PAGE)).toEqual({ result: 'none' });
    expect(clipboard.text).toBe('my own words');
    await handlers['page.copySecret'](copied, PAGE);
    clipboard.refuses = true;
    expect(await handlers['page.clearNow']({}, PAGE)).toEqual({ result: 'failed' });
    clipboard.refuses = false;
    expect(await handlers['page.clearNow']({}, PAGE)).toEqual({ result: 'cleared' });
    expect(clipboard.text).toBe('');
  });

  test('cannot set a timer that empties the clipboard for what is no token', async () => {
    const { handlers, local } = await setUp();
    await expect(handlers['page.copied']({ secret: 'my own words' }, PAGE)).rejects.toThrow();
    expect(local.all()).not.toHaveProperty('clipboard');
  });

  test('hands over with the id of the newest personal token and the base URL of its instance', async () => {
    const { handlers, handOver, newest } = await setUp();
    newest.createdAt = new Date(START - 5_000).toISOString();
    expect(await handlers['page.sendSecret']({ secret: pat('b'), heading: 'x' }, PAGE)).toEqual({
      ok: true,
      profile: 'work',
    });
    expect(handOver).toHaveBeenCalledWith(
      expect.objectContaining({ id: 9, origin: BASE, secret: pat('b') }),
    );
  });

  test('hands over no secret whose entry in the list cannot be told, and keeps it', async () => {
    const { handlers, handOver, newest } = await setUp();
    newest.createdAt = new Date(START - 601_000).toISOString();
    const sent = await handlers['page.sendSecret']({ secret: pat('b'), heading: HEADING }, PAGE);
    expect(sent).toMatchObject({ ok: false, message: expect.stringContaining('profile add') });
    expect(handOver).not.toHaveBeenCalled();
    const { created } = await handlers['created.list']({ instanceId: BASE }, EXTENSION);
    expect(created).toMatchObject([{ name: HEADING, sentTo: null }]);
  });

  test('is told apart from a personal token that the popup made meanwhile', async () => {
    const { handlers, create, handOver, newest, others, pending } = await setUp();
    newest.createdAt = new Date(START - 60_000).toISOString();
    // The popup's, made while the dialog stood on the page.
    others.push(listed(7, START - 1_000));
    await create();
    await handlers['page.copySecret'](copied, PAGE);
    await Promise.all(pending);
    const [kept] = (await handlers['created.list']({ instanceId: BASE }, EXTENSION)).created;
    expect(kept).toMatchObject({ name: 'on the page' });
    expect(await handlers['page.sendSecret'](copied, PAGE)).toMatchObject({ ok: true });
    expect(handOver).toHaveBeenCalledWith(expect.objectContaining({ id: 9, secret: pat('b') }));
  });

  test('gives no id to a personal token while several of the list may be it', async () => {
    const { handlers, handOver, newest, others, pending } = await setUp();
    newest.createdAt = new Date(START - 60_000).toISOString();
    others.push(listed(12, START - 1_000));
    await handlers['page.copySecret'](copied, PAGE);
    await Promise.all(pending);
    const { created } = await handlers['created.list']({ instanceId: BASE }, EXTENSION);
    expect(created).toMatchObject([{ name: HEADING, owner: null }]);
    expect(await handlers['page.sendSecret'](copied, PAGE)).toMatchObject({
      ok: false,
      message: expect.stringContaining('does not say which'),
    });
    expect(handOver).not.toHaveBeenCalled();
  });

  test('is the newest of the list at the moment that it comes on screen, whatever is made later', async () => {
    const { handlers, handOver, newest, others, pending } = await setUp();
    newest.createdAt = new Date(START - 1_000).toISOString();
    // One before, as of whoever makes several in a row, and one after, in another tab.
    others.push(listed(8, START - 60_000));
    await handlers['page.secretShown']({ secret: copied.secret }, PAGE);
    others.push(listed(12, START));
    await handlers['page.copySecret'](copied, PAGE);
    await Promise.all(pending);
    const [kept] = (await handlers['created.list']({ instanceId: BASE }, EXTENSION)).created;
    expect(kept).toMatchObject({ name: 'on the page' });
    expect(await handlers['page.sendSecret'](copied, PAGE)).toMatchObject({ ok: true });
    expect(handOver).toHaveBeenCalledWith(expect.objectContaining({ id: 9 }));
  });

  test('is remembered by nothing that gives it away', async () => {
    const { handlers, newest, session } = await setUp();
    newest.createdAt = new Date(START).toISOString();
    await handlers['page.secretShown']({ secret: copied.secret }, PAGE);
    expect(await session.read('shown-pats')).toEqual([
      [expect.stringMatching(/^[0-9a-f]{64}$/), 9],
    ]);
    expect(JSON.stringify(session.all())).not.toContain('bbbb');
  });

  test('is looked up for nobody in a window with a session of its own', async () => {
    const { handlers, newest, session } = await setUp();
    newest.createdAt = new Date(START).toISOString();
    await handlers['page.secretShown']({ secret: copied.secret }, PRIVATE);
    expect(await session.read('shown-pats')).toBeUndefined();
  });

  test('has the background stay awake until Unleash has said which token it is', async () => {
    const { handlers, newest, pending } = await setUp();
    newest.createdAt = new Date(START).toISOString();
    await handlers['page.copySecret'](copied, PAGE);
    expect(pending).toHaveLength(1);
  });

  test('has an API token that is shown once stand as Unleash lists it', async () => {
    const { handlers, apiTokens, pending } = await setUp();
    const selector = 'k'.repeat(22);
    const secret = `[]:production.v2_${selector}_${'s'.repeat(43)}`;
    apiTokens.push({
      key: selector,
      secret: null,
      name: 'web shop',
      kind: 'frontend',
      projects: ['checkout', 'web'],
      environment: 'production',
      expiresAt: '2027-03-01T00:00:00.000Z',
      createdAt: null,
      seenAt: null,
    });
    await handlers['page.copySecret']({ secret, heading: 'Token created' }, PAGE);
    await Promise.all(pending);
    const { created } = await handlers['created.list']({ instanceId: BASE }, EXTENSION);
    expect(created).toMatchObject([
      {
        kind: 'frontend',
        name: 'web shop',
        projects: ['checkout', 'web'],
        environment: 'production',
        expiresAt: '2027-03-01T00:00:00.000Z',
      },
    ]);
  });

  test('has an API token that Unleash does not list stand by its heading', async () => {
    const { handlers, pending } = await setUp();
    const secret = `default:production.v2_${'k'.repeat(22)}_${'s'.repeat(43)}`;
    await handlers['page.copySecret']({ secret, heading: 'Token created' }, PAGE);
    await Promise.all(pending);
    const { created } = await handlers['created.list']({ instanceId: BASE }, EXTENSION);
    expect(created).toMatchObject([
      { kind: 'backend', name: 'Token created', projects: ['default'], environment: 'production' },
    ]);
  });

  const TABLE = { of: 'personal-tokens', project: null } as const;

  test.each([
    ['a private window', PRIVATE, 'this window is private'],
    ['a container', CONTAINER, 'this tab is in a container'],
  ])('in %s gets nothing of the login of the normal windows', async (_, sender, why) => {
    const { handlers, newest, handOver, pending } = await setUp();
    newest.createdAt = new Date(START).toISOString();
    expect(await handlers['page.tokenEnds'](TABLE, PAGE)).toMatchObject({ tokens: [] });
    expect(await handlers['page.tokenEnds'](TABLE, sender)).toMatchObject({ tokens: null });
    const sent = await handlers['page.sendSecret'](copied, sender);
    expect(sent).toMatchObject({ ok: false, message: expect.stringContaining(why) });
    expect(handOver).not.toHaveBeenCalled();
    expect(await handlers['page.copySecret'](copied, sender)).toMatchObject({ ok: true });
    expect(pending).toEqual([]);
  });

  test('in a private window has its secret copied, and kept nowhere', async () => {
    const { handlers, clipboard, session } = await setUp();
    await handlers['page.sendSecret'](copied, PRIVATE);
    const answer = await handlers['page.copySecret'](copied, PRIVATE);
    expect(answer).toMatchObject({ ok: true, kept: false });
    expect(clipboard.text).toBe(copied.secret);
    expect(JSON.stringify(session.all())).not.toContain('bbbb');
  });

  test('in a container has its secret kept by its heading alone', async () => {
    const { handlers } = await setUp();
    await handlers['page.copySecret'](copied, CONTAINER);
    const { created } = await handlers['created.list']({ instanceId: BASE }, EXTENSION);
    expect(created).toMatchObject([{ name: HEADING, owner: null }]);
  });

  test('cannot hand over an API token', async () => {
    const { handlers, handOver } = await setUp();
    const sent = await handlers['page.sendSecret'](
      { secret: `*:dev.${'a'.repeat(56)}`, heading: 'x' },
      PAGE,
    );
    expect(sent).toMatchObject({ ok: false });
    expect(handOver).not.toHaveBeenCalled();
  });

  test('opens the form filled in for what is on screen', async () => {
    const { handlers, openForm } = await setUp();
    await handlers['page.quickCreate'](
      { kind: 'backend', project: 'checkout', environment: null },
      PAGE,
    );
    expect(openForm).toHaveBeenCalledTimes(1);
    const draft = await handlers['draft.read']({ instanceId: BASE }, EXTENSION);
    expect(draft).toMatchObject({
      tab: 'create',
      form: { kind: 'backend', projects: ['checkout'], expires: '30' },
    });
  });

  test('without a project on screen opens the form for none, and never for all', async () => {
    const { handlers } = await setUp();
    await handlers['page.quickCreate']({ kind: 'backend', project: null, environment: null }, PAGE);
    const draft = await handlers['draft.read']({ instanceId: BASE }, EXTENSION);
    expect(draft).toMatchObject({ form: { projects: [], expires: '30' } });
  });
});

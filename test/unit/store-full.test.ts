import { describe, expect, test, vi } from 'vitest';
import { createClipboardKeeper } from '../../extension/background/clipboard/clipboard-keeper.ts';
import { firstRunHandlers, installed } from '../../extension/background/first-run.ts';
import { createHandlers } from '../../extension/background/handlers.ts';
import { createInstances } from '../../extension/background/instances.ts';
import { createJustCreated, KEPT_MS } from '../../extension/background/just-created.ts';
import { createLeavingHosts } from '../../extension/background/leaving-hosts.ts';
import { readPolicy } from '../../extension/background/managed-policy.ts';
import { createRecipes } from '../../extension/background/recipes.ts';
import { createSettings } from '../../extension/background/settings.ts';
import { heldStore } from '../../extension/platform/held-store.ts';
import type { Store } from '../../extension/platform/store.ts';
import { fakeAlarms, fakeClipboard, fakeStore } from './background-fake-browser.ts';

const NOW = 1_800_000_000_000;
const BASE = 'https://unleash.example.com';
const SECRET = `user:${'a'.repeat(56)}`;
const EXTENSION = { from: 'extension' } as const;
const NO_ROOM = { ok: false, message: expect.stringContaining('no room left to keep this') };

/** A store that can be made to refuse every change, as a browser does whose quota or disk is full. */
function fillable() {
  const store = fakeStore();
  const state = { full: false };
  const unless =
    <A extends unknown[]>(change: (...given: A) => Promise<void>) =>
    async (...given: A) => {
      if (state.full) throw new Error('QuotaExceededError: Resource::kQuotaBytes quota exceeded');
      await change(...given);
    };
  const fillableStore: Store = {
    read: store.read,
    write: unless(store.write),
    writeAll: unless(store.writeAll),
    remove: unless(store.remove),
  };
  return { state, store: fillableStore, all: store.all };
}

const absent = <T extends object>(): T =>
  new Proxy({} as T, { get: (_, name) => expect.unreachable(`used ${String(name)}`) });

async function setUp() {
  const local = fillable();
  const session = fillable();
  const held = vi.fn();
  const memory = heldStore(session.store, held);
  const alarms = fakeAlarms();
  const clipboard = fakeClipboard({ withTimer: true });
  const now = () => NOW;
  let ids = 0;
  const randomId = () => `id-${++ids}`;
  const instances = createInstances({
    local: local.store,
    managed: async () => [],
    mayReach: async () => true,
    changed: async () => {},
  });
  const keeper = createClipboardKeeper({
    access: clipboard.access,
    session: memory,
    local: local.store,
    alarms,
    mayRead: async () => false,
    delaySeconds: async () => 30,
    now,
    randomId,
  });
  const created = createJustCreated({ session: memory, alarms, now });
  const handlers = createHandlers({
    local: local.store,
    session: memory,
    settings: createSettings({ local: local.store, policy: async () => readPolicy({}) }),
    instances,
    leavingHosts: createLeavingHosts({
      local: local.store,
      alarms,
      instances: async () => (await instances.list()).instances,
      giveBack: async () => {},
      now,
    }),
    unleash: {
      recognise: async (url: string) => ({ ok: true, baseUrl: url, loggedIn: true, version: '8' }),
      create: async () => ({
        ok: true,
        made: {
          secret: SECRET,
          shownOnce: true,
          name: 'laptop',
          projects: [],
          environment: null,
          expiresAt: null,
          owner: 'ada',
          pat: { id: 7, expiresAt: '' },
        },
      }),
    } as never,
    clipboard: keeper,
    created,
    shownPats: {} as never,
    recipes: createRecipes({ local: local.store, now, randomId }),
    tokenList: { forgetAll: async () => {} } as never,
    revocations: { setAside: async () => {}, bringBack: async () => {} } as never,
    batches: absent(),
    proxy: absent(),
    browserName: 'Firefox',
    openForm: async () => {},
    notify: async () => {},
    loadIntoPage: async () => {},
    awake: (work) => work,
    now,
    randomId,
  });
  const ask = ((name: keyof typeof handlers, request: object) =>
    handlers[name](request as never, EXTENSION)) as (
    name: keyof typeof handlers,
    request: object,
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came.
  ) => Promise<any>;
  await instances.add(BASE);
  const create = () =>
    ask('token.create', {
      instanceId: BASE,
      token: { kind: 'personal', name: 'laptop', projects: [], environment: '', expiresAt: null },
    });
  const recipe = (name: string) => ({
    id: null,
    name,
    kind: 'backend',
    namePattern: 'x',
    projects: ['default'],
    environments: ['development'],
    expiresInDays: 30,
    oneEach: false,
    instanceId: null,
  });
  return {
    local,
    session,
    memory,
    held,
    alarms,
    clipboard: clipboard.state,
    keeper,
    created,
    ask,
    create,
    recipe,
  };
}

describe('a token that is made with no room left', () => {
  test('is on the clipboard with an end to it, and held in memory, and the answer says so', async () => {
    const { session, local, held, clipboard, ask, create } = await setUp();
    session.state.full = true;
    local.state.full = true;
    const made = await create();
    expect(made).toMatchObject({ ok: true, notKept: true, copyError: null });
    expect(clipboard.text).toBe(SECRET);
    expect(clipboard.timer).toMatchObject({ deadline: NOW + 30_000 });
    expect(held).toHaveBeenCalled();
    expect(await ask('created.secret', { id: made.created.id })).toEqual({
      ok: true,
      secret: SECRET,
    });
    expect(await ask('created.list', { instanceId: BASE })).toMatchObject({
      created: [{ name: 'laptop' }],
      copy: { clearsAt: NOW + 30_000 },
    });
    expect(JSON.stringify([session.all(), local.all()])).not.toContain('aaaa');
  });

  test('is not lost where the clipboard refuses too', async () => {
    const { session, clipboard, ask, create } = await setUp();
    session.state.full = true;
    clipboard.refuses = true;
    const made = await create();
    expect(made).toMatchObject({
      ok: true,
      copy: null,
      copyError: expect.any(String),
      notKept: true,
    });
    clipboard.refuses = false;
    expect(await ask('created.copy', { id: made.created.id })).toMatchObject({ ok: true });
    expect(clipboard.text).toBe(SECRET);
  });

  test('is kept as ever when there is room, and again when there is room again', async () => {
    const { session, memory, created, create } = await setUp();
    expect(await create()).not.toHaveProperty('notKept');
    session.state.full = true;
    expect(await create()).toMatchObject({ notKept: true });
    expect(memory.isHeld('just-created')).toBe(true);
    session.state.full = false;
    expect(await create()).not.toHaveProperty('notKept');
    expect(session.all()['just-created']).toHaveLength(3);
    expect(await created.list(BASE)).toHaveLength(3);
  });

  test('does not come up again once it was dismissed, though the browser will not forget it', async () => {
    const { session, ask, create } = await setUp();
    const { created } = await create();
    session.state.full = true;
    await ask('created.dismiss', { id: created.id });
    expect(await ask('created.list', { instanceId: BASE })).toMatchObject({ created: [] });
  });

  test('is cleared from the clipboard although neither store takes a change any more', async () => {
    const { session, local, clipboard, keeper, create, ask } = await setUp();
    await create();
    session.state.full = true;
    local.state.full = true;
    await ask('clipboard.clearNow', {});
    expect(clipboard.text).toBe('');
    expect(await keeper.state()).toBeNull();
    await expect(keeper.notice()).resolves.not.toThrow();
  });

  test('is gone after its 5 minutes all the same', async () => {
    const { session, alarms, create } = await setUp();
    session.state.full = true;
    await create();
    expect(alarms.at('just-created')).toBe(NOW + KEPT_MS);
  });
});

describe('with no room left, and nothing half-written', () => {
  test.each<[string, string, object]>([
    ['a setting', 'settings.write', { theme: 'dark' }],
    ['a new instance', 'instances.add', { url: 'https://other.example.com' }],
    ['the name of an instance', 'instances.rename', { id: BASE, name: 'Ours' }],
    ['the instance that opens first', 'instances.use', { id: BASE }],
    ['the removal of an instance', 'instances.remove', { id: BASE }],
    [
      'an instance that comes back',
      'instances.restore',
      { id: 'https://back.example.com', name: 'back', at: 0, current: true },
    ],
  ])('%s is refused in words', async (_, name, request) => {
    const { local, ask } = await setUp();
    const before = JSON.stringify(local.all());
    local.state.full = true;
    const answer = await ask(name as never, request);
    expect(answer).toMatchObject(NO_ROOM);
    expect(answer.message).toContain('Free some disk space');
    expect(JSON.stringify(local.all())).toBe(before);
  });

  test('a recipe is neither saved, moved nor deleted, and each says so', async () => {
    const { local, ask, recipe } = await setUp();
    const one = await ask('recipes.save', { recipe: recipe('One') });
    const two = await ask('recipes.save', { recipe: recipe('Two') });
    const before = JSON.stringify(local.all());
    local.state.full = true;
    for (const [name, request] of [
      ['recipes.save', { recipe: recipe('Three') }],
      ['recipes.order', { ids: [two.recipe.id, one.recipe.id] }],
      ['recipes.remove', { id: one.recipe.id }],
      ['recipes.restore', { recipe: { ...one.recipe, id: 'new' }, position: 0 }],
    ] as const) {
      expect(await ask(name, request), name).toMatchObject(NO_ROOM);
    }
    expect(JSON.stringify(local.all())).toBe(before);
  });

  test('an import takes all of a file or nothing of it', async () => {
    const { local, ask } = await setUp();
    const { text } = await ask('transfer.export', {});
    const changed = text.replace('"system"', '"dark"');
    expect(changed).not.toBe(text);
    const before = JSON.stringify(local.all());
    local.state.full = true;
    expect(await ask('transfer.take', { text: changed })).toMatchObject({
      ok: false,
      code: 'file.no-room',
    });
    expect(JSON.stringify(local.all())).toBe(before);
  });

  test('the set-up opens, and goes on', async () => {
    const { store, state } = fillable();
    state.full = true;
    const open = vi.fn(async () => {});
    await installed('install', { local: store, hasInstances: async () => false, open });
    expect(open).toHaveBeenCalledOnce();
    const { 'firstRun.write': write } = firstRunHandlers({ local: store });
    expect(await write({ step: 'pin', address: '' }, EXTENSION)).toEqual({ ok: true });
  });
});

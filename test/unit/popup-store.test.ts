import { describe, expect, test, vi } from 'vitest';
import type {
  Answer,
  CreateAnswer,
  CreatedToken,
  MessageName,
  MessageTable,
  Recipe,
} from '../../extension/platform/messages.ts';
import type { Send } from '../../extension/platform/send.ts';
import {
  sessionOf,
  type TabAtHand,
  type TabSession,
} from '../../extension/platform/tab-session.ts';
import { firstForm, type Ready } from '../../extension/popup/create-form.ts';
import { createPopup } from '../../extension/popup/store.ts';
import { READY as ready } from './ready-instance.ts';

const NOW = new Date(2026, 10, 22, 14, 5).getTime();
const instance = {
  id: 'https://unleash.example.com',
  origin: 'https://unleash.example.com',
  basePath: '',
  name: 'unleash.example.com',
};

const token: CreatedToken = {
  id: 'one',
  instanceId: instance.id,
  kind: 'personal',
  name: 'maria-2026-11-22',
  projects: [],
  environment: null,
  expiresAt: null,
  owner: 'maria',
  masked: 'user:••••',
  shownOnce: true,
  keptUntil: NOW + 300_000,
  createdAt: NOW,
  sentTo: null,
};

type Handlers = { [N in MessageName]?: (request: MessageTable[N]['request']) => unknown };

/** A background that answers as told; what it is asked beyond that fails the test. */
function background(handlers: Handlers): { send: Send; asked: string[] } {
  const asked: string[] = [];
  const usual: Handlers = {
    'instances.list': () => ({ instances: [instance], currentId: instance.id }),
    'settings.read': () => ({
      clearAfterSeconds: 30,
      pageSecureCopy: true,
      pageShownOnce: true,
      pageQuickCreate: true,
      pageExpiryMarks: true,
      pageFlagShortcut: true,
      theme: 'system',
    }),
    'clipboard.state': () => ({ copy: null, notice: null }),
    'instance.load': () => ready,
    'draft.read': () => ({ form: null, tab: 'create' }),
    'draft.write': () => ({ ok: true }),
    'created.list': () => ({ created: [], copy: null }),
    'proxy.view': () => ({ state: 'unpaired' }),
  };
  const all = { ...usual, ...handlers } as Record<string, (request: unknown) => unknown>;
  const send: Send = async (name, request) => {
    asked.push(name);
    const handler = all[name];
    if (!handler) throw new Error(`nobody expected ${name}`);
    return (await handler(request)) as Answer<typeof name>;
  };
  return { send, asked };
}

async function opened(handlers: Handlers = {}) {
  const { send, asked } = background(handlers);
  const popup = createPopup({ send, now: () => NOW });
  await popup.load();
  return { popup, asked };
}

describe('the popup', () => {
  test('starts with the first run where there is no instance', async () => {
    const { popup } = await opened({
      'instances.list': () => ({ instances: [], currentId: null }),
    });
    expect(popup.page.value).toBe('first-run');
  });

  test('says so when the background does not answer', async () => {
    const { popup } = await opened({
      'instances.list': () => {
        throw new Error('gone');
      },
    });
    expect(popup.page.value).toBe('silent');
  });

  test('opens with what was typed before it closed', async () => {
    const form = { ...firstForm(ready, NOW), name: 'half typed' };
    const { popup } = await opened({ 'draft.read': () => ({ form, tab: 'proxy' }) });
    expect(popup.form.value?.name).toBe('half typed');
    expect(popup.tab.value).toBe('proxy');
  });

  test('keeps the tab that was chosen while the server was still asked', async () => {
    let answer: (state: Ready) => void = () => undefined;
    const { send } = background({
      'instance.load': () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      'draft.read': async () => {
        await new Promise((resolve) => setTimeout(resolve, 0));
        return { form: null, tab: 'create' };
      },
    });
    const popup = createPopup({ send, now: () => NOW });
    const loaded = popup.load();
    while (popup.page.value === 'loading') await new Promise((resolve) => setTimeout(resolve, 0));
    popup.showTab('proxy');
    await new Promise((resolve) => setTimeout(resolve, 5));
    answer(ready);
    await loaded;
    expect(popup.tab.value).toBe('proxy');
  });

  test('fills the form like a token of the list, and keeps the tab, though the server answers later', async () => {
    let answer: (state: Ready) => void = () => undefined;
    const drafts: MessageTable['draft.write']['request'][] = [];
    const { send } = background({
      'instance.load': () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      'draft.write': (draft) => {
        drafts.push(draft);
        return { ok: true };
      },
    });
    const popup = createPopup({ send, now: () => NOW });
    const loaded = popup.load();
    await vi.waitFor(() => expect(popup.page.value).toBe('instance'));
    popup.tokens.imitate({
      id: 'x',
      kind: 'backend',
      name: 'edge',
      projects: ['default'],
      environment: 'development',
      expiresAt: null,
      createdAt: null,
      seenAt: null,
      may: { copy: true, extend: true, create: true, revoke: true },
      endsAt: null,
    });
    expect(popup.tab.value).toBe('create');
    popup.showTab('tokens');
    answer(ready);
    await loaded;
    expect(popup.form.value).toMatchObject({ name: 'edge', expires: 'never' });
    await vi.waitFor(() => expect(drafts.at(-1)).toMatchObject({ tab: 'tokens' }));
  });

  test('creates once, however often Enter is pressed meanwhile', async () => {
    let finish: (answer: CreateAnswer) => void = () => undefined;
    const { popup, asked } = await opened({
      'token.create': () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    });
    popup.change({ kind: 'personal' });
    const first = popup.create();
    await popup.create();
    expect(popup.creating.value).toBe(true);
    finish({ ok: true, created: token, copy: null, copyError: 'no clipboard' });
    await first;
    expect(asked.filter((name) => name === 'token.create')).toHaveLength(1);
    expect(popup.outcome.value?.token.id).toBe('one');
  });

  test('proposes the next free name and counts the slot after a personal token', async () => {
    const { popup } = await opened({
      'token.create': () => ({ ok: true, created: token, copy: null, copyError: null }),
    });
    popup.change({ kind: 'personal' });
    await popup.create();
    expect(popup.form.value?.name).toBe('maria-2026-11-22-2');
    expect(popup.instanceState.value).toMatchObject({ pats: { used: 1 } });
  });

  test('keeps the form when the server refuses, and drops the note at the next change', async () => {
    const { popup } = await opened({
      'token.create': () => ({
        ok: false,
        code: 'name.exists',
        title: 'Taken',
        message: 'Taken.',
        field: 'name',
        suggestion: 'b',
      }),
    });
    popup.change({ name: 'a' });
    await popup.create();
    expect(popup.form.value?.name).toBe('a');
    expect(popup.failure.value?.suggestion).toBe('b');
    popup.change({ name: 'b' });
    expect(popup.failure.value).toBeNull();
  });

  test('learns what it may do now where the server refuses what it offered, and keeps what was typed', async () => {
    let loads = 0;
    const viewer: Ready = {
      ...ready,
      abilities: { ...ready.abilities, kinds: ['personal'], missing: ['CREATE_CLIENT_API_TOKEN'] },
    };
    const { popup } = await opened({
      'instance.load': () => (loads++ === 0 ? ready : viewer),
      'token.create': () => ({
        ok: false,
        code: 'permission.missing',
        title: 'No',
        message: 'Ask.',
      }),
    });
    popup.change({ name: 'typed' });
    await popup.create();
    await expect.poll(() => popup.form.value?.kind).toBe('personal');
    expect(popup.form.value?.name).toBe('typed');
    expect(popup.failure.value?.code).toBe('permission.missing');
  });

  test('sends nothing while a field is empty', async () => {
    const { popup, asked } = await opened();
    popup.change({ name: '' });
    await popup.create();
    expect(popup.errors.value).toEqual({ name: 'missing' });
    expect(asked).not.toContain('token.create');
  });

  test('forgets a token that went to the proxy', async () => {
    const { popup } = await opened({
      'created.list': () => ({ created: [token], copy: null }),
      'created.sendToProxy': () => ({ ok: true, profile: 'acme' }),
    });
    expect(await popup.sendToProxy('one')).toEqual({ ok: true, profile: 'acme' });
    expect(popup.created.value).toEqual([]);
  });
});

const at = (address: string | null): TabAtHand => ({ address, session: 'normal' });

describe('the popup over a page of an instance', () => {
  const second = { ...instance, id: 'https://b.example.com', origin: 'https://b.example.com' };
  const two = {
    'instances.list': () => ({ instances: [instance, second], currentId: instance.id }),
  };

  test('opens on that instance, which then is the current one', async () => {
    const used: unknown[] = [];
    const { send } = background({
      ...two,
      'instances.use': (request) => {
        used.push(request);
        return { ok: true };
      },
    });
    const tabAtHand = async () => at('https://b.example.com/projects/default?x=1');
    const popup = createPopup({ send, now: () => NOW, tabAtHand });
    await popup.load();
    expect(popup.current.value?.id).toBe(second.id);
    expect(used).toEqual([{ id: second.id }]);
  });

  test.each([
    ['over another page', async () => at('https://elsewhere.example.com/')],
    ['where the browser does not tell', async () => at(null)],
    ['where the browser refuses', () => Promise.reject(new Error('no tabs'))],
  ])('opens on the last one %s', async (_, tabAtHand) => {
    const { send } = background(two);
    const popup = createPopup({ send, now: () => NOW, tabAtHand });
    await popup.load();
    expect(popup.current.value?.id).toBe(instance.id);
  });

  test.each<[TabSession, string | null, TabSession]>([
    ['normal', 'https://b.example.com/', 'normal'],
    ['private', 'https://b.example.com/', 'private'],
    ['private', 'https://elsewhere.example.com/', 'private'],
    ['container', 'https://b.example.com/', 'container'],
    ['container', null, 'container'],
    ['container', 'https://elsewhere.example.com/', 'normal'],
  ])('in a tab that is %s, over %s, says what is %s', async (session, address, said) => {
    const { send } = background(two);
    const tabAtHand = async () => ({ address, session });
    const popup = createPopup({ send, now: () => NOW, tabAtHand });
    await popup.load();
    expect(popup.tabSession.value).toBe(said);
  });

  test.each<[TabSession, { incognito: boolean; cookieStoreId?: string }]>([
    ['normal', { incognito: false }],
    ['normal', { incognito: false, cookieStoreId: 'firefox-default' }],
    ['private', { incognito: true }],
    ['private', { incognito: true, cookieStoreId: 'firefox-private' }],
    ['container', { incognito: false, cookieStoreId: 'firefox-container-6' }],
  ])('is in a tab that is %s by what the browser tells of it: %j', (session, tab) => {
    expect(sessionOf(tab)).toBe(session);
  });
});

describe('the popup with recipes', () => {
  const recipe: Recipe = {
    id: 'r1',
    name: 'CI deploy',
    instanceId: null,
    kind: 'backend',
    projects: ['default'],
    environments: ['development'],
    expiresInDays: 7,
    namePattern: 'ci-{n}',
    oneEach: false,
    lastUsedAt: 5,
  };
  const withRecipe: Handlers = {
    'recipes.list': () => ({ recipes: [recipe], lastId: 'r1' }),
    'names.taken': () => ({ names: ['ci-1'] }),
  };

  test('opens with the last one filled in, numbered once the names are known', async () => {
    const { popup } = await opened(withRecipe);
    expect(popup.form.value).toMatchObject({ recipeId: 'r1', expires: '7' });
    await expect.poll(() => popup.form.value?.name).toBe('ci-2');
  });

  test('opens with what was typed, not with a recipe', async () => {
    const form = { ...firstForm(ready, NOW), name: 'half typed', recipeId: 'gone' };
    const { popup } = await opened({
      ...withRecipe,
      'draft.read': () => ({ form, tab: 'create' }),
    });
    expect(popup.form.value?.name).toBe('half typed');
    expect(popup.form.value?.recipeId).toBeUndefined();
  });

  test('lets go of it when the form is changed', async () => {
    const { popup } = await opened(withRecipe);
    popup.change({ expires: 'never' });
    expect(popup.form.value?.recipeId).toBeUndefined();
  });

  test('creates nothing by a keystroke when a project of it is gone, and says which', async () => {
    const { popup, asked } = await opened({
      ...withRecipe,
      'recipes.list': () => ({ recipes: [{ ...recipe, projects: ['gone'] }], lastId: 'r1' }),
    });
    await popup.createFromLast();
    expect(popup.lost.value?.projects).toEqual(['gone']);
    expect(popup.form.value?.projects).toEqual([]);
    expect(asked).not.toContain('token.create');
  });

  test('keeps the empty field of a project that is gone empty when it is opened again', async () => {
    const form = { ...firstForm(ready, NOW), projects: ['gone'] };
    const { popup } = await opened({ 'draft.read': () => ({ form, tab: 'create' }) });
    expect(popup.form.value?.projects).toEqual([]);
  });

  test('sends one request for several tokens, and those that failed once more', async () => {
    const sent: string[][] = [];
    const { popup } = await opened({
      'batch.create': (request) => {
        const { tokens } = request as MessageTable['batch.create']['request'];
        sent.push(tokens.map(({ name }) => name));
        const items = tokens.map((wanted, index) =>
          index === 0
            ? { request: wanted, is: 'made', created: { ...token, kind: 'backend' } }
            : { request: wanted, is: 'skipped' },
        );
        const batch = { id: 'b', instanceId: instance.id, running: false, items };
        return { ok: true, batch, copy: null, copyError: null };
      },
    });
    popup.setOneEach(true);
    popup.change({ projects: ['a', 'b', 'c'], name: '{project}' });
    await popup.create();
    expect(popup.several.outcome.value?.batch.running).toBe(false);
    await popup.createRest();
    expect(sent).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ]);
  });
});

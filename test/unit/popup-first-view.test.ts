import { describe, expect, test, vi } from 'vitest';
import { createFirstView } from '../../extension/background/first-view.ts';
import { createInstances } from '../../extension/background/instances.ts';
import { readPolicy } from '../../extension/background/managed-policy.ts';
import { createRecipes } from '../../extension/background/recipes.ts';
import { createSettings } from '../../extension/background/settings.ts';
import {
  createFirstViewReader,
  draftKeyOf,
  FIRST_VIEW_KEY,
  type KeptState,
  stateKeyOf,
} from '../../extension/platform/first-view.ts';
import type { CreatedToken, InstanceState, TokenList } from '../../extension/platform/messages.ts';
import type { Send } from '../../extension/platform/send.ts';
import type { TabSession } from '../../extension/platform/tab-session.ts';
import { firstForm } from '../../extension/popup/create-form.ts';
import { lookFirst } from '../../extension/popup/first-look.ts';
import { createPopup } from '../../extension/popup/store.ts';
import type { Fetch } from '../../shared/unleash/transport.ts';
import { whoMarkOfAnswer } from '../../shared/unleash/who-mark.ts';
import { fakeStore } from './background-fake-browser.ts';
import { READY as ready } from './ready-instance.ts';

const NOW = new Date(2026, 10, 22, 14, 5).getTime();
const URL_A = 'https://unleash.example.com';
const URL_B = 'https://b.example.com';

/** What `GET /api/admin/user` says. */
const MARIA = {
  user: { id: 7, username: 'maria', isAPI: false },
  permissions: [{ permission: 'CREATE_CLIENT_API_TOKEN', project: '*' }],
};

const made: CreatedToken = {
  id: 'one',
  instanceId: URL_A,
  kind: 'backend',
  name: 'maria-2026-11-22',
  projects: ['default'],
  environment: 'development',
  expiresAt: null,
  owner: 'maria',
  masked: '••••',
  shownOnce: true,
  keptUntil: NOW + 300_000,
  createdAt: NOW,
  sentTo: null,
};

/** The stores as the background leaves them, with two instances; the first one answered before. */
async function leftBehind() {
  const local = fakeStore();
  const session = fakeStore();
  const reachable = new Set([URL_A, URL_B]);
  const instances = createInstances({
    local,
    managed: async () => [],
    mayReach: async (pattern) => [...reachable].some((url) => pattern.startsWith(url)),
    changed: async () => undefined,
  });
  const settings = createSettings({ local, policy: async () => readPolicy({}) });
  const recipes = createRecipes({ local, now: () => NOW, randomId: () => 'r1' });
  const keeper = createFirstView({ session, instances, settings, recipes });
  await instances.add(URL_B);
  await instances.add(URL_A);
  const kept: KeptState = { who: whoMarkOfAnswer(MARIA), state: ready };
  await session.write(stateKeyOf(URL_A), kept);
  await keeper.renew();
  return { local, session, instances, settings, recipes, keeper, reachable };
}

/** A background that gives its answers when it is told to, and not before. */
function sleeping(
  left: Awaited<ReturnType<typeof leftBehind>>,
  more: Record<string, (request: never) => unknown> = {},
) {
  let wake: () => void = () => undefined;
  const awake = new Promise<void>((resolve) => {
    wake = resolve;
  });
  let serve: (state: InstanceState) => void = () => undefined;
  const served = new Promise<InstanceState>((resolve) => {
    serve = resolve;
  });
  const sent: [string, unknown][] = [];
  const created: CreatedToken[] = [];
  const answers: Record<string, (request: never) => unknown> = {
    'instances.list': () => left.instances.list(),
    'settings.read': () => left.settings.read(),
    'clipboard.state': () => ({ copy: null, notice: null }),
    'instance.load': () => served,
    'draft.read': async ({ instanceId }: { instanceId: string }) =>
      (await left.session.read(draftKeyOf(instanceId))) ?? { form: null, tab: 'create' },
    'draft.write': () => ({ ok: true }),
    'created.list': () => ({ created, copy: null }),
    'recipes.list': ({ instanceId }: { instanceId: string }) => left.recipes.list(instanceId),
    'token.create': () => ({ ok: false, code: 'x', title: 'x', message: 'x' }),
    'names.taken': () => ({ names: [] }),
    'instances.use': () => ({ ok: true }),
    ...more,
  };
  const send = (async (name: string, request: never) => {
    sent.push([name, request]);
    await awake;
    const answer = answers[name];
    if (!answer) throw new Error(`nobody expected ${name}`);
    return answer(request);
  }) as Send;
  return { send, sent, created, wake: () => wake(), serve: (state: InstanceState) => serve(state) };
}

function open(
  left: Awaited<ReturnType<typeof leftBehind>>,
  {
    address = null,
    session = 'normal',
    there = async () => Response.json(MARIA),
  }: { address?: string | null; session?: TabSession; there?: Fetch } = {},
) {
  const background = sleeping(left);
  const tabAtHand = async () => ({ address, session });
  const popup = createPopup({ send: background.send, now: () => NOW, tabAtHand });
  void lookFirst(createFirstViewReader(left.session, there), tabAtHand).then(async (first) => {
    if (first && (await first.holds)) popup.showFirstView(first);
  });
  const loaded = popup.load();
  return { popup, loaded, ...background };
}

describe('the first view of the popup', () => {
  test('is the form as it was left, before the background answers', async () => {
    const left = await leftBehind();
    const form = { ...firstForm(ready, NOW), name: 'half typed' };
    await left.session.write(draftKeyOf(URL_A), { form, tab: 'tokens' });
    const { popup } = open(left);
    await vi.waitFor(() => expect(popup.page.value).toBe('instance'));
    expect(popup.current.value?.id).toBe(URL_A);
    expect(popup.form.value?.name).toBe('half typed');
    expect(popup.tab.value).toBe('tokens');
  });

  test('is filled in by the recipe that was used last', async () => {
    const left = await leftBehind();
    await left.recipes.save({
      id: null,
      name: 'CI',
      instanceId: null,
      kind: 'backend',
      projects: ['default'],
      environments: ['development'],
      expiresInDays: 7,
      namePattern: 'ci',
      oneEach: false,
    });
    await left.recipes.used('r1');
    await left.keeper.renew();
    const { popup } = open(left);
    await vi.waitFor(() => expect(popup.form.value?.name).toBe('ci'));
    expect(popup.form.value?.expires).toBe('7');
  });

  test('gives way to what the background knows, where nothing was typed', async () => {
    const left = await leftBehind();
    const opened = open(left);
    await vi.waitFor(() => expect(opened.popup.form.value).not.toBeNull());
    const form = { ...firstForm(ready, NOW), name: 'from the page' };
    await left.session.write(draftKeyOf(URL_A), { form, tab: 'create' });
    opened.wake();
    await vi.waitFor(() => expect(opened.popup.form.value?.name).toBe('from the page'));
  });

  test('keeps what is typed into it, and fits it to what the server says', async () => {
    const left = await leftBehind();
    const { popup, loaded, wake, serve } = open(left);
    await vi.waitFor(() => expect(popup.form.value).not.toBeNull());
    popup.change({ name: 'typed', environment: 'development' });
    wake();
    serve({ ...ready, environments: [{ name: 'staging', type: 'test', enabled: true }] });
    await loaded;
    expect(popup.form.value).toMatchObject({ name: 'typed', environment: 'staging' });
  });

  test('creates by no name that was taken meanwhile', async () => {
    const left = await leftBehind();
    const { popup, created, sent, wake } = open(left);
    await vi.waitFor(() => expect(popup.form.value?.name).toBe('maria-2026-11-22'));
    created.push(made);
    const creating = popup.create();
    expect(popup.creating.value).toBe(true);
    expect(sent.map(([name]) => name)).not.toContain('token.create');
    wake();
    await creating;
    const [, request] = sent.find(([name]) => name === 'token.create') ?? [];
    expect(request).toMatchObject({ token: { name: 'maria-2026-11-22-2' } });
  });

  test('creates though the server has not said anew what there is', async () => {
    const left = await leftBehind();
    const { popup, sent, wake } = open(left);
    await vi.waitFor(() => expect(popup.form.value).not.toBeNull());
    wake();
    await popup.create();
    expect(sent.map(([name]) => name)).toContain('token.create');
  });

  test('ends where nobody is logged in any more', async () => {
    const left = await leftBehind();
    const { popup, loaded, wake, serve } = open(left);
    await vi.waitFor(() => expect(popup.form.value).not.toBeNull());
    wake();
    serve({ state: 'not-logged-in', loginUrl: `${URL_A}/login` });
    await loaded;
    expect(popup.instanceState.value?.state).toBe('not-logged-in');
  });

  test.each<[string, Fetch]>([
    ['somebody else', async () => Response.json({ ...MARIA, user: { id: 8 } })],
    ['the same person with other rights', async () => Response.json({ ...MARIA, permissions: [] })],
    ['nobody', async () => Response.json({ name: 'AuthenticationRequired' }, { status: 401 })],
    ['a web page', async () => new Response('<html>')],
    ['no network', () => Promise.reject(new TypeError('Failed to fetch'))],
  ])('is none where %s is there now', async (_, there) => {
    const left = await leftBehind();
    const { popup, loaded, wake, serve } = open(left, { there });
    wake();
    await vi.waitFor(() => expect(popup.page.value).toBe('instance'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(popup.form.value).toBeNull();
    serve(ready);
    await loaded;
    expect(popup.form.value).not.toBeNull();
  });

  test('is none in a window with a session of its own', async () => {
    let asked = 0;
    const there: Fetch = async () => {
      asked += 1;
      return Response.json(MARIA);
    };
    const { popup } = open(await leftBehind(), { session: 'private', there });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(popup.form.value).toBeNull();
    expect(asked).toBe(0);
  });

  test('comes too late where the server has said it all', async () => {
    let say: (answer: Response) => void = () => undefined;
    const there: Fetch = () =>
      new Promise((resolve) => {
        say = resolve;
      });
    const { popup, loaded, wake, serve } = open(await leftBehind(), { there });
    wake();
    serve({ ...ready, user: 'of now' });
    await loaded;
    say(Response.json(MARIA));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(popup.instanceState.value).toMatchObject({ user: 'of now' });
  });

  test('is none over an instance that has not answered yet', async () => {
    const left = await leftBehind();
    const { popup, loaded, wake, serve } = open(left, { address: `${URL_B}/projects` });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(popup.page.value).toBe('loading');
    wake();
    serve(ready);
    await loaded;
    expect(popup.current.value?.id).toBe(URL_B);
  });

  test('is none of an instance that is gone, and the other one comes up empty', async () => {
    const left = await leftBehind();
    const { popup, loaded, wake, serve } = open(left);
    await vi.waitFor(() => expect(popup.form.value).not.toBeNull());
    popup.change({ name: 'typed for the first one' });
    await left.instances.remove(URL_A);
    wake();
    serve(ready);
    await loaded;
    expect(popup.current.value?.id).toBe(URL_B);
    expect(popup.form.value?.name).toBe('maria-2026-11-22');
  });

  test('keeps what is searched in its list of tokens, and the list that was asked for', async () => {
    const left = await leftBehind();
    const reader = createFirstViewReader(left.session, async () => Response.json(MARIA));
    const look = await lookFirst(reader, async () => ({ address: null, session: 'normal' }));
    const list: TokenList = {
      tokens: [],
      of: { api: 'all', personal: true },
      failed: null,
    } as never;
    const { send, wake, serve } = sleeping(left, {
      'tokens.list': () => ({ ok: true, list }),
      'tokens.open': () => ({ list: null, view: null, revoking: null, troubles: [] }),
      'tokens.writeView': () => ({ ok: true }),
      'copyAs.last': () => ({}),
    });
    const popup = createPopup({ send, now: () => NOW });
    expect(look && popup.showFirstView(look)).toBe(true);
    // As the tab does when it is drawn, and then a hand.
    const refreshed = popup.tokens.refresh();
    popup.tokens.look({ search: 'web' });
    const loaded = popup.load();
    wake();
    serve(ready);
    await Promise.all([refreshed, loaded]);
    expect(popup.tokens.view.value.search).toBe('web');
    expect(popup.tokens.list.value).toEqual(list);
  });

  test('says that the background is silent', async () => {
    const left = await leftBehind();
    const send = () => Promise.reject(new Error('gone'));
    const popup = createPopup({ send, now: () => NOW });
    const reader = createFirstViewReader(left.session, async () => Response.json(MARIA));
    const look = await lookFirst(reader, async () => ({ address: null, session: 'normal' }));
    await popup.load();
    expect(look && popup.showFirstView(look)).toBe(false);
    expect(popup.page.value).toBe('silent');
  });
});

describe('what the background leaves for the first view', () => {
  test('is renewed when what it is made of changes, and by nothing else', async () => {
    const { keeper } = await leftBehind();
    expect(keeper.isMadeOf('local', ['current-instance'])).toBe(true);
    expect(keeper.isMadeOf('local', ['x', 'recipes'])).toBe(true);
    expect(keeper.isMadeOf('managed', ['instances'])).toBe(true);
    expect(keeper.isMadeOf('session', ['instances'])).toBe(false);
    expect(keeper.isMadeOf('local', ['clipboard'])).toBe(false);
  });

  test('has no form for a host that may not be reached any more', async () => {
    const { keeper, session, reachable } = await leftBehind();
    reachable.delete(URL_A);
    await keeper.renew();
    expect(await session.read(stateKeyOf(URL_A))).toBeUndefined();
    expect(await session.read(FIRST_VIEW_KEY)).toMatchObject({
      instances: { currentId: URL_A },
    });
  });
});

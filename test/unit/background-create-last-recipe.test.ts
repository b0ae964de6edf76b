import { describe, expect, test } from 'vitest';
import type { BackgroundParts } from '../../extension/background/background-parts.ts';
import { createBatches } from '../../extension/background/batch.ts';
import { createClipboardKeeper } from '../../extension/background/clipboard/clipboard-keeper.ts';
import { runCommand } from '../../extension/background/commands/registry.ts';
import { readDraft } from '../../extension/background/drafts.ts';
import { createInstances } from '../../extension/background/instances.ts';
import { createJustCreated } from '../../extension/background/just-created.ts';
import { createRecipes } from '../../extension/background/recipes.ts';
import type { UnleashLink } from '../../extension/background/unleash-link.ts';
import type {
  CreateRequest,
  InstanceState,
  RecipeToSave,
} from '../../extension/platform/messages.ts';
import type { Notice } from '../../extension/platform/notifications.ts';
import type { TabAtHand } from '../../extension/platform/tab-session.ts';
import { fakeAlarms, fakeClipboard, fakeStore } from './background-fake-browser.ts';
import { READY } from './ready-instance.ts';

const BASE = 'https://unleash.example.com';
const OTHER = 'https://other.example.com/flags';
const now = () => 1_800_000_000_000;
const secretOf = (name: string) => `default:development.${name}`;

const ready: InstanceState = {
  ...READY,
  environments: [
    { name: 'development', type: 'development', enabled: true },
    { name: 'production', type: 'production', enabled: true },
  ],
};
const CI: RecipeToSave = {
  id: null,
  name: 'CI deploy',
  instanceId: null,
  kind: 'backend',
  projects: ['default'],
  environments: ['development'],
  expiresInDays: 30,
  namePattern: 'ci-{env}-{n}',
  oneEach: false,
};

const NO_TAB: TabAtHand = { address: null, session: 'normal' };

async function setUp(recipe: Partial<RecipeToSave> | null, state: InstanceState = ready) {
  const [local, session] = [fakeStore(), fakeStore()];
  const alarms = fakeAlarms();
  const clipboard = fakeClipboard({ withTimer: false });
  const notices: Notice[] = [];
  const made: CreateRequest[] = [];
  const madeOn: string[] = [];
  const opened: string[] = [];
  let ids = 0;
  const randomId = () => `id-${++ids}`;
  const instances = createInstances({
    local,
    managed: async () => [],
    mayReach: async () => true,
    changed: async () => {},
  });
  await instances.add(OTHER);
  await instances.add(BASE);
  const recipes = createRecipes({ local, now, randomId });
  if (recipe !== null) {
    const saved = await recipes.save({ ...CI, ...recipe });
    if (!saved.ok) throw new Error(saved.title);
    await recipes.used(saved.recipe.id);
  }
  const unleash: Pick<UnleashLink, 'load' | 'create' | 'tokenNames'> = {
    load: async () => state,
    tokenNames: async () => ['ci-development-1'],
    async create(instance, token) {
      made.push(token);
      madeOn.push(instance.id);
      if (token.environment === 'production') {
        return { ok: false, code: 'permission.missing', title: 'Not allowed', message: 'Ask.' };
      }
      return {
        ok: true,
        made: {
          secret: secretOf(token.name),
          shownOnce: false,
          name: token.name,
          projects: token.projects,
          environment: token.environment,
          expiresAt: token.expiresAt,
          owner: 'maria',
          pat: null,
        },
      };
    },
  };
  const parts = {
    local,
    session,
    instances,
    recipes,
    unleash,
    batches: createBatches({ session, randomId }),
    created: createJustCreated({ session, alarms, now }),
    clipboard: createClipboardKeeper({
      access: clipboard.access,
      session,
      local,
      alarms,
      mayRead: async () => true,
      delaySeconds: async () => 30,
      now,
      randomId,
    }),
    openForm: async () => void opened.push('form'),
    notify: async (notice: Notice) => void notices.push(notice),
    now,
    randomId,
  } as unknown as BackgroundParts;
  const run = (tab: TabAtHand = NO_TAB) => runCommand('create-last-recipe', parts, tab);
  return { run, madeOn, instances, clipboard: clipboard.state, notices, made, opened, session };
}

describe('"Create from last recipe"', () => {
  test('creates, copies, and tells without the secret', async () => {
    const { run, clipboard, notices, opened } = await setUp({});
    await run();
    expect(clipboard.text).toBe(secretOf('ci-development-2'));
    expect(notices).toEqual([
      {
        id: 'create-last-recipe',
        title: 'Created ci-development-2 on unleash.example.com and copied it',
        message: 'It is cleared from the clipboard in 30 s.',
      },
    ]);
    expect(opened).toEqual([]);
  });

  test.each([
    ['of the tab at hand', `${OTHER}/projects/default`, OTHER],
    ['used last where the tab is of none', 'https://elsewhere.example.com/', BASE],
    ['used last where the tab has no address', null, BASE],
  ])('creates on the instance %s', async (_, address, id) => {
    const { run, madeOn } = await setUp({});
    await run({ address, session: 'normal' });
    expect(madeOn).toEqual([id]);
  });

  test.each([
    ['private', 'No token created: this window is private'],
    ['container', 'No token created: this tab is in a container'],
  ] as const)(
    'creates nothing for an instance in a %s tab, and says so',
    async (session, title) => {
      const { run, made, notices, opened } = await setUp({});
      await run({ address: `${OTHER}/projects`, session });
      expect([made, opened]).toEqual([[], []]);
      expect(notices.map((notice) => notice.title)).toEqual([title]);
      await run({ address: 'https://elsewhere.example.com/', session });
      expect(made).toHaveLength(1);
    },
  );

  test('has the popup open on the instance of the tab', async () => {
    const { run, opened, instances } = await setUp(null);
    await run({ address: OTHER, session: 'normal' });
    expect(opened).toEqual(['form']);
    expect((await instances.list()).currentId).toBe(OTHER);
  });

  test('makes one token of a key that is held', async () => {
    const { run, made } = await setUp({});
    await Promise.all([run(), run(), run()]);
    expect(made).toHaveLength(1);
  });

  test('tells how many of several were made', async () => {
    const { run, clipboard, notices } = await setUp({
      oneEach: true,
      environments: ['development', 'production'],
    });
    await run();
    expect(notices[0]?.title).toBe('1 of 2 tokens created on unleash.example.com');
    expect(clipboard.text).toContain(secretOf('ci-development-2'));
  });

  test('tells what Unleash refused', async () => {
    const { run, notices } = await setUp({ environments: ['production'] });
    await run();
    expect(notices).toMatchObject([{ title: 'Not allowed', message: 'Ask.' }]);
  });

  test.each<[string, Partial<RecipeToSave> | null, InstanceState]>([
    ['no recipe was used', null, ready],
    ['nobody is logged in', {}, { state: 'not-logged-in', loginUrl: BASE }],
    ['the kind may not be created', { kind: 'frontend' }, ready],
    ['a project is gone', { projects: ['gone'] }, ready],
    ['its pattern holds an unknown brace', { namePattern: '{what}' }, ready],
  ])('opens the popup and creates nothing where %s', async (_, recipe, state) => {
    const { run, made, opened, notices } = await setUp(recipe, state);
    await run();
    expect(opened).toEqual(['form']);
    expect(made).toEqual([]);
    expect(notices).toEqual([]);
  });

  test('leaves the form filled in for the popup, with what is gone left out', async () => {
    const { run, session } = await setUp({ projects: ['gone'] });
    await run();
    const draft = await readDraft(session, BASE);
    expect(draft).toMatchObject({ tab: 'create', form: { kind: 'backend', projects: [] } });
  });
});

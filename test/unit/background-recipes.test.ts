import { describe, expect, test } from 'vitest';
import { RECIPE_NAME_LIMIT } from '../../extension/background/recipe-shape.ts';
import { createRecipes, RECIPES_LIMIT } from '../../extension/background/recipes.ts';
import type { RecipeToSave } from '../../extension/platform/messages.ts';
import type { Store } from '../../extension/platform/store.ts';
import { fakeStore } from './background-fake-browser.ts';

const HERE = 'https://unleash.example.com';
const THERE = 'https://other.example.com';

const CI: RecipeToSave = {
  id: null,
  name: 'CI deploy',
  instanceId: null,
  kind: 'backend',
  projects: ['checkout'],
  environments: ['production'],
  expiresInDays: 30,
  namePattern: 'ci-deploy-{date}',
  oneEach: false,
};

let ids = 0;

function setUp(local: Store = fakeStore()) {
  const clock = { now: 1_000 };
  const recipes = createRecipes({ local, now: () => clock.now, randomId: () => `r${++ids}` });
  const names = async (instanceId: string | null = null) =>
    (await recipes.list(instanceId)).recipes.map(({ name }) => name);
  const add = async (change: Partial<RecipeToSave>) => {
    const answer = await recipes.save({ ...CI, ...change });
    if (!answer.ok) throw new Error(answer.title);
    return answer.recipe;
  };
  return { local, clock, recipes, names, add };
}

describe('recipes', () => {
  test('are kept in the order in which they were saved, and a change leaves its place', async () => {
    const { recipes, names, add } = setUp();
    const first = await add({ name: 'One' });
    await add({ name: 'Two' });
    await add({ id: first.id, name: 'Uno' });
    expect(await names()).toEqual(['Uno', 'Two']);
    expect((await recipes.find(first.id))?.name).toBe('Uno');
  });

  test('of one instance are not listed for another; those for all are', async () => {
    const { names, add } = setUp();
    await add({ name: 'Here', instanceId: HERE });
    await add({ name: 'Everywhere' });
    expect(await names(HERE)).toEqual(['Here', 'Everywhere']);
    expect(await names(THERE)).toEqual(['Everywhere']);
  });

  test('know which was used last, among those of the instance', async () => {
    const { clock, recipes, add } = setUp();
    const here = await add({ name: 'Here', instanceId: HERE });
    const everywhere = await add({ name: 'Everywhere' });
    expect((await recipes.list(HERE)).lastId).toBe(null);
    await recipes.used(everywhere.id);
    clock.now += 1;
    await recipes.used(here.id);
    expect((await recipes.list(HERE)).lastId).toBe(here.id);
    expect((await recipes.list(THERE)).lastId).toBe(everywhere.id);
  });

  test('two saves at once lose neither', async () => {
    const { names, add } = setUp();
    await Promise.all([add({ name: 'One' }), add({ name: 'Two' }), add({ name: 'Three' })]);
    expect(await names()).toEqual(['One', 'Two', 'Three']);
  });

  test('removed, one comes back to its place with all that was known of it', async () => {
    const { recipes, names, add } = setUp();
    await add({ name: 'One' });
    const two = await add({ name: 'Two' });
    await add({ name: 'Three' });
    await recipes.used(two.id);
    const answer = await recipes.remove(two.id);
    const removed = answer.ok ? answer.removed : null;
    expect(await names()).toEqual(['One', 'Three']);
    if (removed === null) throw new Error('nothing was removed');
    await recipes.restore(removed);
    await recipes.restore(removed);
    expect(await names()).toEqual(['One', 'Two', 'Three']);
    expect((await recipes.list(null)).lastId).toBe(two.id);
  });

  test('removed twice, the second finds nothing', async () => {
    const { recipes, add } = setUp();
    const { id } = await add({});
    await recipes.remove(id);
    expect(await recipes.remove(id)).toEqual({ ok: true, removed: null });
  });

  test('are put in order; who is not named comes after, and who is not known is passed over', async () => {
    const { recipes, names, add } = setUp();
    await add({ name: 'One' });
    const two = await add({ name: 'Two' });
    const three = await add({ name: 'Three' });
    await recipes.order([three.id, 'nobody', two.id]);
    expect(await names()).toEqual(['Three', 'Two', 'One']);
  });

  test('need a name of their own that fits on a chip', async () => {
    const { recipes, names, add } = setUp();
    await add({ instanceId: HERE });
    const codes = await Promise.all(
      [
        { ...CI, name: '  ' },
        { ...CI, name: 'x'.repeat(RECIPE_NAME_LIMIT + 1) },
        { ...CI, name: ' CI deploy ' },
      ].map((recipe) => recipes.save(recipe)),
    );
    expect(codes.map((answer) => !answer.ok && answer.code)).toEqual([
      'recipe.name-empty',
      'recipe.name-long',
      'recipe.name-taken',
    ]);
    // On another server it is never seen beside the first.
    await add({ instanceId: THERE });
    expect(await names()).toEqual(['CI deploy', 'CI deploy']);
  });

  test('end somewhere', async () => {
    const { recipes, add } = setUp();
    for (let index = 0; index < RECIPES_LIMIT; index += 1) await add({ name: `Recipe ${index}` });
    expect(await recipes.save(CI)).toMatchObject({ ok: false, code: 'recipe.limit' });
  });

  test.each([
    ['no list', { version: 9 }],
    ['text', 'recipes'],
    ['null', null],
  ])('begin anew where the store holds %s', async (_, stored) => {
    const local = fakeStore();
    await local.write('recipes', stored);
    const { names, add } = setUp(local);
    expect(await names()).toEqual([]);
    await add({});
    expect(await names()).toEqual(['CI deploy']);
  });

  test('pass over what cannot be read, and keep it for whoever can', async () => {
    const local = fakeStore();
    const before = setUp(local);
    await before.add({});
    const [good] = (await local.read('recipes')) as unknown[];
    const odd = { id: 'new', kind: 'of a later version' };
    await local.write('recipes', [odd, good, good, 7]);
    const { names, add } = setUp(local);
    expect(await names()).toEqual(['CI deploy']);
    await add({ name: 'Another', id: null });
    expect(await names()).toContain('Another');
    expect(await local.read('recipes')).toEqual(expect.arrayContaining([odd, 7]));
  });

  test('say so when the browser has no room, and change nothing', async () => {
    const store = fakeStore();
    const { add } = setUp(store);
    const { id } = await add({});
    const full: Store = {
      ...store,
      write: async () => {
        throw new Error('QuotaExceededError');
      },
    };
    const { recipes, names } = setUp(full);
    expect(await recipes.save({ ...CI, name: 'Two' })).toMatchObject({ code: 'recipe.no-room' });
    await recipes.used(id);
    expect(await names()).toEqual(['CI deploy']);
  });
});

describe('a token in a recipe, which lies on disk in clear', () => {
  const TOKEN = `user:${'a'.repeat(56)}`;

  test.each<[string, Partial<RecipeToSave>]>([
    ['its name', { name: TOKEN }],
    ['its pattern', { namePattern: `ci ${TOKEN}` }],
    ['a project', { projects: ['checkout', TOKEN] }],
    ['an environment', { environments: [TOKEN] }],
    ['its instance', { instanceId: `${HERE}/ ${TOKEN}` }],
  ])('is refused in %s, saved or restored', async (_, change) => {
    const { recipes, local } = setUp();
    const refused = { ok: false, code: 'recipe.secret', title: 'A recipe must not hold a token' };
    expect(await recipes.save({ ...CI, ...change })).toMatchObject(refused);
    const recipe = { ...CI, ...change, id: 'r', lastUsedAt: null };
    expect(await recipes.restore({ recipe, position: 0 })).toMatchObject(refused);
    expect(await local.read('recipes')).toBeUndefined();
  });
});

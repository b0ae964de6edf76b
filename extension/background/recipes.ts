import * as v from 'valibot';
import type { Failure, Recipe, RecipeRemoved, RecipeToSave } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import { createQueue, type InTurn } from '../platform/serial.ts';
import type { Store } from '../platform/store.ts';
import { holdsToken, RECIPE_NAME_LIMIT, storedRecipe } from './recipe-shape.ts';

export const RECIPES_KEY = 'recipes';

/** How many are kept; a row of more chips than this is no shortcut. */
export const RECIPES_LIMIT = 100;

export type RecipesParts = { local: Store; now(): number; randomId(): string };

export type Recipes = {
  /** In the user's order; with an instance, those for it or for all. */
  list(instanceId: string | null): Promise<{ recipes: Recipe[]; lastId: string | null }>;
  find(id: string): Promise<Recipe | null>;
  /** Fails with `recipe.*`; then nothing is changed. */
  save(recipe: RecipeToSave): Promise<{ ok: true; recipe: Recipe } | Failure>;
  remove(id: string): Promise<{ ok: true; removed: RecipeRemoved | null } | Failure>;
  restore(removed: RecipeRemoved): Promise<{ ok: true } | Failure>;
  order(ids: readonly string[]): Promise<{ ok: true } | Failure>;
  /** A token was made with it. */
  used(id: string): Promise<void>;
  /** Does this while nobody else writes them. None of the writers here may be called within: it would wait for ever. */
  alone: InTurn;
};

/** What lies in the store: recipes that can be read, and what cannot, which is kept for the version that wrote it. */
type Kept = { recipes: Recipe[]; unread: unknown[] };

/**
 * The user's recipes: settings, nothing secret, so they lie in `local`. All writes are done one after the other. What is
 * broken in the store is passed over, and stays there.
 */
export function createRecipes({ local, now, randomId }: RecipesParts): Recipes {
  const inTurn = createQueue();

  async function kept(): Promise<Kept> {
    const stored = await local.read(RECIPES_KEY);
    if (!Array.isArray(stored)) return { recipes: [], unread: [] };
    const found: Kept = { recipes: [], unread: [] };
    for (const entry of stored) {
      const read = v.safeParse(storedRecipe, entry);
      const twice = read.success && found.recipes.some(({ id }) => id === read.output.id);
      if (read.success && !twice) found.recipes.push(read.output);
      else if (!read.success) found.unread.push(entry);
    }
    return found;
  }

  /** Writes what `edit` makes of the recipes; false where the browser has no room for it. */
  async function change(edit: (recipes: Recipe[]) => Recipe[]): Promise<boolean> {
    const { recipes, unread } = await kept();
    try {
      await local.write(RECIPES_KEY, [...edit(recipes), ...unread]);
      return true;
    } catch {
      return false;
    }
  }

  const all = async () => (await kept()).recipes;

  return {
    async list(instanceId) {
      const recipes = (await all()).filter((recipe) => isFor(recipe, instanceId));
      return { recipes, lastId: lastUsed(recipes)?.id ?? null };
    },
    find: async (id) => (await all()).find((recipe) => recipe.id === id) ?? null,

    save: (wanted) =>
      inTurn(async () => {
        const before = await all();
        const name = wanted.name.trim();
        const old = before.find(({ id }) => id === wanted.id) ?? null;
        const wrong = holdsToken(wanted) ? secret() : nameProblem(name, wanted, before);
        if (wrong !== null) return wrong;
        if (old === null && before.length >= RECIPES_LIMIT) return tooMany();
        const recipe: Recipe = {
          ...wanted,
          name,
          id: old?.id ?? randomId(),
          lastUsedAt: old?.lastUsedAt ?? null,
        };
        const written = await change((recipes) =>
          old === null
            ? [...recipes, recipe]
            : recipes.map((entry) => (entry.id === recipe.id ? recipe : entry)),
        );
        return written ? { ok: true, recipe } : noRoom();
      }),

    remove: (id) =>
      inTurn(async () => {
        const before = await all();
        const position = before.findIndex((recipe) => recipe.id === id);
        const recipe = before[position];
        if (recipe === undefined) return { ok: true, removed: null };
        const written = await change((recipes) => recipes.filter((entry) => entry.id !== id));
        return written ? { ok: true, removed: { recipe, position } } : notChanged();
      }),

    restore: ({ recipe, position }) =>
      inTurn(async () => {
        if (holdsToken(recipe)) return secret();
        const written = await change((recipes) =>
          recipes.some(({ id }) => id === recipe.id)
            ? recipes
            : recipes.toSpliced(Math.max(0, position), 0, recipe),
        );
        return written ? { ok: true } : noRoom();
      }),

    order: (ids) =>
      inTurn(async () => {
        const place = (recipe: Recipe) => {
          const at = ids.indexOf(recipe.id);
          return at === -1 ? ids.length : at;
        };
        const written = await change((recipes) =>
          recipes.toSorted((one, other) => place(one) - place(other)),
        );
        return written ? { ok: true } : notChanged();
      }),

    alone: inTurn,
    used: (id) =>
      inTurn(async () => {
        // The token is made; that its recipe could not be marked is worth no word.
        await change((recipes) =>
          recipes.map((recipe) => (recipe.id === id ? { ...recipe, lastUsedAt: now() } : recipe)),
        );
      }),
  };
}

function isFor(recipe: Recipe, instanceId: string | null): boolean {
  return instanceId === null || recipe.instanceId === null || recipe.instanceId === instanceId;
}

function lastUsed(recipes: readonly Recipe[]): Recipe | null {
  return recipes.reduce<Recipe | null>((last, recipe) => {
    if (recipe.lastUsedAt === null) return last;
    return last?.lastUsedAt == null || recipe.lastUsedAt > last.lastUsedAt ? recipe : last;
  }, null);
}

function nameProblem(
  name: string,
  wanted: RecipeToSave,
  before: readonly Recipe[],
): Failure | null {
  if (name === '') {
    return {
      ok: false,
      code: 'recipe.name-empty',
      title: say('recipe_no_name'),
      message: say('recipe_no_name_why'),
      field: 'name',
    };
  }
  if (name.length > RECIPE_NAME_LIMIT) {
    return {
      ok: false,
      code: 'recipe.name-long',
      title: say('recipe_name_long', name.length),
      message: say('recipe_name_long_next', RECIPE_NAME_LIMIT),
      field: 'name',
    };
  }
  const seenTogether = (other: Recipe) =>
    wanted.instanceId === null || isFor(other, wanted.instanceId);
  const taken = before.some(
    (other) => other.id !== wanted.id && other.name === name && seenTogether(other),
  );
  if (!taken) return null;
  return {
    ok: false,
    code: 'recipe.name-taken',
    title: say('recipe_taken', name),
    message: say('recipe_taken_next'),
    field: 'name',
  };
}

const secret = (): Failure => ({
  ok: false,
  code: 'recipe.secret',
  title: say('recipe_secret'),
  message: say('recipe_secret_next'),
});

const tooMany = (): Failure => ({
  ok: false,
  code: 'recipe.limit',
  title: say('recipe_limit', RECIPES_LIMIT),
  message: say('recipe_limit_next'),
});

const noRoom = (): Failure => ({
  ok: false,
  code: 'recipe.no-room',
  title: say('recipe_not_saved'),
  message: say('recipe_no_room'),
});

/** Nothing was added, so it is not the quota. */
const notChanged = (): Failure => ({
  ok: false,
  code: 'recipe.no-room',
  title: say('recipes_unchanged'),
  message: say('no_room_disk'),
});

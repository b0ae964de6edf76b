import { type ReadonlySignal, signal } from '@preact/signals';
import type {
  Answer,
  Failure,
  Recipe,
  RecipeRemoved,
  RecipeToSave,
} from '../../platform/messages.ts';
import type { Send } from '../../platform/send.ts';
import { isNumbered } from '../../recipe/name-pattern.ts';

const NONE: Answer<'recipes.list'> = { recipes: [], lastId: null };

/** The recipes of the instance on screen, and the names that are in use there. */
export type RecipeShelf = ReturnType<typeof createRecipeShelf>;

/** Recipes are a help and no need: without them the form works as ever. */
export function createRecipeShelf({
  send,
  instanceId,
  silent,
}: {
  send: Send;
  /** Of the instance on screen. */
  instanceId: () => string | null;
  /** What is said when the background does not answer. */
  silent: () => Failure;
}) {
  const recipes = signal<Recipe[]>([]);
  const lastId = signal<string | null>(null);
  /** What was deleted last, while it can be undone. */
  const removed = signal<RecipeRemoved | null>(null);
  /** Why the list is as it was. */
  const problem = signal<Failure | null>(null);
  const names = signal<string[]>([]);
  let asking: { instanceId: string; done: Promise<void> } | null = null;

  async function load(): Promise<void> {
    const id = instanceId();
    if (id === null) return;
    const list = await send('recipes.list', { instanceId: id }).catch(() => null);
    if (instanceId() !== id) return;
    show(list ?? NONE);
  }

  /** Takes a list for what there is, until the background answers. */
  function show(list: Answer<'recipes.list'>): void {
    recipes.value = list.recipes;
    lastId.value = list.lastId;
  }

  /** Learns the names of API tokens, once for an instance; needed where a name ends in a number. */
  async function learnNames(pattern: string): Promise<void> {
    const id = instanceId();
    if (id === null || !isNumbered(pattern)) return;
    if (asking?.instanceId !== id) {
      names.value = [];
      const done = send('names.taken', { instanceId: id }).then(
        (answer) => {
          if (instanceId() === id) names.value = answer.names;
        },
        // Unknown names may be doubled: Unleash takes two API tokens of one name.
        () => undefined,
      );
      asking = { instanceId: id, done };
    }
    await asking.done;
  }

  async function save(recipe: RecipeToSave): Promise<Recipe | Failure> {
    try {
      const answer = await send('recipes.save', { recipe });
      if (!answer.ok) return answer;
      await load();
      return answer.recipe;
    } catch {
      return silent();
    }
  }

  /** False where it stays. */
  async function remove(id: string): Promise<boolean> {
    const answer = await send('recipes.remove', { id }).catch(silent);
    problem.value = answer.ok ? null : answer;
    if (answer.ok && answer.removed) removed.value = answer.removed;
    await load();
    return answer.ok;
  }

  /** Puts back what was deleted last; a sentence where that failed. */
  async function undo(): Promise<string | null> {
    if (removed.value === null) return null;
    const answer = await send('recipes.restore', removed.value).catch(silent);
    if (!answer.ok) return `${answer.title}. ${answer.message}`;
    removed.value = null;
    await load();
    return null;
  }

  /** Moves one up (-1) or down (1) among those on screen. */
  async function move(id: string, by: -1 | 1): Promise<void> {
    const ids = recipes.value.map((recipe) => recipe.id);
    const from = ids.indexOf(id);
    const to = from + by;
    if (from < 0 || to < 0 || to >= ids.length) return;
    const moved = ids.toSpliced(from, 1).toSpliced(to, 0, id);
    recipes.value = recipes.value.toSorted((a, b) => moved.indexOf(a.id) - moved.indexOf(b.id));
    const answer = await send('recipes.order', { ids: moved }).catch(silent);
    problem.value = answer.ok ? null : answer;
    await load();
  }

  const readonly = <T>(value: ReadonlySignal<T>): ReadonlySignal<T> => value;
  return {
    recipes: readonly(recipes),
    lastId: readonly(lastId),
    removed: readonly(removed),
    problem: readonly(problem),
    names: readonly(names),
    find: (id: string | undefined) => recipes.value.find((recipe) => recipe.id === id) ?? null,
    used: (id: string) => {
      lastId.value = id;
    },
    forgetRemoved: () => {
      removed.value = null;
      problem.value = null;
    },
    load,
    show,
    learnNames,
    save,
    remove,
    undo,
    move,
  };
}

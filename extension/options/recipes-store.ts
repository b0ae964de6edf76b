import { signal } from '@preact/signals';
import type { Failure, Recipe } from '../platform/messages.ts';
import type { Send } from '../platform/send.ts';
import type { See } from './store.ts';
import type { Undo } from './undo.ts';
import { RECIPES } from './words/recipes.ts';

/** The recipes as the options page changes them: name, order, end. */
export function createRecipesStore({ send, undo, see }: { send: Send; undo: Undo; see: See }) {
  const list = signal<Recipe[] | null>(null);

  async function load(): Promise<void> {
    list.value = (await send('recipes.list', { instanceId: null })).recipes;
  }

  return {
    list,
    load,
    /** One place up (-1) or down (1). False where it stays. */
    async move(recipe: Recipe, step: 1 | -1): Promise<boolean> {
      const ids = (list.value ?? []).map(({ id }) => id);
      const at = ids.indexOf(recipe.id);
      if (at < 0) return false;
      const answer = await send('recipes.order', {
        ids: ids.toSpliced(at, 1).toSpliced(Math.max(0, at + step), 0, recipe.id),
      });
      await load();
      return see(answer);
    },
    async rename({ lastUsedAt, ...recipe }: Recipe, name: string): Promise<Failure | null> {
      const answer = await send('recipes.save', { recipe: { ...recipe, name } });
      if (!answer.ok) return answer;
      await load();
      return null;
    },
    /** False where it stays. */
    async remove({ id, name }: Recipe): Promise<boolean> {
      const answer = await send('recipes.remove', { id });
      await load();
      if (!see(answer) || !answer.ok) return false;
      const { removed } = answer;
      if (removed === null) return true;
      undo.offer({
        words: RECIPES.deleted(name),
        said: RECIPES.back(name),
        back: async () => {
          const back = see(await send('recipes.restore', removed));
          await load();
          return back;
        },
      });
      return true;
    },
  };
}

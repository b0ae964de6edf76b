import { signal } from '@preact/signals';
import type { Failure, Recipe } from '../platform/messages.ts';
import type { Send } from './store.ts';
import type { Undo } from './undo.ts';
import { RECIPES } from './words/recipes.ts';

/** The recipes as the options page changes them: name, order, end. */
export function createRecipesStore({ send, undo }: { send: Send; undo: Undo }) {
  const list = signal<Recipe[] | null>(null);

  async function load(): Promise<void> {
    list.value = (await send('recipes.list', { instanceId: null })).recipes;
  }

  return {
    list,
    load,
    /** One place up (-1) or down (1). */
    async move(recipe: Recipe, step: 1 | -1): Promise<void> {
      const ids = (list.value ?? []).map(({ id }) => id);
      const at = ids.indexOf(recipe.id);
      if (at < 0) return;
      await send('recipes.order', {
        ids: ids.toSpliced(at, 1).toSpliced(Math.max(0, at + step), 0, recipe.id),
      });
      await load();
    },
    async rename({ lastUsedAt, ...recipe }: Recipe, name: string): Promise<Failure | null> {
      const answer = await send('recipes.save', { recipe: { ...recipe, name } });
      if (!answer.ok) return answer;
      await load();
      return null;
    },
    async remove({ id, name }: Recipe): Promise<void> {
      const { removed } = await send('recipes.remove', { id });
      await load();
      if (removed === null) return;
      undo.offer({
        words: RECIPES.deleted(name),
        said: RECIPES.back(name),
        back: async () => {
          await send('recipes.restore', removed);
          await load();
        },
      });
    },
  };
}

import type { RecipeMessages } from '../platform/messages.ts';
import type { Handlers } from './message-router.ts';
import type { Recipes } from './recipes.ts';

/** Saved token forms: list, save, remove with a way back, order. */
export function recipesHandlers({
  recipes,
}: {
  recipes: Recipes;
}): Pick<Handlers, keyof RecipeMessages> {
  return {
    'recipes.list': ({ instanceId }) => recipes.list(instanceId),
    'recipes.save': ({ recipe }) => recipes.save(recipe),
    'recipes.remove': ({ id }) => recipes.remove(id),
    'recipes.restore': (removed) => recipes.restore(removed),
    'recipes.order': ({ ids }) => recipes.order(ids),
  };
}

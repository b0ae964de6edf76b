import { BookmarkPlus, History, ListOrdered } from 'lucide-preact';
import { useRef } from 'preact/hooks';
import { offeredRecipes } from '../../recipe/form-of-recipe.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { Ready } from '../create-form.ts';
import { KIND_ICONS } from '../kinds.ts';
import type { Popup } from '../store.ts';
import { RECIPES } from '../words/recipes.ts';

type Props = { popup: Popup; state: Ready; onSave: () => void; onEdit: () => void };

/** One line of chips, the last used first; arrows move along it, and one Tab leaves it. */
export function RecipeRow({ popup, state, onSave, onEdit }: Props) {
  const row = useRef<HTMLDivElement>(null);
  const lastId = popup.recipes.lastId.value;
  const recipes = offeredRecipes(popup.recipes.recipes.value, lastId, state);
  const chosen = popup.form.value?.recipeId;
  const stop = recipes.some(({ id }) => id === chosen) ? chosen : recipes[0]?.id;

  const onKeyDown = (event: KeyboardEvent) => {
    const all = [...(row.current?.querySelectorAll<HTMLElement>('.recipe') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const forward = getComputedStyle(row.current as Element).direction === 'rtl' ? -1 : 1;
    const steps: Record<string, number> = {
      ArrowRight: at + forward,
      ArrowLeft: at - forward,
      Home: 0,
      End: all.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = all[(to + all.length) % all.length];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };

  return (
    <div class="recipes">
      <div
        class="recipe-row"
        role="toolbar"
        aria-label={RECIPES.row}
        ref={row}
        onKeyDown={onKeyDown}
      >
        {recipes.map((recipe) => {
          const last = recipe.id === lastId;
          return (
            <button
              key={recipe.id}
              type="button"
              class="recipe"
              aria-pressed={recipe.id === chosen}
              aria-keyshortcuts={last ? 'Alt+L' : undefined}
              title={last ? RECIPES.lastHint : recipe.name}
              tabIndex={recipe.id === stop ? 0 : -1}
              onClick={() => popup.useRecipe(recipe.id)}
            >
              <Icon of={last ? History : KIND_ICONS[recipe.kind]} small />
              <span>{last ? RECIPES.last(recipe.name) : recipe.name}</span>
            </button>
          );
        })}
        {chosen === undefined && (
          <button
            type="button"
            class="recipe save"
            tabIndex={recipes.length === 0 ? 0 : -1}
            onClick={onSave}
          >
            <Icon of={BookmarkPlus} small />
            <span>{RECIPES.saveThis}</span>
          </button>
        )}
      </div>
      {popup.recipes.recipes.value.length > 0 && (
        <IconButton label={RECIPES.edit} icon={ListOrdered} onClick={onEdit} />
      )}
    </div>
  );
}

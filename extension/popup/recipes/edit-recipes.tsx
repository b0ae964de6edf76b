import { ArrowDown, ArrowUp, HardDrive, Pencil, Trash2 } from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Recipe } from '../../platform/messages.ts';
import { announce } from '../../ui/announce.tsx';
import { Button, IconButton, TextButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Note } from '../../ui/note.tsx';
import { KIND_ICONS } from '../kinds.ts';
import type { Popup } from '../store.ts';
import { RECIPES } from '../words/recipes.ts';

type Props = { popup: Popup; onChange: (recipe: Recipe) => void; onBack: () => void };

/** The recipes of this instance in their order: change, move, delete with a way back. */
export function EditRecipes({ popup, onChange, onBack }: Props) {
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    back.current?.focus();
    // Who comes back to this list later has no business with what was deleted before.
    return popup.recipes.forgetRemoved;
  }, [popup]);
  const recipes = popup.recipes.recipes.value;
  const removed = popup.recipes.removed.value;
  const problem = popup.recipes.problem.value;
  const undo = async () => {
    if (!removed) return;
    const wrong = await popup.recipes.undo();
    announce(wrong ?? RECIPES.restored(removed.recipe.name));
  };
  return (
    <form
      class="create"
      onSubmit={(event) => {
        event.preventDefault();
        onBack();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          onBack();
        }
        if (removed && event.key === 'z' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          void undo();
        }
      }}
    >
      <div class="scroll">
        <h1 class="recipe-title">{RECIPES.editTitle}</h1>
        {problem && (
          <Note tone="danger" icon={HardDrive} title={problem.title}>
            {problem.message}
          </Note>
        )}
        {recipes.length === 0 && <p class="hint">{RECIPES.none}</p>}
        <ul class="recipe-list">
          {recipes.map((recipe, index) => (
            <li key={recipe.id}>
              <fieldset class="recipe-line" aria-label={recipe.name}>
                <Icon of={KIND_ICONS[recipe.kind]} />
                <span class="recipe-words">
                  <span title={recipe.name}>{recipe.name}</span>
                  <span class="meta" title={recipe.namePattern}>
                    {recipe.namePattern}
                  </span>
                </span>
                {index > 0 && (
                  <IconButton
                    label={RECIPES.moveUp}
                    icon={ArrowUp}
                    onClick={() => void popup.recipes.move(recipe.id, -1)}
                  />
                )}
                {index < recipes.length - 1 && (
                  <IconButton
                    label={RECIPES.moveDown}
                    icon={ArrowDown}
                    onClick={() => void popup.recipes.move(recipe.id, 1)}
                  />
                )}
                <IconButton label={RECIPES.change} icon={Pencil} onClick={() => onChange(recipe)} />
                <IconButton
                  label={RECIPES.remove}
                  icon={Trash2}
                  onClick={async () => {
                    if (!(await popup.recipes.remove(recipe.id))) return;
                    announce(RECIPES.removed(recipe.name));
                    back.current?.focus();
                  }}
                />
              </fieldset>
            </li>
          ))}
        </ul>
      </div>
      {removed && (
        <div class="recipe-undo">
          <span>{RECIPES.removed(removed.recipe.name)}</span>
          <TextButton onClick={() => void undo()}>{RECIPES.undo}</TextButton>
        </div>
      )}
      <footer class="foot">
        <span class="hint" />
        <Button look="primary" type="submit" buttonRef={back}>
          {RECIPES.back}
        </Button>
      </footer>
    </form>
  );
}

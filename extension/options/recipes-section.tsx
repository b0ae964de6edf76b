import { ArrowDown, ArrowUp, Bookmark, Pencil, Trash2 } from 'lucide-preact';
import { useRef, useState } from 'preact/hooks';
import type { Recipe } from '../platform/messages.ts';
import { announce } from '../ui/announce.tsx';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { RenameForm } from './rename-form.tsx';
import { Section } from './section.tsx';
import type { Options } from './store.ts';
import { RECIPES } from './words/recipes.ts';

/** The recipes: their names, their order, their end. They are made in the popup, where the form is. */
export function RecipesSection({ options }: { options: Options }) {
  const recipes = options.recipes.list.value;
  if (!recipes) return null;
  return (
    <Section id="recipes" title={RECIPES.title} text={RECIPES.text}>
      {recipes.length === 0 ? (
        <div class="rows">
          <div class="row none">
            <Icon of={Bookmark} />
            <div>
              <strong>{RECIPES.none}</strong>
              <div class="meta">{RECIPES.noneText}</div>
            </div>
          </div>
        </div>
      ) : (
        <ol class="rows">
          {recipes.map((recipe, index) => (
            <RecipeRow
              key={recipe.id}
              options={options}
              recipe={recipe}
              index={index}
              count={recipes.length}
            />
          ))}
        </ol>
      )}
    </Section>
  );
}

type RowProps = { options: Options; recipe: Recipe; index: number; count: number };

function RecipeRow({ options, recipe, index, count }: RowProps) {
  const [renaming, setRenaming] = useState(false);
  const row = useRef<HTMLFieldSetElement>(null);
  const focusOn = (label: string) =>
    requestAnimationFrame(() =>
      row.current?.querySelector<HTMLElement>(`[aria-label="${label}"]`)?.focus(),
    );
  const move = async (step: 1 | -1) => {
    if (!(await options.recipes.move(recipe, step))) return;
    announce(RECIPES.moved(recipe.name, index + step + 1, count));
    // At either end the button that was pressed is gone.
    const last = step < 0 ? index + step === 0 : index + step === count - 1;
    focusOn(step < 0 === last ? RECIPES.down : RECIPES.up);
  };
  const instance = options.instances.value?.find(({ id }) => id === recipe.instanceId);
  return (
    <li>
      <fieldset class="row" aria-label={recipe.name} ref={row}>
        <Icon of={Bookmark} />
        {renaming ? (
          <RenameForm
            label={RECIPES.name}
            name={recipe.name}
            rename={async (name) => {
              const failure = await options.recipes.rename(recipe, name);
              return failure && `${failure.title}. ${failure.message}`;
            }}
            renamed={RECIPES.renamed}
            onEnd={() => {
              setRenaming(false);
              focusOn(RECIPES.rename);
            }}
          />
        ) : (
          <>
            <div class="row-name">
              <strong>{recipe.name}</strong>
              <span class="meta">{instance?.name ?? recipe.instanceId ?? RECIPES.forAll}</span>
            </div>
            <span class="row-acts">
              {index > 0 && (
                <IconButton label={RECIPES.up} icon={ArrowUp} onClick={() => void move(-1)} />
              )}
              {index < count - 1 && (
                <IconButton label={RECIPES.down} icon={ArrowDown} onClick={() => void move(1)} />
              )}
              <IconButton label={RECIPES.rename} icon={Pencil} onClick={() => setRenaming(true)} />
              <IconButton
                label={RECIPES.delete}
                icon={Trash2}
                onClick={() => {
                  void options.recipes.remove(recipe).then((removed) => {
                    if (!removed) return;
                    announce(RECIPES.deleted(recipe.name));
                    // Its row is gone, and the focus with it.
                    const [next] = document.querySelectorAll<HTMLElement>('#recipes button');
                    next?.focus();
                  });
                }}
              />
            </span>
          </>
        )}
      </fieldset>
    </li>
  );
}

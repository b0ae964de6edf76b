import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Failure, Recipe, RecipeToSave } from '../../platform/messages.ts';
import { fillName, type NameFacts, patternProblem } from '../../recipe/name-pattern.ts';
import { announce } from '../../ui/announce.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Switch } from '../../ui/switch.tsx';
import { hasScope, type Ready } from '../create-form.ts';
import type { Popup } from '../store.ts';
import { nameProblemWords, RECIPES } from '../words/recipes.ts';

type Props = {
  popup: Popup;
  state: Ready;
  /** As it would be saved; with an id, one that is changed. */
  recipe: RecipeToSave;
  onSaved: (recipe: Recipe) => void;
  onCancel: () => void;
};

/** Name, pattern and reach of a recipe. What it fills in is changed by using it, changing the form, and saving that. */
export function SaveRecipe({ popup, state, recipe, onSaved, onCancel }: Props) {
  const [name, setName] = useState(recipe.name);
  const [pattern, setPattern] = useState(recipe.namePattern);
  const [everywhere, setEverywhere] = useState(recipe.instanceId === null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [saving, setSaving] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);

  const scoped = hasScope(recipe.kind);
  const problem = patternProblem(pattern.trim(), scoped);
  const facts: NameFacts = {
    user: state.user,
    now: popup.now(),
    projects: recipe.oneEach ? recipe.projects.slice(0, 1) : recipe.projects,
    environment: recipe.environments[0] ?? '',
    taken: [],
  };
  const save = async () => {
    if (saving || problem !== null) return;
    setSaving(true);
    const answer = await popup.recipes.save({
      ...recipe,
      name,
      namePattern: pattern.trim(),
      instanceId: everywhere ? null : (recipe.instanceId ?? popup.current.value?.id ?? null),
    });
    setSaving(false);
    if ('ok' in answer) {
      setFailure(answer);
      return;
    }
    announce(RECIPES.saved(answer.name));
    onSaved(answer);
  };

  return (
    <form
      class="create"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onCancel();
      }}
    >
      <div class="scroll">
        <h1 class="recipe-title">
          {recipe.id === null ? RECIPES.saveTitle : RECIPES.changeTitle(recipe.name)}
        </h1>
        <TextField
          label={RECIPES.name}
          value={name}
          inputRef={first}
          onInput={(value) => {
            setName(value);
            setFailure(null);
          }}
          error={failure ? `${failure.title}. ${failure.message}` : undefined}
        />
        <TextField
          label={RECIPES.pattern}
          value={pattern}
          onInput={setPattern}
          hint={
            <>
              {RECIPES.patternHint}
              {pattern.trim() !== '' && problem === null && (
                <div class="gives">{RECIPES.gives(fillName(pattern.trim(), facts))}</div>
              )}
            </>
          }
          error={problem ? nameProblemWords(problem) : undefined}
        />
        <Switch
          label={RECIPES.everywhere}
          hint={RECIPES.everywhereHint}
          checked={everywhere}
          onChange={setEverywhere}
        />
      </div>
      <footer class="foot">
        <Button onClick={onCancel}>{RECIPES.cancel}</Button>
        <Button look="primary" type="submit" enter busy={saving}>
          {RECIPES.save}
        </Button>
      </footer>
    </form>
  );
}

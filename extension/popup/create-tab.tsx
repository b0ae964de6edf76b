import { useState } from 'preact/hooks';
import type { RecipeToSave } from '../platform/messages.ts';
import { recipeOf } from '../recipe/form-of-recipe.ts';
import { CreateFormView } from './create-form-view.tsx';
import { CreatedView } from './created-view.tsx';
import { InstanceBarrier } from './instance-barrier.tsx';
import { WithJustCreated } from './just-created.tsx';
import { NoPermission } from './no-permission.tsx';
import type { OpenOptions } from './open-options.ts';
import { BatchView } from './recipes/batch-view.tsx';
import { EditRecipes } from './recipes/edit-recipes.tsx';
import { SaveRecipe } from './recipes/save-recipe.tsx';
import { Skeleton } from './skeleton.tsx';
import type { Popup } from './store.ts';

type Props = { popup: Popup; openOptions: OpenOptions };

/** What Create shows: what stands in the way, or the form, or what was just created with it. */
export function CreateTab({ popup, openOptions }: Props) {
  const [why, setWhy] = useState(false);
  const [saving, setSaving] = useState<RecipeToSave | null>(null);
  const [editing, setEditing] = useState(false);
  const state = popup.instanceState.value;
  if (state?.state !== 'ready') {
    return (
      <WithJustCreated popup={popup} loading={state === null}>
        {state === null ? (
          <Skeleton host={popup.current.value?.name} />
        ) : (
          <InstanceBarrier popup={popup} state={state} openOptions={openOptions} />
        )}
      </WithJustCreated>
    );
  }
  const url = popup.current.value?.id ?? '';
  if (state.abilities.kinds.length === 0) {
    return (
      <WithJustCreated popup={popup}>
        <NoPermission state={state} url={url} />
      </WithJustCreated>
    );
  }
  if (why) return <NoPermission state={state} url={url} onPersonal={() => setWhy(false)} />;
  const outcome = popup.outcome.value;
  if (outcome) return <CreatedView key={outcome.token.id} popup={popup} outcome={outcome} />;
  const several = popup.several.outcome.value;
  if (several) return <BatchView popup={popup} outcome={several} />;
  if (saving) {
    return (
      <SaveRecipe
        popup={popup}
        state={state}
        recipe={saving}
        onCancel={() => setSaving(null)}
        onSaved={(recipe) => {
          setSaving(null);
          // The form is this recipe's from here on; one that was changed in the list is not in the form.
          if (saving.id === null) popup.useRecipe(recipe.id);
        }}
      />
    );
  }
  if (editing) {
    return (
      <EditRecipes
        popup={popup}
        onBack={() => setEditing(false)}
        onChange={({ lastUsedAt: _, ...recipe }) => setSaving(recipe)}
      />
    );
  }
  return (
    <CreateFormView
      popup={popup}
      state={state}
      onWhy={() => setWhy(true)}
      onEditRecipes={() => setEditing(true)}
      onSaveRecipe={() => {
        const form = popup.form.value;
        const instanceId = popup.current.value?.id ?? null;
        if (!form) return;
        const facts = { name: '', instanceId, user: state.user, now: popup.now() };
        setSaving(recipeOf(form, facts));
      }}
    />
  );
}

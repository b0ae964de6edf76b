import type { TabAtHand } from '../../platform/tab-session.ts';
import { formOfRecipe } from '../../recipe/form-of-recipe.ts';
import { isNumbered } from '../../recipe/name-pattern.ts';
import { tokensOf } from '../../recipe/tokens-of-form.ts';
import type { BackgroundParts } from '../background-parts.ts';
import { batchHandlers } from '../batch-handlers.ts';
import { writeDraft } from '../drafts.ts';
import type { KnownSender } from '../message-router.ts';
import { tokenHandlers } from '../token-handlers.ts';
import { CREATE_LAST } from '../words.ts';
import type { Command } from './command.ts';

const ID = 'create-last-recipe';
const OURSELVES: KnownSender = { from: 'extension' };

/** A key that is held down must not make a token each time it repeats. */
let underWay = false;

/**
 * Creates and copies a token by the recipe that was used last on the instance of the tab at hand, else on the last one, and tells how it went by a
 * notification. Where something is missing (an instance, a recipe, a login, a project) the popup opens and shows it.
 */
export const createLastRecipe: Command = {
  id: ID,
  async run(parts, tab) {
    if (underWay) return;
    underWay = true;
    try {
      await createFromLast(parts, tab);
    } finally {
      underWay = false;
    }
  },
};

async function createFromLast(parts: BackgroundParts, tab: TabAtHand): Promise<void> {
  const { instances, recipes, unleash, session, notify, now } = parts;
  const tell = (words: { title: string; message: string }) => notify({ id: ID, ...words });
  const here = tab.address && (await instances.ofPage(new URL(tab.address).origin, tab.address));
  // Its page may have another login than we, and would not show what was made.
  if (here && tab.session !== 'normal') return tell(CREATE_LAST.otherLogin(tab.session));
  const { currentId } = await instances.list();
  const instance = here || (currentId === null ? null : await instances.find(currentId));
  const openForm = async () => {
    if (here) await instances.use(here.id);
    await parts.openForm();
  };
  if (instance === null || !(await instances.mayReach(instance))) return openForm();
  const { recipes: offered, lastId } = await recipes.list(instance.id);
  const recipe = offered.find(({ id }) => id === lastId);
  if (recipe === undefined) return openForm();
  const state = await unleash.load(instance);
  if (state.state !== 'ready' || !state.abilities.kinds.includes(recipe.kind)) return openForm();

  const numbered = recipe.kind !== 'personal' && isNumbered(recipe.namePattern);
  const taken = numbered
    ? await unleash.tokenNames(instance)
    : recipe.kind === 'personal'
      ? state.pats.descriptions
      : [];
  const { form, lost } = formOfRecipe(recipe, state, now(), taken);
  const wanted = tokensOf(form, {
    user: state.user,
    now: now(),
    taken: form.oneEach ? taken : [],
  });
  if (lost.projects.length + lost.environments.length > 0 || !wanted.ok) {
    await writeDraft(session, { instanceId: instance.id, form, tab: 'create' });
    return openForm();
  }

  const [token] = wanted.requests;
  if (token === undefined) return openForm();
  if (wanted.requests.length === 1) {
    const answer = await tokenHandlers(parts)['token.create'](
      { instanceId: instance.id, token, recipeId: recipe.id },
      OURSELVES,
    );
    return tell(
      answer.ok
        ? CREATE_LAST.created(answer.created.name, instance.name, answer.copy)
        : CREATE_LAST.failed(answer),
    );
  }
  const answer = await batchHandlers(parts)['batch.create'](
    { instanceId: instance.id, tokens: wanted.requests, recipeId: recipe.id },
    OURSELVES,
  );
  if (!answer.ok) return tell(CREATE_LAST.failed(answer));
  const made = answer.batch.items.filter(({ is }) => is === 'made').length;
  return tell(CREATE_LAST.several(made, wanted.requests.length, instance.name, answer.copy));
}

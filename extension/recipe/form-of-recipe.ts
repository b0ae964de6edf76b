import type { CreateForm, Recipe, RecipeToSave } from '../platform/messages.ts';
import {
  ALL_PROJECTS,
  environmentsFor,
  hasScope,
  projectsFor,
  type Ready,
} from '../popup/create-form.ts';
import { customDateDefault, expiryOf } from '../popup/expiry.ts';
import { localDate } from '../popup/name.ts';
import { fillName, halfFilledName, patternOf, variesByScope } from './name-pattern.ts';
import { environmentsOf } from './tokens-of-form.ts';

const DAY_MS = 86_400_000;

/** What a recipe names that this user cannot choose on this server (any more). */
export type Lost = { projects: string[]; environments: string[] };

/** Recipes of kinds that this user may create here; the last used one comes first. */
export function offeredRecipes(
  recipes: readonly Recipe[],
  lastId: string | null,
  ready: Ready,
): Recipe[] {
  const offered = recipes.filter(({ kind }) => ready.abilities.kinds.includes(kind));
  const last = offered.filter(({ id }) => id === lastId);
  return [...last, ...offered.filter(({ id }) => id !== lastId)];
}

/**
 * The form that a recipe fills in. What is lost is left out and told, never replaced by something else: a token for a
 * project that was not asked for is worse than none.
 */
export function formOfRecipe(
  recipe: Recipe,
  ready: Ready,
  now: number,
  taken: readonly string[],
): { form: CreateForm; lost: Lost } {
  const scoped = hasScope(recipe.kind);
  const { found: projects, lost: lostProjects } = scoped
    ? projectsOf(recipe, ready)
    : { found: [], lost: [] };
  const enabled = environmentsFor(ready.environments).map(({ name }) => name);
  const environments = scoped ? recipe.environments.filter((name) => enabled.includes(name)) : [];
  const lostEnvironments = scoped
    ? recipe.environments.filter((name) => !enabled.includes(name))
    : [];
  const form: CreateForm = {
    kind: recipe.kind,
    name: '',
    projects,
    environment: environments[0] ?? '',
    ...expiryFields(recipe.expiresInDays, now),
    recipeId: recipe.id,
    ...(recipe.oneEach && scoped ? { oneEach: true, environments } : {}),
  };
  return {
    form: { ...form, name: nameOf(recipe, form, ready, now, taken) },
    lost: { projects: lostProjects, environments: lostEnvironments },
  };
}

/** The name that a recipe puts into the form: ready to be sent, but for what differs among several. */
export function nameOf(
  recipe: Pick<Recipe, 'namePattern'>,
  form: CreateForm,
  ready: Ready,
  now: number,
  taken: readonly string[],
): string {
  const pattern = recipe.namePattern;
  if (form.oneEach) return halfFilledName(pattern, { user: ready.user, now });
  const facts = { user: ready.user, now, taken };
  const { projects, environment } = form;
  // Without its project the name would be one with a hole in it.
  if (variesByScope(pattern) && (projects.length === 0 || environment === '')) {
    return halfFilledName(pattern, facts);
  }
  return fillName(pattern, { ...facts, projects, environment });
}

function projectsOf(recipe: Recipe, ready: Ready): { found: string[]; lost: string[] } {
  const { all, projects, limit } = projectsFor(recipe.kind, ready.abilities, ready.projects);
  if (recipe.projects.includes(ALL_PROJECTS)) {
    return all ? { found: [ALL_PROJECTS], lost: [] } : { found: [], lost: [ALL_PROJECTS] };
  }
  const known = recipe.projects.filter((id) => projects.some((project) => project.id === id));
  // By the project's own endpoint several projects take several tokens.
  const found = recipe.oneEach ? known : known.slice(0, limit);
  return { found, lost: recipe.projects.filter((id) => !found.includes(id)) };
}

function expiryFields(
  days: number | null,
  now: number,
): Pick<CreateForm, 'expires' | 'customDate'> {
  if (days === null) return { expires: 'never', customDate: customDateDefault(now) };
  if (days === 7 || days === 30 || days === 60) {
    return { expires: `${days}`, customDate: customDateDefault(now) };
  }
  return { expires: 'custom', customDate: localDate(now + days * DAY_MS) };
}

/** Whole days from now to the end of the form's token; null for never, 30 where the date is none. */
function daysOf(form: CreateForm, now: number): number | null {
  if (form.expires === 'never') return null;
  if (form.expires !== 'custom') return Number(form.expires);
  const end = expiryOf(form, now);
  return end == null ? 30 : Math.max(1, Math.floor((end - now) / DAY_MS));
}

/** The recipe that would fill in this form, under this name. A custom date becomes so many days from now. */
export function recipeOf(
  form: CreateForm,
  {
    name,
    instanceId,
    user,
    now,
  }: { name: string; instanceId: string | null; user: string; now: number },
): RecipeToSave {
  const scoped = hasScope(form.kind);
  const projects = scoped ? form.projects : [];
  const oneEach = scoped && form.oneEach === true;
  return {
    id: null,
    name,
    instanceId,
    kind: form.kind,
    projects,
    environments: scoped ? environmentsOf(form) : [],
    expiresInDays: daysOf(form, now),
    namePattern: patternOf(form.name.trim(), {
      user,
      now,
      // Where these differ from token to token, a word that happens to be one of them is just a word.
      projects: oneEach ? [] : projects,
      environment: scoped && !oneEach ? form.environment : '',
    }),
    oneEach,
  };
}

import * as v from 'valibot';
import { findTokens } from '../../shared/token/grammar.ts';
import type { Recipe, RecipeToSave } from '../platform/messages.ts';

/** Characters of a recipe's own name; more would not fit on a chip. */
export const RECIPE_NAME_LIMIT = 60;

/** Days; Unleash takes dates up to the year 9999, and a longer life than this is "never". */
const DAYS_LIMIT = 36_500;

const text = v.pipe(v.string(), v.maxLength(10_000));
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const texts = v.pipe(v.array(text), v.maxLength(10_000));

const form = {
  name: text,
  instanceId: v.nullable(text),
  kind: v.picklist(['backend', 'frontend', 'personal', 'admin']),
  projects: texts,
  environments: texts,
  expiresInDays: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(DAYS_LIMIT))),
  namePattern: text,
  oneEach: v.boolean(),
};

/** Whether a token stands anywhere in it: pasted into the wrong field, it would lie on disk in clear. */
export function holdsToken(recipe: RecipeToSave): boolean {
  const { name, instanceId, projects, environments, namePattern } = recipe;
  const texts = [name, instanceId ?? '', ...projects, ...environments, namePattern];
  return texts.some((one) => findTokens(one).length > 0);
}

/** A recipe as it is stored; what a newer version wrote beside it is left out. */
export const storedRecipe: v.GenericSchema<unknown, Recipe> = v.object({
  ...form,
  id,
  lastUsedAt: v.nullable(v.number()),
});

/** A recipe as a message carries it. */
export const wholeRecipe: v.GenericSchema<unknown, Recipe> = v.strictObject({
  ...form,
  id,
  lastUsedAt: v.nullable(v.number()),
});

export const recipeToSave: v.GenericSchema<unknown, RecipeToSave> = v.strictObject({
  ...form,
  id: v.nullable(id),
});

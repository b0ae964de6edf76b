import { describe, expect, test } from 'vitest';
import type { CreateForm, Recipe } from '../../extension/platform/messages.ts';
import type { Ready } from '../../extension/popup/create-form.ts';
import { formOfRecipe, offeredRecipes, recipeOf } from '../../extension/recipe/form-of-recipe.ts';
import { TOKENS_LIMIT, tokenCount, tokensOf } from '../../extension/recipe/tokens-of-form.ts';

const NOW = new Date(2026, 10, 24, 14, 5).getTime();
const ready: Ready = {
  state: 'ready',
  version: '8.2.0',
  user: 'maria',
  abilities: {
    kinds: ['backend', 'frontend', 'personal'],
    projects: { backend: 'all', frontend: ['checkout', 'mobile'] },
    missing: [],
    role: 'Editor',
  },
  projects: ['default', 'checkout', 'mobile'].map((id) => ({ id, name: id })),
  environments: [
    { name: 'production', type: 'production', enabled: true },
    { name: 'staging', type: 'test', enabled: false },
    { name: 'development', type: 'development', enabled: true },
  ],
  pats: { used: 0, limit: 10, descriptions: [] },
};
const form: CreateForm = {
  kind: 'backend',
  name: 'ci-{project}-{env}',
  projects: ['checkout', 'mobile'],
  environment: 'production',
  expires: '30',
  customDate: '2027-02-22',
};
const recipe: Recipe = {
  id: 'r1',
  name: 'CI deploy',
  instanceId: null,
  kind: 'backend',
  projects: ['checkout'],
  environments: ['production'],
  expiresInDays: 30,
  namePattern: 'ci-{env}-{n}',
  oneEach: false,
  lastUsedAt: null,
};
const knowledge = { user: 'maria', now: NOW, taken: [] };

function namesOf(changes: Partial<CreateForm>, taken: string[] = []): string[] {
  const tokens = tokensOf({ ...form, ...changes }, { ...knowledge, taken });
  if (!tokens.ok) throw new Error(JSON.stringify(tokens));
  return tokens.requests.map(({ name }) => name);
}

describe('the tokens of a form', () => {
  test('are one for all its projects, unless each gets one', () => {
    const tokens = tokensOf(form, knowledge);
    expect(tokens).toMatchObject({
      ok: true,
      requests: [{ name: 'ci-checkout+mobile-production', projects: ['checkout', 'mobile'] }],
    });
  });

  test('are one for each project in each environment, each with its own name', () => {
    const each = { ...form, oneEach: true, environments: ['production', 'development'] };
    expect(tokenCount(each)).toBe(4);
    const tokens = tokensOf(each, knowledge);
    expect(tokens.ok && tokens.requests).toMatchObject([
      { name: 'ci-checkout-production', projects: ['checkout'], environment: 'production' },
      { name: 'ci-checkout-development', projects: ['checkout'], environment: 'development' },
      { name: 'ci-mobile-production', projects: ['mobile'], environment: 'production' },
      { name: 'ci-mobile-development', projects: ['mobile'], environment: 'development' },
    ]);
  });

  test('with a name that does not tell them apart are numbered', () => {
    const each = { oneEach: true, environments: ['production'] };
    expect(namesOf({ ...each, name: 'ci' })).toEqual(['ci', 'ci-2']);
    expect(namesOf({ ...each, name: 'ci-{n}' }, ['ci-1'])).toEqual(['ci-2', 'ci-3']);
  });

  test('over all projects differ by environment alone', () => {
    const each = { projects: ['*'], oneEach: true, environments: ['production', 'development'] };
    expect(namesOf(each)).toEqual(['ci-all-production', 'ci-all-development']);
  });

  test('of a kind without a scope are one, whatever was chosen before', () => {
    expect(namesOf({ kind: 'personal', name: 'laptop', oneEach: true, environments: [] })).toEqual([
      'laptop',
    ]);
  });

  test('are not made of a name with a brace that nobody knows', () => {
    expect(tokensOf({ ...form, name: '{usr}' }, knowledge)).toMatchObject({
      ok: false,
      name: { is: 'unknown', brace: '{usr}' },
    });
  });

  test('are not made of a name that is too long, as typed or once filled in', () => {
    expect(tokensOf({ ...form, name: 'x'.repeat(500) }, knowledge)).toMatchObject({
      ok: false,
      name: { is: 'long', length: 500 },
    });
    const long = { ...form, projects: ['x'.repeat(290)], name: '{project}{project}' };
    expect(tokensOf(long, knowledge)).toMatchObject({
      ok: false,
      name: { is: 'long', length: 580 },
    });
  });

  test('are not too many', () => {
    const projects = Array.from({ length: TOKENS_LIMIT + 1 }, (_, index) => `p${index}`);
    const each = { ...form, projects, oneEach: true, environments: ['production'] };
    expect(tokensOf(each, knowledge)).toMatchObject({ ok: false, tooMany: TOKENS_LIMIT + 1 });
  });

  test('need an environment, also where each gets its own', () => {
    expect(tokensOf({ ...form, oneEach: true, environments: [] }, knowledge)).toMatchObject({
      ok: false,
      errors: { environment: 'missing' },
    });
  });
});

describe('the form that a recipe fills in', () => {
  test('has its kind, scope, expiry and a name that is free', () => {
    const { form: filled, lost } = formOfRecipe(recipe, ready, NOW, ['ci-production-1']);
    expect(filled).toMatchObject({
      kind: 'backend',
      name: 'ci-production-2',
      projects: ['checkout'],
      environment: 'production',
      expires: '30',
      recipeId: 'r1',
    });
    expect(lost).toEqual({ projects: [], environments: [] });
  });

  test('leaves out what is gone, and takes nothing in its place', () => {
    const gone = { ...recipe, projects: ['gone'], environments: ['staging'] };
    const { form: filled, lost } = formOfRecipe(gone, ready, NOW, []);
    expect(filled).toMatchObject({ projects: [], environment: '' });
    expect(lost).toEqual({ projects: ['gone'], environments: ['staging'] });
  });

  test('does not widen one project to several where only the project endpoint is allowed', () => {
    const two = { ...recipe, kind: 'frontend' as const, projects: ['checkout', 'mobile'] };
    expect(formOfRecipe(two, ready, NOW, [])).toMatchObject({
      form: { projects: ['checkout'] },
      lost: { projects: ['mobile'] },
    });
    const each = formOfRecipe({ ...two, oneEach: true }, ready, NOW, []);
    expect(each.form.projects).toEqual(['checkout', 'mobile']);
    const all = formOfRecipe({ ...two, projects: ['*'] }, ready, NOW, []);
    expect(all).toMatchObject({ form: { projects: [] }, lost: { projects: ['*'] } });
  });

  test('keeps the braces that differ from token to token', () => {
    const each = { ...recipe, oneEach: true, namePattern: '{user}-{project}-{env}' };
    expect(formOfRecipe(each, ready, NOW, []).form.name).toBe('maria-{project}-{env}');
  });

  test.each([null, 1, 7, 30, 45, 60, 365])('saved again is the same recipe (%s days)', (days) => {
    const each: Recipe = {
      ...recipe,
      expiresInDays: days,
      projects: ['checkout', 'mobile'],
      environments: ['production', 'development'],
      oneEach: true,
      namePattern: '{user}-{project}-{n}',
    };
    const filled = formOfRecipe(each, ready, NOW, []).form;
    const { lastUsedAt: _, ...saved } = each;
    const facts = { name: 'CI deploy', instanceId: null, user: 'maria', now: NOW };
    expect(recipeOf(filled, facts)).toEqual({ ...saved, id: null });
  });
});

test('recipes are offered for kinds that may be created, the last used one first', () => {
  const [one, two, admin] = [
    { ...recipe, id: 'one' },
    { ...recipe, id: 'two' },
    { ...recipe, id: 'admin', kind: 'admin' as const },
  ];
  expect(offeredRecipes([one, admin, two], 'two', ready)).toEqual([two, one]);
  expect(offeredRecipes([one, two], null, ready)).toEqual([one, two]);
});

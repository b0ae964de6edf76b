import type { Failure, TokenKind } from './vocabulary.ts';

/** A saved token form; no secret. */
export type Recipe = {
  id: string;
  name: string;
  /** Null: for every instance. */
  instanceId: string | null;
  kind: TokenKind;
  /** `*` alone means all current and future projects. Empty for kinds without a scope. */
  projects: string[];
  /** One, but for `oneEach`. Empty for kinds without a scope. */
  environments: string[];
  /** Whole days from the moment of creating; null is never. */
  expiresInDays: number | null;
  /** With `{user}`, `{date}`, `{project}`, `{env}`, `{n}`. */
  namePattern: string;
  /** One token for each project in each environment, instead of one for all. */
  oneEach: boolean;
  /** Ms since 1970. */
  lastUsedAt: number | null;
};

/** `id` null: a new one; else the one that is changed. */
export type RecipeToSave = Omit<Recipe, 'id' | 'lastUsedAt'> & { id: string | null };

export type RecipeRemoved = { recipe: Recipe; position: number };

/** Saved token forms. */
export type RecipeMessages = {
  /** In the user's order. With an instance: those for it or for all; `lastId` is the one used last among them. */
  'recipes.list': {
    tier: 'internal';
    request: { instanceId: string | null };
    answer: { recipes: Recipe[]; lastId: string | null };
  };
  'recipes.save': {
    tier: 'internal';
    request: { recipe: RecipeToSave };
    answer: { ok: true; recipe: Recipe } | Failure;
  };
  /** `removed` is what `recipes.restore` takes to undo it; null when it was gone already. */
  'recipes.remove': {
    tier: 'internal';
    request: { id: string };
    answer: { ok: true; removed: RecipeRemoved | null } | Failure;
  };
  'recipes.restore': {
    tier: 'internal';
    request: RecipeRemoved;
    answer: { ok: true } | Failure;
  };
  /** Those named, in this order; those not named keep their order after them. */
  'recipes.order': {
    tier: 'internal';
    request: { ids: string[] };
    answer: { ok: true } | Failure;
  };
};

import type { CreateForm, CreateRequest } from '../platform/messages.ts';
import { ALL_PROJECTS, type FormErrors, hasScope, requestOf } from '../popup/create-form.ts';
import { fillName, lengthProblem, type NameProblem, patternProblem } from './name-pattern.ts';

/** How many tokens one press makes at most: more would take minutes, and nobody means it. */
export const TOKENS_LIMIT = 50;

/** What names are made of, besides the form. */
export type Knowledge = { user: string; now: number; taken: readonly string[] };

export type TokensOfForm =
  | { ok: true; requests: CreateRequest[] }
  | { ok: false; errors: FormErrors; name: NameProblem | null; tooMany: number | null };

/** The environments that the form is for: one, but where each gets a token of its own. */
export function environmentsOf(form: CreateForm): string[] {
  if (form.oneEach) return form.environments ?? (form.environment === '' ? [] : [form.environment]);
  return form.environment === '' ? [] : [form.environment];
}

/** How many tokens the form makes. */
export function tokenCount(form: CreateForm): number {
  if (!form.oneEach || !hasScope(form.kind)) return 1;
  return form.projects.length * environmentsOf(form).length;
}

/**
 * What to ask Unleash for: one token, or one for each project in each environment, in the order of the form. Else what
 * is wrong with the form, by field.
 */
export function tokensOf(form: CreateForm, { user, now, taken }: Knowledge): TokensOfForm {
  const scoped = hasScope(form.kind);
  const environments = environmentsOf(form);
  const first = requestOf({ ...form, environment: environments[0] ?? '' }, now);
  const name = patternProblem(form.name.trim(), scoped);
  const count = tokenCount(form);
  const tooMany = count > TOKENS_LIMIT ? count : null;
  if (!first.ok || name !== null || tooMany !== null) {
    return { ok: false, errors: first.ok ? {} : first.errors, name, tooMany };
  }
  const used = [...taken];
  const requests: CreateRequest[] = [];
  for (const scope of scopesOf(form, environments)) {
    const facts = {
      projects: scoped ? scope.projects : [],
      environment: scoped ? scope.environment : '',
    };
    const filled = fillName(first.request.name, { user, now, taken: used, ...facts }).trim();
    const long = lengthProblem(filled);
    if (long !== null) return { ok: false, errors: {}, name: long, tooMany: null };
    used.push(filled);
    requests.push({ ...first.request, ...(scoped ? scope : {}), name: filled });
  }
  return { ok: true, requests };
}

type Scope = Pick<CreateRequest, 'projects' | 'environment'>;

function scopesOf(form: CreateForm, environments: readonly string[]): Scope[] {
  const environment = environments[0] ?? '';
  if (!hasScope(form.kind) || !form.oneEach) return [{ projects: form.projects, environment }];
  const groups = form.projects.includes(ALL_PROJECTS)
    ? [[ALL_PROJECTS]]
    : form.projects.map((project) => [project]);
  return groups.flatMap((projects) =>
    environments.map((each) => ({ projects, environment: each })),
  );
}

import type {
  Abilities,
  CreateForm,
  CreateRequest,
  Environment,
  InstanceState,
  Project,
  TokenKind,
} from '../platform/messages.ts';
import { customDateDefault, expiryOf } from './expiry.ts';
import { defaultName } from './name.ts';

export type Ready = Extract<InstanceState, { state: 'ready' }>;

/** The choice that means every project, those to come too; Unleash writes it as a star. */
export const ALL_PROJECTS = '*';

/** Every new server has it, and OSS has no other. */
const FIRST_PROJECT = 'default';

export type FormErrors = Partial<
  Record<'name' | 'projects' | 'environment' | 'expires', FormError>
>;
export type FormError = 'missing' | 'past' | 'not-a-date';

/** Projects that a token of this kind may be made for. `all`: every one of them at once may be chosen too. */
export function projectsFor(
  kind: TokenKind,
  abilities: Abilities,
  projects: readonly Project[],
): { all: boolean; projects: Project[]; limit: number } {
  const allowed = kind === 'frontend' ? abilities.projects.frontend : abilities.projects.backend;
  if (allowed === 'all') {
    return { all: true, projects: [...projects], limit: Number.POSITIVE_INFINITY };
  }
  // The project endpoint makes a token for its own project and for no second one.
  return { all: false, projects: projects.filter(({ id }) => allowed.includes(id)), limit: 1 };
}

/** Environments that Unleash hands out tokens for. */
export function environmentsFor(environments: readonly Environment[]): Environment[] {
  return environments.filter(({ enabled }) => enabled);
}

/** Personal tokens belong to a user and admin tokens reach everything: neither has a project or an environment. */
export function hasScope(kind: TokenKind): boolean {
  return kind === 'backend' || kind === 'frontend';
}

function firstProjects(kind: TokenKind, ready: Ready): string[] {
  const { projects } = projectsFor(kind, ready.abilities, ready.projects);
  const first = projects.find(({ id }) => id === FIRST_PROJECT);
  if (first) return [first.id];
  const [only, second] = projects;
  return only && !second ? [only.id] : [];
}

function firstEnvironment(environments: readonly Environment[]): string {
  const enabled = environmentsFor(environments);
  // A token for production is asked for by name, not by accident.
  const safe = enabled.find(({ type }) => type !== 'production');
  return (safe ?? enabled[0])?.name ?? '';
}

/** The form as it opens for the first time. `taken` are names in use, besides this user's descriptions. */
export function firstForm(ready: Ready, now: number, taken: readonly string[] = []): CreateForm {
  const kind = ready.abilities.kinds[0] ?? 'personal';
  return {
    kind,
    name: nextName(ready, now, taken),
    projects: hasScope(kind) ? firstProjects(kind, ready) : [],
    environment: firstEnvironment(ready.environments),
    expires: '30',
    customDate: customDateDefault(now),
  };
}

/** A name that is free. */
export function nextName(ready: Ready, now: number, taken: readonly string[] = []): string {
  return defaultName(ready.user, now, [...ready.pats.descriptions, ...taken]);
}

/** A kept form, without what this user may not choose (any more); what was typed stays. */
export function fittingForm(kept: CreateForm, ready: Ready, now: number): CreateForm {
  const first = firstForm(ready, now);
  const kind = ready.abilities.kinds.includes(kept.kind) ? kept.kind : first.kind;
  const environments = environmentsFor(ready.environments).map(({ name }) => name);
  // A form that a page has filled in has no name yet; what that page did not say is as in an empty form.
  const isByPage = kept.name === '';
  return {
    ...kept,
    kind,
    name: isByPage ? first.name : kept.name,
    projects:
      isByPage && kept.projects.length === 0
        ? fittingProjects([], kind, ready)
        : keptProjects(kept, kind, ready),
    ...(kept.environments === undefined
      ? {}
      : { environments: kept.environments.filter((name) => environments.includes(name)) }),
    environment: environments.includes(kept.environment) ? kept.environment : first.environment,
    customDate: kept.customDate === '' ? first.customDate : kept.customDate,
  };
}

/** Nothing is chosen in place of a project that is gone: a token for another one was not asked for. */
function keptProjects(kept: CreateForm, kind: TokenKind, ready: Ready): string[] {
  const fitting = fittingProjects(kept.projects, kind, ready, kept.oneEach);
  const named = !kept.projects.includes(ALL_PROJECTS);
  if (kind !== kept.kind || !hasScope(kind) || !named) return fitting;
  return fitting.filter((id) => kept.projects.includes(id));
}

function fittingProjects(
  kept: readonly string[],
  kind: TokenKind,
  ready: Ready,
  oneEach = false,
): string[] {
  if (!hasScope(kind)) return [...kept];
  const { all, projects, limit } = projectsFor(kind, ready.abilities, ready.projects);
  if (all && kept.includes(ALL_PROJECTS)) return [ALL_PROJECTS];
  const known = kept
    .filter((id) => projects.some((project) => project.id === id))
    // With a token for each, the project endpoint makes them all.
    .slice(0, oneEach ? kept.length : limit);
  return known.length > 0 ? known : firstProjects(kind, ready);
}

/** The form after another kind was chosen: what fits stays. */
export function formOfKind(form: CreateForm, kind: TokenKind, ready: Ready): CreateForm {
  return { ...form, kind, projects: fittingProjects(form.projects, kind, ready, form.oneEach) };
}

/** What to ask the background for, or what is wrong with the form, by field. */
export function requestOf(
  form: CreateForm,
  now: number,
): { ok: true; request: CreateRequest } | { ok: false; errors: FormErrors } {
  const errors: FormErrors = {};
  const scoped = hasScope(form.kind);
  if (form.name.trim() === '') errors.name = 'missing';
  if (scoped && form.projects.length === 0) errors.projects = 'missing';
  if (scoped && form.environment === '') errors.environment = 'missing';
  const expiry = expiryOf(form, now);
  if (expiry === undefined) errors.expires = 'not-a-date';
  else if (expiry !== null && expiry <= now) errors.expires = 'past';
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return {
    ok: true,
    request: {
      kind: form.kind,
      name: form.name.trim(),
      projects: scoped ? form.projects : form.kind === 'admin' ? [ALL_PROJECTS] : [],
      environment: scoped ? form.environment : form.kind === 'admin' ? '*' : '',
      expiresAt: expiry === null || expiry === undefined ? null : new Date(expiry).toISOString(),
    },
  };
}

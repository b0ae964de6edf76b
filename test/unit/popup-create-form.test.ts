import { describe, expect, test } from 'vitest';
import {
  ALL_PROJECTS,
  firstForm,
  fittingForm,
  formOfKind,
  projectsFor,
  type Ready,
  requestOf,
} from '../../extension/popup/create-form.ts';
import { expiryOf } from '../../extension/popup/expiry.ts';
import { defaultName, untaken } from '../../extension/popup/name.ts';

const NOW = new Date(2026, 10, 22, 14, 5).getTime();
const DAY_MS = 86_400_000;

const ready: Ready = {
  state: 'ready',
  version: '8.2.0',
  user: 'Maria.Lee@example.com',
  abilities: {
    kinds: ['backend', 'frontend', 'personal'],
    projects: { backend: 'all', frontend: ['checkout'] },
    missing: [],
    role: 'Editor',
  },
  projects: [
    { id: 'default', name: 'Default' },
    { id: 'checkout', name: 'Checkout' },
  ],
  environments: [
    { name: 'production', type: 'production', enabled: true },
    { name: 'staging', type: 'test', enabled: false },
    { name: 'development', type: 'development', enabled: true },
  ],
  pats: { used: 1, limit: 10, descriptions: ['maria.lee-2026-11-22'] },
};

describe('the form as it opens first', () => {
  test('has a name of user and date that no personal token has yet', () => {
    expect(firstForm(ready, NOW).name).toBe('maria.lee-2026-11-22-2');
    expect(firstForm(ready, NOW, ['maria.lee-2026-11-22-2']).name).toBe('maria.lee-2026-11-22-3');
  });

  test('proposes the default project and an environment that is not production', () => {
    expect(firstForm(ready, NOW)).toMatchObject({
      kind: 'backend',
      projects: ['default'],
      environment: 'development',
      expires: '30',
    });
  });

  test('chooses no project for a user who has several and none called default', () => {
    const projects = [
      { id: 'a', name: 'A' },
      { id: 'b', name: 'B' },
    ];
    expect(firstForm({ ...ready, projects }, NOW).projects).toEqual([]);
    expect(firstForm({ ...ready, projects: projects.slice(0, 1) }, NOW).projects).toEqual(['a']);
  });
});

describe('a name', () => {
  test('is made of what is left of an e-mail address', () => {
    expect(defaultName('Zoë Ångström', NOW, [])).toBe('zoë-ångström-2026-11-22');
    expect(defaultName('🙂', NOW, [])).toBe('token-2026-11-22');
  });

  test('gets the first number that is free', () => {
    expect(untaken('a', ['a', 'a-2', 'a-4'])).toBe('a-3');
  });
});

describe('a kept form', () => {
  const kept = {
    ...firstForm(ready, NOW),
    name: 'typed by hand',
    projects: ['checkout', 'gone'],
    environment: 'staging',
  };

  test('keeps what was typed and drops what cannot be chosen any more', () => {
    expect(fittingForm(kept, ready, NOW)).toMatchObject({
      name: 'typed by hand',
      projects: ['checkout'],
      environment: 'development',
    });
  });

  test('gets a name where a page filled in the rest', () => {
    expect(fittingForm({ ...kept, name: '' }, ready, NOW).name).toBe('maria.lee-2026-11-22-2');
  });

  test('gets the projects of an empty form where a page filled it in and named none', () => {
    const byPage = { ...kept, name: '', projects: [] };
    expect(fittingForm(byPage, ready, NOW).projects).toEqual(['default']);
    expect(fittingForm({ ...byPage, kind: 'personal' }, ready, NOW).projects).toEqual([]);
    expect(fittingForm({ ...byPage, name: 'typed by hand' }, ready, NOW).projects).toEqual([]);
    expect(fittingForm({ ...byPage, projects: ['gone'] }, ready, NOW).projects).toEqual([]);
  });

  test('goes to a kind that this user may create', () => {
    const viewer: Ready = { ...ready, abilities: { ...ready.abilities, kinds: ['personal'] } };
    expect(fittingForm(kept, viewer, NOW).kind).toBe('personal');
  });

  test('has one project where only the project endpoint is allowed', () => {
    expect(projectsFor('frontend', ready.abilities, ready.projects)).toMatchObject({
      all: false,
      limit: 1,
    });
    const all = { ...kept, projects: [ALL_PROJECTS] };
    expect(formOfKind(all, 'frontend', ready).projects).toEqual(['checkout']);
    expect(formOfKind(all, 'backend', ready).projects).toEqual([ALL_PROJECTS]);
  });
});

describe('what the form asks for', () => {
  const form = firstForm(ready, NOW);

  test('carries projects and environment for a backend token', () => {
    expect(requestOf(form, NOW)).toEqual({
      ok: true,
      request: {
        kind: 'backend',
        name: form.name,
        projects: ['default'],
        environment: 'development',
        expiresAt: new Date(NOW + 30 * DAY_MS).toISOString(),
      },
    });
  });

  test('carries neither for a personal one', () => {
    expect(requestOf({ ...form, kind: 'personal' }, NOW)).toMatchObject({
      request: { projects: [], environment: '' },
    });
  });

  test('is refused by field where something is missing', () => {
    expect(requestOf({ ...form, name: '  ', projects: [], environment: '' }, NOW)).toEqual({
      ok: false,
      errors: { name: 'missing', projects: 'missing', environment: 'missing' },
    });
  });

  test('is refused for a day that is over or is none', () => {
    const custom = { ...form, expires: 'custom' as const };
    expect(requestOf({ ...custom, customDate: '2026-11-21' }, NOW)).toMatchObject({
      errors: { expires: 'past' },
    });
    expect(requestOf({ ...custom, customDate: '2027-02-31' }, NOW)).toMatchObject({
      errors: { expires: 'not-a-date' },
    });
  });

  test('ends a custom day one minute before midnight, local time', () => {
    const end = expiryOf({ expires: 'custom', customDate: '2026-11-22' }, NOW);
    expect(end).toBe(new Date(2026, 10, 22, 23, 59).getTime());
    expect(expiryOf({ expires: 'never', customDate: '' }, NOW)).toBeNull();
  });
});

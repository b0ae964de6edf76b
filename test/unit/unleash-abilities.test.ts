import { describe, expect, it } from 'vitest';
import { abilitiesOf } from '../../shared/unleash/abilities.ts';
import { freeDescription } from '../../shared/unleash/pats.ts';
import { featuresOf, type Server } from '../../shared/unleash/server.ts';
import type { Identity, Permission } from '../../shared/unleash/who.ts';

const person: Identity = { is: 'person', id: 1, name: 'ada', serviceAccount: false };
const robot: Identity = { is: 'admin-token', name: 'robot' };

const right = (permission: string, project: string | null = null): Permission => ({
  permission,
  project,
  environment: null,
});

function server(
  version: string,
  permissions: Permission[],
  flags: Record<string, unknown> = {},
): Server {
  return {
    version,
    features: featuresOf(version, { flags }, person),
    apiTokenLimit: null,
    identity: person,
    permissions,
    isAdmin: permissions.some((held) => held.permission === 'ADMIN'),
    role: null,
  };
}

describe('what a version can do', () => {
  it.for([
    ['4.17.0', 'username', true, false, false],
    ['4.20.4', 'username', true, false, false],
    ['4.21.0', 'username', true, true, false],
    ['5.0.2', 'username', true, true, false],
    ['5.1.0', 'tokenName', true, true, false],
    ['5.2.0', 'tokenName', true, true, true],
    ['6.5.3', 'tokenName', true, true, true],
    ['6.6.0', 'tokenName', false, true, true],
    ['7.0.0', 'tokenName', false, true, true],
    ['8.2.0', 'tokenName', false, true, true],
    ['v8.2.0', 'tokenName', false, true, true],
    ['6.5.0+main.1234', 'tokenName', true, true, true],
    ['10.1.0', 'tokenName', false, true, true],
    // A build of someone's own is taken for the newest.
    ['', 'tokenName', false, true, true],
    ['0.0.0', 'tokenName', false, true, true],
    ['nightly', 'tokenName', false, true, true],
  ] as const)('%s', ([version, nameField, adminTokens, projectTokens, rightsPerKind]) => {
    expect(featuresOf(version, {}, person)).toEqual({
      apiTokenNameField: nameField,
      adminApiTokens: adminTokens,
      projectApiTokens: projectTokens,
      rightsPerKind,
      pats: true,
      secureApiTokens: false,
    });
  });

  it('is less where a switch was thrown', () => {
    expect(
      featuresOf('5.12.8', { flags: { adminTokenKillSwitch: true } }, person).adminApiTokens,
    ).toBe(false);
    expect(
      featuresOf('8.2.0', { flags: { personalAccessTokensKillSwitch: true } }, person).pats,
    ).toBe(false);
    expect(featuresOf('8.2.0', { authenticationType: 'none' }, person).pats).toBe(false);
    expect(featuresOf('8.2.0', {}, robot).pats).toBe(false);
    expect(
      featuresOf('8.2.0', { flags: { secureTokenStorage: true } }, person).secureApiTokens,
    ).toBe(true);
  });
});

describe('what a user is offered', () => {
  const projects = ['default', 'web'];

  it('is everything for an admin', () => {
    const abilities = abilitiesOf(server('8.2.0', [right('ADMIN')]), projects);
    expect(abilities.kinds).toEqual(['backend', 'frontend', 'personal']);
    expect(abilities.projects).toEqual({ backend: 'all', frontend: 'all' });
  });

  it('is admin tokens too on old servers, for an admin alone', () => {
    expect(abilitiesOf(server('5.12.8', [right('ADMIN')]), projects).kinds).toContain('admin');
    const able = [right('CREATE_CLIENT_API_TOKEN'), right('CREATE_FRONTEND_API_TOKEN')];
    expect(abilitiesOf(server('5.12.8', able), projects).kinds).not.toContain('admin');
  });

  it('is one kind everywhere and the other where the project allows it', () => {
    const held = [
      right('CREATE_FRONTEND_API_TOKEN'),
      right('CREATE_PROJECT_API_TOKEN', 'web'),
      right('CREATE_PROJECT_API_TOKEN', 'hidden'),
    ];
    const abilities = abilitiesOf(server('8.2.0', held), projects);
    expect(abilities.projects).toEqual({ backend: ['web'], frontend: 'all' });
    expect(abilities.missing).toEqual([]);
  });

  it('is every project one at a time for a project right that is held everywhere', () => {
    const abilities = abilitiesOf(server('8.2.0', [right('CREATE_PROJECT_API_TOKEN')]), projects);
    expect(abilities.projects).toEqual({ backend: projects, frontend: projects });
  });

  it('is both kinds for the one right of before 5.2', () => {
    const abilities = abilitiesOf(server('4.19.5', [right('CREATE_API_TOKEN')]), projects);
    expect(abilities.kinds).toEqual(['backend', 'frontend', 'personal']);
  });

  it('is nothing through projects where their endpoint is not there yet', () => {
    const held = [right('CREATE_PROJECT_API_TOKEN', 'web')];
    expect(abilitiesOf(server('4.19.5', held), projects)).toMatchObject({
      kinds: ['personal'],
      missing: ['CREATE_API_TOKEN'],
    });
  });

  it('names for each kind that is missing the right for it, and the lesser one', () => {
    expect(
      abilitiesOf(server('8.2.0', [right('CREATE_CLIENT_API_TOKEN')]), projects).missing,
    ).toEqual(['CREATE_FRONTEND_API_TOKEN', 'CREATE_PROJECT_API_TOKEN']);
  });
});

describe('a free description', () => {
  it.for([
    ['ci', [], 'ci'],
    ['ci', ['ci'], 'ci-2'],
    ['ci', ['ci', 'ci-2', 'ci-3'], 'ci-4'],
    ['ci-2', ['ci', 'ci-2'], 'ci-3'],
    ['ci-2', ['ci-2'], 'ci-2-2'],
    ['terraform-2026-11', ['terraform-2026-11'], 'terraform-2026-11-2'],
    ['مفتاح', ['مفتاح'], 'مفتاح-2'],
    ['a\nb-2', ['a\nb', 'a\nb-2'], 'a\nb-3'],
  ] as const)('for %j beside %j is %j', ([wanted, taken, free]) => {
    expect(freeDescription(wanted, taken)).toBe(free);
  });
});

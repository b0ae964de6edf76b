import type { Server } from './server.ts';

export type OfferedKind = 'backend' | 'frontend' | 'personal' | 'admin';

/** What may be offered to this user on this server. */
export type Abilities = {
  kinds: OfferedKind[];
  /** `all`: every project, and all of them at once; a list: only these, one at a time. */
  projects: { backend: 'all' | string[]; frontend: 'all' | string[] };
  /** Unleash's names of the rights of which one would open what is not offered. */
  missing: string[];
  role: string | null;
};

const GLOBAL_RIGHT = {
  backend: 'CREATE_CLIENT_API_TOKEN',
  frontend: 'CREATE_FRONTEND_API_TOKEN',
} as const;

/** Before 5.2 one right covered both kinds. Roles that were made then may still hold it. */
const OLD_RIGHT = 'CREATE_API_TOKEN';
const PROJECT_RIGHT = 'CREATE_PROJECT_API_TOKEN';

/** What this user may create, from the rights and the version that the server told. */
export function abilitiesOf(server: Server, projectIds: readonly string[]): Abilities {
  const projects = {
    backend: projectsFor('backend', server, projectIds),
    frontend: projectsFor('frontend', server, projectIds),
  };
  const kinds: OfferedKind[] = [];
  const missing = new Set<string>();
  for (const kind of ['backend', 'frontend'] as const) {
    if (projects[kind] === 'all' || projects[kind].length > 0) kinds.push(kind);
    else {
      missing.add(server.features.rightsPerKind ? GLOBAL_RIGHT[kind] : OLD_RIGHT);
      if (server.features.projectApiTokens) missing.add(PROJECT_RIGHT);
    }
  }
  if (server.features.pats) kinds.push('personal');
  if (server.features.adminApiTokens && server.isAdmin) kinds.push('admin');
  return { kinds, projects, missing: [...missing], role: server.role };
}

function projectsFor(
  kind: 'backend' | 'frontend',
  server: Server,
  projectIds: readonly string[],
): 'all' | string[] {
  if (server.isAdmin) return 'all';
  const globalRights: readonly string[] = [GLOBAL_RIGHT[kind], OLD_RIGHT];
  const everywhere = (project: string | null) =>
    project === null || project === '' || project === '*';
  if (
    server.permissions.some(
      (held) => globalRights.includes(held.permission) && everywhere(held.project),
    )
  ) {
    return 'all';
  }
  if (!server.features.projectApiTokens) return [];
  const held = server.permissions.filter((right) => right.permission === PROJECT_RIGHT);
  if (held.some((right) => everywhere(right.project))) return [...projectIds];
  const allowed = new Set(held.map((right) => right.project));
  return projectIds.filter((id) => allowed.has(id));
}

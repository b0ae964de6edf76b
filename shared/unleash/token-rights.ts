import type { ApiToken, ApiTokenKind } from './api-tokens.ts';
import type { Server } from './server.ts';

/** What this user may do with an API token that is there. */
export type TokenRights = {
  extend: boolean;
  /** Where it can be deleted: everywhere, or through the one project where alone that is allowed. */
  revoke: 'global' | { project: string } | null;
};

const GLOBAL_RIGHTS: Record<'UPDATE' | 'DELETE', Record<ApiTokenKind, string | null>> = {
  UPDATE: {
    backend: 'UPDATE_CLIENT_API_TOKEN',
    frontend: 'UPDATE_FRONTEND_API_TOKEN',
    // ADMIN alone.
    admin: null,
  },
  DELETE: {
    backend: 'DELETE_CLIENT_API_TOKEN',
    frontend: 'DELETE_FRONTEND_API_TOKEN',
    admin: null,
  },
};

/** What this user may do with this token, from the rights that the server told. */
export function rightsOver(
  server: Pick<Server, 'isAdmin' | 'permissions' | 'features'>,
  token: Pick<ApiToken, 'kind' | 'projects'>,
): TokenRights {
  if (server.isAdmin) return { extend: true, revoke: 'global' };
  const may = (act: 'UPDATE' | 'DELETE') => {
    // Before 5.2 one right covered all kinds. Roles that were made then may still hold it.
    const rights = [
      GLOBAL_RIGHTS[act][token.kind],
      ...(token.kind === 'admin' && server.features.rightsPerKind ? [] : [`${act}_API_TOKEN`]),
    ];
    return server.permissions.some(
      ({ permission, project }) => rights.includes(permission) && isEverywhere(project),
    );
  };
  return {
    extend: may('UPDATE'),
    revoke: may('DELETE') ? 'global' : throughProject(server, token),
  };
}

/** A token of several projects, or of all of them, is not deleted through one of them. */
function throughProject(
  { permissions, features }: Pick<Server, 'permissions' | 'features'>,
  { kind, projects }: Pick<ApiToken, 'kind' | 'projects'>,
): { project: string } | null {
  const [project, second] = projects;
  if (kind === 'admin' || !features.projectApiTokens) return null;
  if (project === undefined || project === '*' || second !== undefined) return null;
  const held = permissions.some(
    (right) =>
      right.permission === 'DELETE_PROJECT_API_TOKEN' &&
      (isEverywhere(right.project) || right.project === project),
  );
  return held ? { project } : null;
}

const isEverywhere = (project: string | null): boolean =>
  project === null || project === '' || project === '*';

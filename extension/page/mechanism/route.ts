/** Where in the admin UI one is, as far as any feature needs to know. */
export type Route =
  | { page: 'api-access' }
  | { page: 'personal-tokens' }
  | { page: 'project-api-access'; project: string }
  | { page: 'project'; project: string }
  | { page: 'flag'; project: string; flag: string }
  | { page: 'other'; path: string };

/**
 * The route of a path, or null outside the base path. Query and fragment are no part of it: the token tables write
 * their sorting there, and nothing should start anew for that.
 */
export function parseRoute(pathname: string, basePath: string): Route | null {
  if (pathname !== basePath && !pathname.startsWith(`${basePath}/`)) return null;
  const path = pathname.slice(basePath.length).replace(/\/+$/, '');
  if (path === '/admin/api') return { page: 'api-access' };
  if (path === '/profile/personal-api-tokens') return { page: 'personal-tokens' };
  // `/create` opens a panel over the same page.
  const project = /^\/projects\/([^/]+)\/settings\/api-access(?:\/create)?$/.exec(path)?.[1];
  if (project !== undefined) return { page: 'project-api-access', project: decoded(project) };
  const overview = /^\/projects\/([^/]+)$/.exec(path)?.[1];
  if (overview !== undefined) return { page: 'project', project: decoded(overview) };
  // Its tabs are the same page; forms for a strategy, which lie below it too, are not.
  const [, of, flag] =
    /^\/projects\/([^/]+)\/features\/([^/]+)(?:\/(?:metrics|variants|settings|logs))?$/.exec(
      path,
    ) ?? [];
  if (of !== undefined && flag !== undefined) {
    return { page: 'flag', project: decoded(of), flag: decoded(flag) };
  }
  return { page: 'other', path };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Whether two routes are the same place; a feature lives on as long as they are. */
export function sameRoute(one: Route | null, other: Route | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

import type { Request } from '../platform/messages.ts';
import type { Feature } from './mechanism/feature.ts';
import { loadPart } from './mechanism/parts.ts';
import type { Route } from './mechanism/route.ts';

/** Which table is on this page; null: none of tokens. */
function tableOfRoute(route: Route): Request<'page.tokenEnds'> | null {
  if (route.page === 'api-access') return { of: 'api-tokens', project: null };
  if (route.page === 'project-api-access') return { of: 'api-tokens', project: route.project };
  if (route.page === 'personal-tokens') return { of: 'personal-tokens', project: null };
  return null;
}

/**
 * When a token ends, behind its name in Unleash's tables, which do not say so of API tokens. What draws the marks is
 * loaded where there is such a table, so that every other page does without it.
 */
export const expiryMarks: Feature = {
  id: 'expiry-marks',
  matches: (route) => tableOfRoute(route) !== null,
  init(context, signal) {
    const table = tableOfRoute(context.route);
    if (table === null) return;
    void loadPart('mark-rows', context.send).then((markRows) => {
      if (!signal.aborted) markRows?.(table, context, signal);
    });
  },
};

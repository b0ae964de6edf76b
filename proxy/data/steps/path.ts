import { refuse } from '../../errors.ts';
import { canonicalPath } from '../canonical-path.ts';
import type { Route, Step } from '../exchange.ts';

/** Anything else in a query is no query, but bytes for some other parser on the way. */
const QUERY = /^[\x21-\x22\x24-\x7e]*$/;

/** What is matched from here on is what is sent: rules on a raw path are rules for the parser that reads it last. */
export const path: Step = {
  name: 'path',
  check(exchange) {
    const { target } = exchange;
    const mark = target.indexOf('?');
    const raw = mark < 0 ? target : target.slice(0, mark);
    const query = mark < 0 ? '' : target.slice(mark);
    const canonical = canonicalPath(raw);
    if (canonical === null || !QUERY.test(query)) {
      return refuse('target.path', 'The path is not in its canonical form.', {
        status: 400,
        hint: 'Send it without dot segments, backslashes, semicolons, and encoded slashes',
      });
    }
    exchange.path = canonical;
    exchange.query = query;
    const lower = canonical.toLowerCase();
    exchange.lookup = lower.endsWith('/') ? lower.slice(0, -1) : lower;
    return null;
  },
  passedBy: ({ lookup }) => `canonical: ${lookup}`,
};

function isBelow(lookup: string, folder: string): boolean {
  return (
    lookup.startsWith(folder) && (lookup.length === folder.length || lookup[folder.length] === '/')
  );
}

function routeOf(lookup: string): Route | null {
  if (isBelow(lookup, '/api/admin')) return 'admin';
  if (isBelow(lookup, '/api/client')) return 'passthrough';
  if (isBelow(lookup, '/api/frontend')) return 'passthrough';
  if (isBelow(lookup, '/edge')) return 'passthrough';
  if (lookup === '/health' || lookup === '/docs/openapi.json') return 'open';
  return null;
}

/** The admin UI, /logout (it ends all of its owner's sessions) and /auth are simply not served. */
export const route: Step = {
  name: 'route',
  check(exchange) {
    const found = routeOf(exchange.lookup);
    if (found === null) return refuse('target.path', 'The proxy does not serve this path.');
    exchange.route = found;
    return null;
  },
  passedBy: (exchange) => exchange.route,
};

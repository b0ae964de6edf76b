import type { PageChanges } from './page-changes.ts';
import { parseRoute, type Route, sameRoute } from './route.ts';

/**
 * Calls back with the route now and whenever it becomes another one. The page's `history.pushState` cannot be hooked
 * from a content script's world; the Navigation API tells of it at once where the browser has it, and every route
 * change redraws the page, so that comparing the address then catches the rest.
 */
export function watchRoute(
  { window, basePath, changes }: { window: Window; basePath: string; changes: PageChanges },
  onRoute: (route: Route | null) => void,
  signal: AbortSignal,
): void {
  let href: string | null = null;
  let route: Route | null = null;
  const compare = () => {
    if (window.location.href === href) return;
    const isFirst = href === null;
    href = window.location.href;
    const next = parseRoute(window.location.pathname, basePath);
    if (!isFirst && sameRoute(route, next)) return;
    route = next;
    onRoute(next);
  };
  window.addEventListener('popstate', compare, { signal });
  navigationOf(window)?.addEventListener('currententrychange', compare, { signal });
  changes.onChange(compare, signal);
}

function navigationOf(window: Window): EventTarget | null {
  return (window as Window & { navigation?: EventTarget }).navigation ?? null;
}

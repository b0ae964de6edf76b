/** What an Unleash page says of itself: the path that everything of it lies below, '' or '/flags', no trailing slash. */
export type UnleashPage = { basePath: string };

/**
 * Whether this document is an Unleash admin UI, or null. The two metas stand in every version from 4.19.5 to 8.2.0;
 * the title does not (it names the page on screen), and a host may serve other things beside Unleash.
 */
export function recogniseUnleash(document: Document): UnleashPage | null {
  const base = document.querySelector('meta[name="baseUriPath"]')?.getAttribute('content');
  if (base === null || base === undefined) return null;
  if (!document.querySelector('meta[name="uiFlags"], meta[name="cdnPrefix"]')) return null;
  const basePath = base.trim().replace(/\/+$/, '');
  // An unbuilt page still holds a placeholder there ("::baseUriPath::").
  return basePath === '' || /^\/[^?#]*$/.test(basePath) ? { basePath } : null;
}

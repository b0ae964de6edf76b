/** Whose cookies a tab has. The background's own are those of `normal`, whatever window the popup opens in. */
export type TabSession = 'normal' | 'private' | 'container';

/** `address` is null where the browser does not tell it, or where it is no web page. */
export type TabAtHand = { address: string | null; session: TabSession };

/** Firefox calls its stores `firefox-default`, `firefox-private` and `firefox-container-1`. */
export function sessionOf(tab: {
  incognito?: boolean;
  cookieStoreId?: string | undefined;
}): TabSession {
  if (tab.incognito) return 'private';
  return tab.cookieStoreId?.startsWith('firefox-container') ? 'container' : 'normal';
}

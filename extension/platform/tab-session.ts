/** Whose cookies a tab has. The background's own are those of `normal`, whatever window the popup opens in. */
export type TabSession = 'normal' | 'private' | 'container';

/** `address` is null where the browser does not tell it, or where it is no web page. */
export type TabAtHand = { address: string | null; session: TabSession };

type RawTab = {
  url?: string | undefined;
  incognito?: boolean;
  cookieStoreId?: string | undefined;
};

/** Its address is told where `activeTab` was granted or its host, by a click on our button or by a shortcut. */
export function tabAtHandOf(tab: RawTab = {}): TabAtHand {
  const address = tab.url && /^https?:/.test(tab.url) ? tab.url : null;
  return { address, session: sessionOf(tab) };
}

/** Firefox calls its stores `firefox-default`, `firefox-private` and `firefox-container-1`. */
export function sessionOf(tab: Omit<RawTab, 'url'>): TabSession {
  if (tab.incognito) return 'private';
  return tab.cookieStoreId?.startsWith('firefox-container') ? 'container' : 'normal';
}

import { browser } from '../platform/browser.ts';

/** The address of the tab at hand; null where the browser does not tell, or where it is no web page. */
export async function currentWebAddress(): Promise<string | null> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  // Told through `activeTab`, which a click on the toolbar button grants.
  return tab?.url && /^https?:/.test(tab.url) ? tab.url : null;
}

/** Opens the options in a tab; `query` fills in its form. A popup then closes, as the browser's own do. */
export async function openOptions(query: Record<string, string> = {}): Promise<void> {
  const search = new URLSearchParams(query).toString();
  const page = browser.runtime.getURL('extension/options/index.html');
  await browser.tabs.create({ url: search === '' ? page : `${page}?${search}` });
  // The same page in a tab must not close.
  if (!(await isInTab())) window.close();
}

/** Whether this page is in a tab; a popup has none of its own. */
export async function isInTab(): Promise<boolean> {
  return (await browser.tabs.getCurrent()) !== undefined;
}

import { browser } from './browser.ts';
import { type TabAtHand, tabAtHandOf } from './tab-session.ts';

/** The tab at hand. Firefox tells its cookie store without a permission; Chromium has no containers. */
export async function tabAtHand(): Promise<TabAtHand> {
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  return tabAtHandOf(tab);
}

import { browser } from './browser.ts';

/** Opens the first set-up, in a tab: the options page, which `?welcome` tells to begin with it. */
export async function openSetUp(): Promise<void> {
  await browser.tabs.create({
    url: browser.runtime.getURL('extension/options/index.html?welcome'),
  });
}

import { browser } from './browser.ts';

const FORM = 'extension/popup/index.html';

/**
 * Opens the popup; where the browser will not do that unasked (Chromium without an active window), the same page in a
 * tab. `?tab` tells the page that it is one.
 */
export async function openForm(): Promise<void> {
  try {
    await browser.action.openPopup();
  } catch {
    await browser.tabs.create({ url: browser.runtime.getURL(`${FORM}?tab`) });
  }
}

import type { Page } from 'puppeteer';
import type { ExtensionBrowser } from '../../test/e2e/browsers.ts';
import type { UnrulyServer } from '../../test/e2e/fixtures/unruly-server.ts';
import type { Unleash } from '../../test/real-unleash/index.ts';
import type { TokenleashCli } from '../proxy-process.ts';
import { POPUP } from './camera.ts';

/** What all scenes are taken with. The browser knows the server by the address of `front`, which can fail on demand. */
export type Scenery = {
  unleash: Unleash;
  front: UnrulyServer;
  chromium: ExtensionBrowser;
  cli: TokenleashCli;
};

/** The popup in a tab of its size: a real one cannot be told how large its pixels are. */
export async function openPopup({ chromium }: Scenery, size = POPUP): Promise<Page> {
  const page = await chromium.openExtensionPage('extension/popup/index.html');
  await page.setViewport(size);
  return page;
}

/** The options page, `query` with its question mark. */
export async function openOptions({ chromium }: Scenery, query = ''): Promise<Page> {
  return chromium.openExtensionPage(`extension/options/index.html${query}`);
}

import type { Page } from 'puppeteer';
import { islandOn } from '../../test/e2e/fixtures/islands.ts';
import { createPersonalTokenOnPage, pressButton } from '../../test/e2e/fixtures/unleash-forms.ts';
import { ADMIN_UI, type Camera } from './camera.ts';
import { DEMO_FLAG } from './demo-content.ts';
import { openOptions, type Scenery } from './scenery.ts';

/** What stands on Unleash's own pages. */
export async function drawPages(scenery: Scenery, draw: Camera): Promise<void> {
  const { chromium, front } = scenery;
  const own = await openOptions(scenery);
  const open = async (path: string): Promise<Page> => {
    const page = await chromium.browser.newPage();
    await page.setViewport(ADMIN_UI);
    await page.goto(`${front.url}${path}`, { waitUntil: 'networkidle2' });
    await page.bringToFront();
    return page;
  };

  const table = await open('/admin/api');
  await islandOn(own, table, 'expiry-mark');
  await islandOn(own, table, 'quick-create');
  await pressButton(table, '[aria-label="Copy token"] button');
  await islandOn(own, table, 'notice');
  await draw(table, 'page-api-access');
  await table.close();

  const profile = await open('/profile/personal-api-tokens');
  await createPersonalTokenOnPage(profile, 'demo');
  await islandOn(own, profile, 'shown-once');
  await draw(profile, 'page-shown-once');
  await profile.close();

  const flag = await open(`/projects/default/features/${DEMO_FLAG}`);
  await islandOn(own, flag, 'quick-create');
  await flag.keyboard.press('t');
  await islandOn(own, flag, 'notice');
  await draw(flag, 'page-flag-shortcut');
  await flag.close();
  await own.close();
}

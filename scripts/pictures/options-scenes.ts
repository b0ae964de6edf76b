import { part, showsText } from '../../test/e2e/fixtures/popup-driver.ts';
import { type Camera, OPTIONS } from './camera.ts';
import { openOptions, type Scenery } from './scenery.ts';

/** Tall enough for all sections of the page, in CSS px. */
const ALL = { ...OPTIONS, height: 2600 };

/** The options page as it opens, and all of it. */
export async function drawOptions(scenery: Scenery, draw: Camera): Promise<void> {
  const page = await openOptions(scenery);
  await page.setViewport(OPTIONS);
  await showsText(page, 'Logged in as');
  await part(page, 'button', 'Add instance');
  await draw(page, 'options');
  await page.setViewport(ALL);
  await draw(page, 'options-all');
  await page.close();
}

import { sendFrom } from '../../test/e2e/fixtures/messages.ts';
import { fill, part, press, showsText } from '../../test/e2e/fixtures/popup-driver.ts';
import { type Camera, FIRST_RUN, OPTIONS } from './camera.ts';
import { openOptions, openPopup, type Scenery } from './scenery.ts';

/** A new extension: the popup without an instance, and the three steps of the set-up. The last adds the server. */
export async function drawSetUp(scenery: Scenery, draw: Camera): Promise<void> {
  const popup = await openPopup(scenery, FIRST_RUN);
  await showsText(popup, 'Add your Unleash');
  await draw(popup, 'popup-first-run');
  await popup.close();

  const page = await openOptions(scenery, '?welcome');
  await page.setViewport(OPTIONS);
  await showsText(page, 'Step 1 of 3');
  await fill(page, 'textbox', 'Unleash URL', scenery.front.url);
  await draw(page, 'welcome-address');
  await page.keyboard.press('Enter');
  await showsText(page, 'Step 2 of 3');
  await draw(page, 'welcome-access');
  await press(page, 'button', 'Allow access');
  await showsText(page, 'Step 3 of 3');
  await draw(page, 'welcome-toolbar');
  await press(page, 'button', 'Done');
  await part(page, 'button', 'Add instance');
  await sendFrom(page, 'instances.rename', { id: scenery.front.url, name: 'Acme production' });
  await page.close();
}

import type { Page } from 'puppeteer';
import { fill, part, press, showsText } from '../../test/e2e/fixtures/popup-driver.ts';
import { until } from '../../test/e2e/fixtures/until.ts';
import type { Camera } from './camera.ts';
import { openPopup, type Scenery } from './scenery.ts';

/** Gives the focus to a button in the row of a token. */
async function focusIn(popup: Page, token: string, button: string): Promise<void> {
  const found = await until(`the row of ${token} has ${button}`, async () =>
    (
      await popup.evaluateHandle(
        (row, name) =>
          document.querySelector(`fieldset[aria-label="${row}"] button[aria-label="${name}"]`),
        token,
        button,
      )
    ).asElement(),
  );
  await popup.evaluate((element) => (element as HTMLElement).focus(), found);
}

/** The Tokens tab: the list, a row's buttons, what they lead to, and a revoke that can still be undone. */
export async function drawTokens(scenery: Scenery, draw: Camera): Promise<void> {
  const popup = await openPopup(scenery);
  await press(popup, 'tab', 'Tokens');
  await showsText(popup, 'edge-eu');
  await draw(popup, 'popup-tokens');
  for (const [button, name] of [
    ['Replace', 'popup-replace'],
    ['Extend', 'popup-extend'],
  ] as const) {
    await focusIn(popup, button === 'Replace' ? 'ci-deploy' : 'edge-us', button);
    if (button === 'Replace') await draw(popup, 'popup-token-row');
    await popup.keyboard.press('Enter');
    await part(popup, 'button', button);
    await draw(popup, name);
    await popup.keyboard.press('Escape');
    await part(popup, 'textbox', 'Search');
  }
  await press(popup, 'button', 'Several at once');
  await draw(popup, 'popup-several');
  await popup.keyboard.press('Escape');
  await focusIn(popup, 'web-shop-legacy', 'Revoke');
  await popup.keyboard.press('Enter');
  await showsText(popup, 'Revoking web-shop-legacy');
  await draw(popup, 'popup-revoking');
  await press(popup, 'button', 'Undo');
  await fill(popup, 'textbox', 'Search', 'nothing has this name');
  await part(popup, 'button', 'Clear filters');
  await draw(popup, 'popup-tokens-no-match');
  await press(popup, 'button', 'Clear filters');
  await popup.close();
}

/** The pictures of the docs: taken from what is built, so that they cannot show what is not there. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'puppeteer';
import { type ExtensionBrowser, launchChromium } from '../test/e2e/browsers.ts';
import { fill, heard, part, press, showsText } from '../test/e2e/fixtures/popup-driver.ts';
import { logIn } from '../test/e2e/fixtures/session.ts';
import { startUnleash } from '../test/real-unleash/index.ts';

const ROOT = path.dirname(import.meta.dirname);
const OPTIONS_PAGE = 'extension/options/index.html';
const POPUP_PAGE = 'extension/popup/index.html';

/** CSS px; pictures are taken at twice as many. */
const POPUP = { width: 400, height: 600, deviceScaleFactor: 2 };
const FIRST_RUN = { ...POPUP, height: 480 };
const OPTIONS = { width: 1120, height: 800, deviceScaleFactor: 2 };

/** Draws all pictures into `folder`, `docs/pictures` unless told otherwise. Needs `dist/e2e/chromium`. */
export async function drawPictures(
  folder: string = path.join(ROOT, 'docs', 'pictures'),
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const unleash = await startUnleash();
  const chromium = await launchChromium({
    extension: path.join(ROOT, 'dist', 'e2e', 'chromium'),
  });
  const draw = async (page: Page, name: string) => {
    for (const theme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      await page.evaluate(() =>
        Promise.allSettled(document.getAnimations().map(({ finished }) => finished)),
      );
      const file = path.join(folder, `${name}-${theme}.png`);
      await page.screenshot({ path: file as `${string}.png` });
      process.stdout.write(`${path.relative(ROOT, file)}\n`);
    }
  };
  try {
    await drawFirstRun(chromium, draw);
    await drawOptions(chromium, unleash.url, draw);
    await logIn(chromium, unleash.url, await unleash.login());
    await drawPopup(chromium, draw);
  } finally {
    await chromium.close();
    await unleash.stop();
  }
}

type Draw = (page: Page, name: string) => Promise<void>;

/** In a tab of the popup's size: a real popup cannot be told how large its pixels are. */
async function openPopup(chromium: ExtensionBrowser, size = POPUP): Promise<Page> {
  const page = await chromium.openExtensionPage(POPUP_PAGE);
  await page.setViewport(size);
  return page;
}

async function drawFirstRun(chromium: ExtensionBrowser, draw: Draw): Promise<void> {
  const popup = await openPopup(chromium, FIRST_RUN);
  await showsText(popup, 'Add your Unleash');
  await draw(popup, 'popup-first-run');
  await popup.close();
}

async function drawOptions(chromium: ExtensionBrowser, url: string, draw: Draw): Promise<void> {
  const options = await chromium.openExtensionPage(OPTIONS_PAGE);
  await options.setViewport(OPTIONS);
  await fill(options, 'textbox', 'Unleash URL', url);
  await press(options, 'button', 'Add instance');
  await heard(options, 'Recognised as Unleash');
  await showsText(options, 'Not logged in');
  await draw(options, 'options');
  await options.close();
  const popup = await openPopup(chromium);
  await showsText(popup, 'Log in to Unleash first');
  await draw(popup, 'popup-not-logged-in');
  await popup.close();
}

async function drawPopup(chromium: ExtensionBrowser, draw: Draw): Promise<void> {
  const popup = await openPopup(chromium);
  await fill(popup, 'textbox', 'Name', 'ci-deploy');
  await draw(popup, 'popup-create');
  await press(popup, 'combobox', 'Environment');
  await part(popup, 'option', 'production');
  await draw(popup, 'popup-environment');
  await press(popup, 'option', 'production');
  await press(popup, 'button', 'Create and copy');
  await heard(popup, 'Copied. Clears in 30 s.');
  await draw(popup, 'popup-created');
  await press(popup, 'button', 'Done');
  await press(popup, 'radio', 'Personal');
  await fill(popup, 'textbox', 'Description', 'laptop-scripts');
  await draw(popup, 'popup-personal');
  await popup.keyboard.press('Enter');
  await heard(popup, 'Copied. Clears in 30 s.');
  await draw(popup, 'popup-created-personal');
  await press(popup, 'button', 'Done');
  await fill(popup, 'textbox', 'Description', 'laptop-scripts');
  await popup.keyboard.press('Enter');
  await part(popup, 'button', 'Use laptop-scripts-2');
  await draw(popup, 'popup-error');
  await press(popup, 'tab', 'Tokens');
  await part(popup, 'link', 'Open API access in Unleash');
  await draw(popup, 'popup-tokens');
  await press(popup, 'tab', 'Proxy');
  await part(popup, 'textbox', 'Pairing code');
  await draw(popup, 'popup-proxy');
}

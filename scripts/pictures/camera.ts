import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'puppeteer';

/** Takes a picture of a page as it stands, once in each theme, as `NAME-light.png` and `NAME-dark.png`. */
export type Camera = (page: Page, name: string) => Promise<void>;

/** CSS px; pictures are taken at twice as many. */
const SHARP = { deviceScaleFactor: 2 };
export const POPUP = { width: 400, height: 600, ...SHARP };
export const FIRST_RUN = { width: 400, height: 480, ...SHARP };
export const OPTIONS = { width: 1120, height: 800, ...SHARP };
/** In single pixels: most of such a picture is Unleash's. */
export const ADMIN_UI = { width: 1440, height: 1000, deviceScaleFactor: 1 };

/** A camera whose pictures lie in `folder`, which is made if it is not there. */
export async function cameraFor(folder: string): Promise<Camera> {
  await mkdir(folder, { recursive: true });
  return async (page, name) => {
    for (const theme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      await page.waitForFunction(wearsTheme, {}, theme);
      await standStill(page);
      const file = path.join(folder, `${name}-${theme}.png`);
      await page.screenshot({ path: file as `${string}.png` });
      process.stdout.write(`${path.basename(file)}\n`);
    }
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  };
}

/** Ours on a page of Unleash follow its theme a moment later. */
const wearsTheme = (theme: string) =>
  [...document.querySelectorAll<HTMLElement>('tokenleash-ui')].every(
    ({ dataset }) => dataset.theme === theme,
  );

/** Waits for what moves and ends by itself; a countdown and a spinner go on. */
async function standStill(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => Number(effect?.getComputedTiming().endTime) < 1000)
        .map(({ finished }) => finished),
    ),
  );
}

/** The pictures of the docs: taken from what is built, so that they cannot show what is not there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launchChromium } from '../../test/e2e/browsers.ts';
import { startUnrulyServer } from '../../test/e2e/fixtures/unruly-server.ts';
import { startUnleash } from '../../test/real-unleash/index.ts';
import { tokenleashCli } from '../proxy-process.ts';
import { drawServerTrouble, drawWhoMayNot } from './barrier-scenes.ts';
import { cameraFor } from './camera.ts';
import { drawCreate } from './create-scenes.ts';
import { fillWithDemoContent } from './demo-content.ts';
import { drawOptions } from './options-scenes.ts';
import { drawPages } from './page-scenes.ts';
import { drawProxy } from './proxy-scenes.ts';
import { drawSetUp } from './set-up-scenes.ts';
import { drawTokens } from './tokens-scenes.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Draws all pictures into `folder`. Needs `dist/e2e/chromium` and `dist/proxy`. */
export async function drawPictures(folder: string): Promise<void> {
  const draw = await cameraFor(folder);
  const home = await mkdtemp(path.join(tmpdir(), 'tokenleash-pictures-'));
  const unleash = await startUnleash();
  const front = await startUnrulyServer(unleash.url);
  const chromium = await launchChromium({
    extension: path.join(ROOT, 'dist', 'e2e', 'chromium'),
    args: ['--lang=en-GB'],
  });
  const scenery = { unleash, front, chromium, cli: tokenleashCli(home) };
  try {
    await drawSetUp(scenery, draw);
    await drawWhoMayNot(scenery, draw);
    await fillWithDemoContent(unleash);
    await drawCreate(scenery, draw);
    await drawTokens(scenery, draw);
    await drawProxy(scenery, draw);
    await drawOptions(scenery, draw);
    await drawPages(scenery, draw);
    await drawServerTrouble(scenery, draw);
  } finally {
    await chromium.close();
    await front.stop();
    await unleash.stop();
    await rm(home, { recursive: true, force: true });
  }
}

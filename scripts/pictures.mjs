// npm run pictures: draws docs/pictures/*.png from what is built, on a real Unleash, light and dark.
// npm run pictures -- FOLDER draws them there instead.
import { resolve } from 'node:path';
import { runnerImport } from 'vite';
import { ensureBrowser } from './browsers.mjs';
import { build } from './build.mjs';
import { ensurePackages, requireNode, root } from './install.mjs';

requireNode();
await ensurePackages();
await ensureBrowser('chromium');
await build({ e2e: true, proxy: true });
const { module } = await runnerImport('./scripts/pictures/draw.ts', {
  root,
  configFile: false,
  logLevel: 'error',
});
await module.drawPictures(resolve(process.argv[2] ?? `${root}docs/pictures`));
// What a library left open must not keep the script.
process.exit(0);

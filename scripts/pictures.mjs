// Draws docs/pictures/*.png from the real popup and options page on a real Unleash, light and dark:
// `npm run build:e2e && node scripts/pictures.mjs`
import { runnerImport } from 'vite';

const { module } = await runnerImport('./scripts/pictures.ts', {
  root: new URL('..', import.meta.url).pathname,
  configFile: false,
  logLevel: 'error',
});
await module.drawPictures(process.argv[2]);
// What a library left open must not keep the script.
process.exit(0);

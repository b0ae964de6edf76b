// What the extension costs on a page of Unleash's with 500 tokens: `npm run build:e2e && node test/bench/extension-page.mjs`
import { runnerImport } from 'vite';

const { module } = await runnerImport('./test/bench/extension-page.ts', {
  root: new URL('../..', import.meta.url).pathname,
  configFile: false,
  logLevel: 'error',
});
await module.measureExtensionPage();
// What a library left open must not keep the script.
process.exit(0);

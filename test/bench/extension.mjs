// npm run bench:extension: the built extension in Chromium on a real Unleash. Method: docs/performance.md.
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { buildExtension } from '../../scripts/build-extension.mjs';
import { HELP, readArguments } from './extension/arguments.mjs';
import { tables } from './extension/tables.mjs';
import { judge } from './extension/targets.mjs';
import { runBench, tell } from './run.mjs';

async function measure({ built, sections: wanted, sizes }) {
  if (!built) {
    tell('Building the extension …');
    for (const target of ['chromium', 'firefox']) await buildExtension({ target });
    await buildExtension({ target: 'chromium', e2e: true });
  }
  const { module } = await runnerImport(join(import.meta.dirname, 'extension/measure.ts'), {
    root: join(import.meta.dirname, '../..'),
    configFile: false,
    logLevel: 'error',
  });
  const load = Number(loadavg()[0].toFixed(1));
  return { machine: { load }, sections: await module.measure(wanted, sizes, tell) };
}

await runBench({
  command: 'npm run bench:extension',
  help: HELP,
  readArguments,
  measure,
  judge,
  tables,
});

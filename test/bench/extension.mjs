// npm run bench:extension: the built extension in Chromium on a real Unleash. Method: docs/performance.md.
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { buildExtension } from '../../scripts/build-extension.mjs';
import { StepFailed } from '../../scripts/report.mjs';
import { writeDocs } from './docs.mjs';
import { HELP, readArguments } from './extension/arguments.mjs';
import { tables } from './extension/tables.mjs';
import { judge } from './extension/targets.mjs';
import { describeMachine } from './machine.mjs';

/** On stderr, since stdout is for the result. @param {string} line */
function tell(line) {
  process.stderr.write(`${line}\n`);
}

async function main() {
  const options = readArguments(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  if (!options.built) {
    tell('Building the extension …');
    for (const target of ['chromium', 'firefox']) await buildExtension({ target });
    await buildExtension({ target: 'chromium', e2e: true });
  }
  const { module } = await runnerImport(join(import.meta.dirname, 'extension/measure.ts'), {
    root: join(import.meta.dirname, '../..'),
    configFile: false,
    logLevel: 'error',
  });
  const load = loadavg()[0];
  const sections = await module.measure(options.sections, options.sizes, tell);
  const result = {
    version: 1,
    date: new Date().toISOString(),
    extent: options.extent,
    machine: { ...describeMachine(), load: Number(load.toFixed(1)) },
    sections,
    targets: judge(sections),
  };
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : tables(result));
  if (options.writeDocs)
    tell(`Wrote the tables into ${writeDocs('npm run bench:extension', tables(result))}`);
}

try {
  await main();
} catch (error) {
  tell(error instanceof StepFailed ? error.message : String(error?.stack ?? error));
  if (error?.hint) tell(error.hint);
  process.exitCode = 1;
}
// What a browser left open must not keep the terminal.
process.exit();

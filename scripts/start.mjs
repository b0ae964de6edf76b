// npm start: does the main job. Installs what is missing, builds, and goes on in demo.ts or walk.ts.
import { HELP, readArguments } from './arguments.mjs';
import { ensurePackages, requireNode, root } from './install.mjs';
import { StepFailed, say } from './report.mjs';

async function main() {
  requireNode();
  let options;
  try {
    options = readArguments(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  await ensurePackages();
  const { ensureBrowser } = await import('./browsers.mjs');
  const { hasDisplay } = await import('./display.mjs');
  const display = hasDisplay();
  const walks = options.once || (!display && options.url === null);
  if (walks || display) await ensureBrowser('chromium');
  const { build } = await import('./build.mjs');
  await build({ e2e: walks, extension: true, proxy: true });
  // Vite loads TypeScript, so the test server and the walk are the same files that the tests use.
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport('./scripts/demo.ts', {
    root,
    configFile: false,
    logLevel: 'error',
  });
  process.exitCode = await module.demo({ ...options, display });
}

try {
  await main();
} catch (error) {
  say(
    error instanceof StepFailed || error?.name === 'StepFailed'
      ? error.message
      : String(error?.stack ?? error),
  );
  if (error?.hint) say(error.hint);
  process.exitCode = 1;
}
// Whatever a browser or a server left open must not keep the terminal.
process.exit();

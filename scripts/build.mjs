// npm run build: dist/chromium, dist/firefox, dist/proxy/tokenleash.js. `e2e`: dist/e2e/chromium and dist/e2e/firefox.
import { ensurePackages, requireNode, runLogged } from './install.mjs';
import { StepFailed, say, step } from './report.mjs';

/** @param {{ extension?: boolean, e2e?: boolean, proxy?: boolean }} parts */
export async function build({ extension = false, e2e = false, proxy = false }) {
  for (const target of ['chromium', 'firefox']) {
    for (const form of [...(extension ? [''] : []), ...(e2e ? ['e2e'] : [])]) {
      const folder = ['dist', form, target].filter(Boolean).join('/');
      // In a program of its own: the bundler prints pages of what a person need not read.
      await step(`Build ${folder}`, () =>
        runLogged(
          process.execPath,
          ['scripts/build-extension.mjs', target, ...(form ? [form] : [])],
          {
            log: `build-${target}${form && '-e2e'}`,
          },
        ),
      );
    }
  }
  if (proxy) {
    const { buildProxy } = await import('./build-proxy.mjs');
    await step('Build dist/proxy/tokenleash.js', () => buildProxy());
  }
}

if (process.argv[1] === import.meta.filename) {
  requireNode();
  try {
    await ensurePackages();
    const which = process.argv[2];
    if (which === 'e2e') await build({ e2e: true });
    else await build({ extension: true, proxy: true });
  } catch (error) {
    say(error instanceof StepFailed ? error.message : String(error?.stack ?? error));
    if (error?.hint) say(error.hint);
    process.exit(1);
  }
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { inProduction } from './in-production.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds the extension for one browser and gives the folder that holds it.
 *
 * @param {{ target: 'chromium' | 'firefox', e2e?: boolean }} options `e2e` adds host permissions for localhost.
 * @returns {Promise<string>} absolute path of `dist/<target>` or `dist/e2e/<target>`
 */
export async function buildExtension({ target, e2e = false }) {
  await inProduction(() =>
    build({
      root,
      configFile: join(root, 'vite.config.ts'),
      mode: e2e ? `${target}-e2e` : target,
      logLevel: 'warn',
    }),
  );
  return join(root, 'dist', ...(e2e ? ['e2e'] : []), target);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [target, form] = process.argv.slice(2);
  if (target !== 'chromium' && target !== 'firefox') {
    process.stderr.write(
      'Which browser? node scripts/build-extension.mjs chromium|firefox [e2e]\n',
    );
    process.exit(2);
  }
  process.stdout.write(`${await buildExtension({ target, e2e: form === 'e2e' })}\n`);
}

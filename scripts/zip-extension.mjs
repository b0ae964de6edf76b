// A built extension as one zip, as its stores take it.
import { basename, dirname, join } from 'node:path';
import { root, runLogged } from './install.mjs';

/**
 * Packs a folder of dist/ without source maps into `file`; one that is there is replaced.
 *
 * @param {string} folder @param {string} file
 */
export async function zipExtension(folder, file) {
  await runLogged(
    process.execPath,
    [
      join(root, 'node_modules/web-ext/bin/web-ext.js'),
      'build',
      ...['--source-dir', folder],
      ...['--artifacts-dir', dirname(file), '--filename', basename(file), '--overwrite-dest'],
      ...['--ignore-files', '**/*.map', '--no-config-discovery'],
    ],
    { log: `zip-${basename(file)}` },
  );
}

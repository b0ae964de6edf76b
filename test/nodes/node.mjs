// The versions of Node that the proxy is tested on, each from a lockfile beside this file.
import fs from 'node:fs/promises';
import path from 'node:path';
import { install } from '../real-unleash/install.mjs';

/** Major versions. 20 is the oldest release that package.json allows. */
export const NODE_VERSIONS = ['20', '22', '24', '26'];

/**
 * Path of `node` of that major version, installed once into the cache that all clones share. The package `node` gets
 * it by a script that runs npm; the packages of one platform each that it would get are taken directly.
 *
 * @param {string} major
 * @param {(line: string) => void} progress
 * @returns {Promise<string>}
 * @throws Error where there is none for this system.
 */
export async function nodeProgram(major, progress) {
  const source = path.join(import.meta.dirname, `node-${major}`);
  const packages = path.join(await install(source, `Node ${major}`, progress), 'node_modules');
  const [found] = await fs.readdir(packages).then(
    (names) => names.filter((name) => name.startsWith('node-')),
    () => [],
  );
  if (!found) throw new Error(`npm has no Node ${major} for ${process.platform}-${process.arch}`);
  return path.join(packages, found, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

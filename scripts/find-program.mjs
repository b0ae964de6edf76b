import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @param {string} path */
export function isRunnable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Path of a program, or null where there is none.
 *
 * @param {string} name
 * @param {readonly string[]} [more] folders to look in after those of PATH
 */
export function onPath(name, more = []) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = [...folders, ...more].map((folder) => join(folder, name));
  return paths.find(isRunnable) ?? null;
}

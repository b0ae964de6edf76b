import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import { lstat, open, readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, fileProblem } from '../problem.ts';
import { type Paths, socketFolder } from '../runtime/paths.ts';
import { isOwnFolder } from '../runtime/private-file.ts';

/** What Tokenleash writes into its folders, by name; all else there is somebody else's. */
const OURS =
  /^(?:config\.yaml|clients\.json|keychain\.json|unfinished\.json|addresses\.json|proxy\.json|audit(?:\.\d+)?\.jsonl|secrets(?:-unattended)?\.(?:json|key)|(?:control|data|lease)\.sock|doctor-\d+\.json)$/;
/** What stands beside one of them: a lock, half of a write that was killed, or what was put aside as damaged. */
const BESIDE = /^\.?(.+?)(?:\.lock(?:\..+)?|\.[^.]+\.[^.]+\.tmp|\.damaged|\.lost|\.rotating)$/;

export type Wiped = {
  /** Paths of files and folders that are gone. */
  gone: string[];
  /** What is still there, and why. */
  left: { path: string; why: string }[];
};

/**
 * Deletes what Tokenleash keeps in its four folders, and the folders where nothing else is in them. Secrets are
 * written over first; a disk or a file system may keep the old blocks all the same. A link is deleted, and what it
 * leads to is left.
 */
export async function wipeFiles(paths: Paths, keep: ReadonlySet<string>): Promise<Wiped> {
  const wiped: Wiped = { gone: [], left: [] };
  const sockets = socketFolder(paths);
  const folders = [paths.runtime, sockets.path, paths.data, paths.state, paths.config];
  // Nothing is deleted through a link that somebody else may have put among temporary files.
  for (const folder of new Set(folders))
    await wipeFolder(folder, { keep, shared: sockets.fallback && folder === sockets.path }, wiped);
  // TOKENLEASH_HOME holds the four, and may have been made for them.
  const { config, data, state, runtime } = paths;
  const parents = new Set([config, data, state, runtime].map((folder) => dirname(folder)));
  if (parents.size === 1) await rmdir(dirname(config)).catch(() => undefined);
  return wiped;
}

async function wipeFolder(
  folder: string,
  { keep, shared }: { keep: ReadonlySet<string>; shared: boolean },
  wiped: Wiped,
): Promise<void> {
  let names: string[];
  try {
    if (shared && !isOwnFolder(folder, { shared })) return;
    names = await readdir(folder);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT')
      wiped.left.push({ path: folder, why: fileProblem('look into', folder, error).message });
    return;
  }
  for (const name of names) {
    const path = join(folder, name);
    if (keep.has(path)) continue;
    if (!isOurs(name)) {
      const { isFolder, isEmpty } = await lookAt(path);
      // The runtime folder may lie in the state folder, and is gone by now.
      if (!(isFolder && isEmpty)) wiped.left.push({ path, why: 'Tokenleash did not make it.' });
      continue;
    }
    await wipeFile(path, wiped);
  }
  await rmdir(folder).then(
    () => wiped.gone.push(folder),
    () => undefined,
  );
}

function isOurs(name: string): boolean {
  return OURS.test(name) || OURS.test(BESIDE.exec(name)?.[1] ?? '');
}

async function lookAt(path: string): Promise<{ isFolder: boolean; isEmpty: boolean }> {
  const isFolder = (await lstat(path).catch(() => null))?.isDirectory() ?? false;
  const names = isFolder ? await readdir(path).catch(() => ['?']) : [];
  return { isFolder, isEmpty: names.length === 0 };
}

async function wipeFile(path: string, wiped: Wiped): Promise<void> {
  try {
    const found = await lstat(path);
    if (found.isDirectory()) {
      wiped.left.push({ path, why: 'It is a folder, which Tokenleash did not make.' });
      return;
    }
    if (holdsSecrets(path)) await overwrite(path, found);
    await rm(path, { force: true });
    wiped.gone.push(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    wiped.left.push({ path, why: fileProblem('delete', path, error).message });
  }
}

const holdsSecrets = (path: string): boolean => /^\.?secrets/.test(basename(path));

/** Nothing is written through a link, and a file with a second name is somebody's copy. */
async function overwrite(path: string, found: Stats): Promise<void> {
  const { nlink, size } = found;
  if (!found.isFile() || nlink !== 1) return;
  const handle = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW).catch(() => null);
  if (handle === null) return;
  try {
    await handle.write(Buffer.alloc(size), 0, size, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

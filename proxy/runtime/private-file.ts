import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf, fileProblem, Problem, quoteForShell } from '../problem.ts';

/*
 * Not by promises but where a disk is waited for: a file of ours is small and near, and each turn of the loop costs ten
 * times such a call. A start makes dozens of them.
 */

/** Who else may read a file: nobody (a store of secrets), or anyone (it holds none, but decides where they go). */
export type Reach = 'owner-only' | 'owner-writes';

/** Larger than any file of ours; a file beyond it is not one of ours. */
const SIZE_LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * The text of a file that only its owner can have written, or null when there is none. Refuses a file of another
 * user, one that others may write (with `owner-only`: or read), and anything that is not a file. A config file may
 * be a link (people keep them in a repository); the file that it leads to is what is judged.
 */
export async function readPrivate(path: string, reach: Reach): Promise<string | null> {
  const follow = reach === 'owner-writes' ? 0 : constants.O_NOFOLLOW;
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | follow);
    try {
      const found = fstatSync(file);
      if (!found.isFile())
        throw new Problem(`${path} is not a file.`, `ls -ld ${quoteForShell(path)}`);
      if (found.size > SIZE_LIMIT_BYTES)
        throw new Problem(`${path} is too large to be ours.`, `ls -l ${quoteForShell(path)}`);
      refuseForeign(path, found, reach);
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw fileProblem('read', path, error);
  }
}

/** Throws for an owner or a mode that lets another user have a say. Windows has neither. */
export function refuseForeign(
  path: string,
  found: { uid: number; mode: number },
  reach: Reach,
): void {
  const user = process.getuid?.();
  if (user === undefined) return;
  if (found.uid !== user)
    throw new Problem(
      `${path} belongs to another user (uid ${found.uid}), so it is not read.`,
      `ls -l ${quoteForShell(path)}`,
    );
  const open = reach === 'owner-only' ? 0o077 : 0o022;
  if ((found.mode & open) === 0) return;
  const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
  const verb = reach === 'owner-only' ? 'read or changed' : 'changed';
  throw new Problem(
    `${path} can be ${verb} by other users (mode ${mode}), so it is not used.`,
    `chmod 600 ${quoteForShell(path)}`,
  );
}

/**
 * Whether a folder is there; throws a Problem for one that is not this user's alone. With `shared` it stands where
 * others write too (`/tmp`), and a link there may be anybody's.
 */
export function isOwnFolder(path: string, { shared }: { shared: boolean }): boolean {
  const found = (shared ? lstatSync : statSync)(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  const next = `ls -ld ${quoteForShell(path)}`;
  if (!found.isDirectory()) throw new Problem(`${path} is not a folder, so it is not used.`, next);
  const user = process.getuid?.();
  if (user === undefined) return true;
  if (found.uid !== user)
    throw new Problem(
      `${path} belongs to another user (uid ${found.uid}), so it is not used.`,
      next,
    );
  if ((found.mode & (shared ? 0o077 : 0o022)) !== 0)
    throw new Problem(
      `Other users can enter or change ${path}, so it is not used.`,
      `chmod 700 ${quoteForShell(path)}`,
    );
  return true;
}

/** Makes a folder (and its parents) that only its owner can enter; refuses one that another user owns. */
export function privateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const found = lstatSync(path);
    const user = process.getuid?.();
    if (user === undefined) return;
    if (found.isSymbolicLink() && statSync(path).uid === user) return;
    if (found.uid !== user)
      throw new Problem(
        `${path} belongs to another user (uid ${found.uid}), so nothing is kept there.`,
        `ls -ld ${quoteForShell(path)}`,
      );
    if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (error) {
    throw fileProblem('make the folder', path, error);
  }
}

/**
 * Replaces a file as a whole, mode 0600: written beside it, flushed, then renamed over it. Interrupted anywhere, by
 * SIGKILL or a full disk, the old file is what stands there. Two writers at once must hold `exclusively`. What is not
 * `lasting` may be gone, or empty, after the machine itself lost its power.
 */
export async function writePrivate(
  path: string,
  text: string,
  { lasting = true }: { lasting?: boolean } = {},
): Promise<void> {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  // The folder that a link leads into is the user's own, and keeps its mode.
  if (!isLink) privateFolder(dirname(path));
  const target = isLink ? whereItLeads(path) : path;
  await writeBeside(path, target, text, { lasting, place: renameSync });
}

/** Of a link that leads nowhere, the link itself: what is written takes its place. */
function whereItLeads(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The same for a file that is to stay as it is where it is there already. Says whether it was made. */
export async function createPrivate(path: string, text: string): Promise<boolean> {
  let made = true;
  privateFolder(dirname(path));
  await writeBeside(path, path, text, {
    lasting: true,
    place(temporary) {
      try {
        // A link, unlike a rename, replaces nothing.
        linkSync(temporary, path);
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
        made = false;
      }
      removeFile(temporary);
    },
  });
  return made;
}

async function writeBeside(
  path: string,
  target: string,
  text: string,
  { lasting, place }: { lasting: boolean; place(from: string, to: string): void },
): Promise<void> {
  const folder = dirname(target);
  const begin = `.${basename(target)}.`;
  const temporary = join(folder, `${begin}${process.pid}.${Date.now().toString(36)}${TEMPORARY}`);
  try {
    sweep(folder, begin);
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(file, text);
      if (lasting) await flushed(file);
    } finally {
      closeSync(file);
    }
    place(temporary, target);
    if (lasting) await flushFolder(folder);
  } catch (error) {
    try {
      removeFile(temporary);
    } catch {
      // What went wrong first is what is said.
    }
    throw fileProblem('write', path, error);
  }
}

/** It need not be there. Throws the system's error where it cannot go. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** A disk may take its time; whoever is served meanwhile does not wait for it. */
function flushed(file: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fsync(file, (error) => (error ? reject(error) : resolve()));
  });
}

const TEMPORARY = '.tmp';

/** What a killed writer left; whoever writes now holds the lock, so nobody is still busy with it. */
function sweep(folder: string, begin: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(begin) && name.endsWith(TEMPORARY)) removeFile(join(folder, name));
  }
}

/** A rename is only durable once the folder is; some file systems cannot, and then the rename alone has to do. */
async function flushFolder(folder: string): Promise<void> {
  let file: number;
  try {
    file = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    await flushed(file).catch(() => undefined);
  } finally {
    closeSync(file);
  }
}

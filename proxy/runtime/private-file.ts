import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  statSync,
} from 'node:fs';
import {
  chmod,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, fileProblem, Problem, quoteForShell } from '../problem.ts';

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
    // Not by promises: a file of ours is small and near, and each turn of the loop costs ten times such a call. A start
    // reads a dozen of them.
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
export async function privateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const found = await lstat(path);
    const user = process.getuid?.();
    if (user === undefined) return;
    if (found.isSymbolicLink()) {
      const target = await stat(path);
      if (target.uid === user) return;
    }
    if (found.uid !== user)
      throw new Problem(
        `${path} belongs to another user (uid ${found.uid}), so nothing is kept there.`,
        `ls -ld ${quoteForShell(path)}`,
      );
    if ((found.mode & 0o077) !== 0) await chmod(path, 0o700);
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
  const target = await realpath(path).catch(() => path);
  const isLink = (await lstat(path).catch(() => null))?.isSymbolicLink() ?? false;
  // The folder that a link leads into is the user's own, and keeps its mode.
  if (!isLink) await privateFolder(dirname(path));
  await writeBeside(path, target, text, { lasting, place: rename });
}

/** The same for a file that is to stay as it is where it is there already. Says whether it was made. */
export async function createPrivate(path: string, text: string): Promise<boolean> {
  let made = true;
  await privateFolder(dirname(path));
  await writeBeside(path, path, text, {
    lasting: true,
    async place(temporary) {
      // A link, unlike a rename, replaces nothing.
      await link(temporary, path).catch((error) => {
        if (codeOf(error) !== 'EEXIST') throw error;
        made = false;
      });
      await rm(temporary, { force: true });
    },
  });
  return made;
}

async function writeBeside(
  path: string,
  target: string,
  text: string,
  { lasting, place }: { lasting: boolean; place(from: string, to: string): Promise<void> },
): Promise<void> {
  const folder = dirname(target);
  const begin = `.${basename(target)}.`;
  const temporary = join(folder, `${begin}${process.pid}.${Date.now().toString(36)}${TEMPORARY}`);
  try {
    await sweep(folder, begin);
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      if (lasting) await handle.sync();
    } finally {
      await handle.close();
    }
    await place(temporary, target);
    if (lasting) await flushFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileProblem('write', path, error);
  }
}

const TEMPORARY = '.tmp';

/** What a killed writer left; whoever writes now holds the lock, so nobody is still busy with it. */
async function sweep(folder: string, begin: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(begin) && name.endsWith(TEMPORARY))
      await rm(join(folder, name), { force: true });
  }
}

/** A rename is only durable once the folder is; some file systems cannot, and then the rename alone has to do. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, EXIT, fileProblem, Problem, quoteForShell } from '../problem.ts';
import { exclusively } from '../runtime/exclusively.ts';
import type { Paths } from '../runtime/paths.ts';
import { createPrivate, readPrivate } from '../runtime/private-file.ts';

/**
 * There are two sealed files, so that a profile kept under a passphrase never comes to lie behind a key file: one is
 * opened by a person, the other (`--unattended`) by the key beside it.
 */
export type SealedName = 'attended' | 'unattended';

export const sealedPath = (paths: Paths, name: SealedName): string =>
  join(paths.data, name === 'attended' ? 'secrets.json' : 'secrets-unattended.json');

const keyPath = (paths: Paths): string => join(paths.data, 'secrets-unattended.key');

const KEY_BYTES = 32;

/**
 * The key beside the unattended file; made on demand, by one of several commands that want it at once. Null where
 * there is none and none is to be made.
 */
export async function unattendedKey(paths: Paths, create: boolean): Promise<string | null> {
  const path = keyPath(paths);
  const found = await readKey(path);
  if (found !== null || !create) return found;
  return await exclusively(path, async () => {
    // What was sealed under a key that is replaced opens never again: what stands there stays.
    await createPrivate(path, `${randomBytes(KEY_BYTES).toString('base64url')}\n`);
    return await readKey(path);
  });
}

async function readKey(path: string): Promise<string | null> {
  const found = (await readPrivate(path, 'owner-only'))?.trim();
  if (found !== undefined && !/^[A-Za-z0-9_-]{43}$/.test(found))
    throw new Problem(`${path} is damaged. It was left as it is.`, `ls -l ${quoteForShell(path)}`);
  return found ?? null;
}

export const PASSPHRASE_VARIABLE = 'TOKENLEASH_PASSPHRASE_FILE';

/** Longer than anyone types. */
const PASSPHRASE_LIMIT_BYTES = 4096;

/** The first line of the file that TOKENLEASH_PASSPHRASE_FILE names (a pipe will do), or null when it names none. */
export async function passphraseFromFile(
  env: NodeJS.ProcessEnv,
  warn: (sentence: string) => void,
): Promise<string | null> {
  const path = env[PASSPHRASE_VARIABLE];
  if (path === undefined || path === '') return null;
  const next = `printf '%s' … > ${quoteForShell(path)} && chmod 600 ${quoteForShell(path)}`;
  try {
    const handle = await open(path, 'r');
    try {
      const found = await handle.stat();
      if (found.isFile() && (found.mode & 0o077) !== 0 && process.getuid)
        warn(`Other users can read ${path}. Type: chmod 600 ${quoteForShell(path)}`);
      const buffer = Buffer.alloc(PASSPHRASE_LIMIT_BYTES);
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
        if (bytesRead === 0) break;
        length += bytesRead;
        if (length === buffer.length)
          throw new Problem(`${path} is too long for a passphrase.`, next, EXIT.credential);
      }
      const line = buffer.toString('utf8', 0, length).split(/\r?\n/)[0] ?? '';
      if (line === '') throw new Problem(`${path} is empty.`, next, EXIT.credential);
      return line;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT')
      throw new Problem(
        `${PASSPHRASE_VARIABLE} names ${path}, which is not there.`,
        next,
        EXIT.credential,
      );
    const { message } = fileProblem('read', path, error);
    throw error instanceof Problem ? error : new Problem(message, next, EXIT.credential);
  }
}

/** Whether anything is sealed there yet. */
export async function sealedFileExists(path: string): Promise<boolean> {
  return await access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

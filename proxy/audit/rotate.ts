import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { codeOf } from '../problem.ts';
import { rotatedFiles, rotatedPath } from './files.ts';

/** Bytes at which a file is full: some 50,000 requests. */
export const FILE_BYTES = 16 * 1024 * 1024;
/** Full files that are kept; the log takes at most six times `FILE_BYTES`. */
export const FULL_FILES = 5;

/** A rotation takes less than a moment; a mark that is older was left by a process that was killed. */
const STALE_MS = 10_000;

/**
 * Puts the full file at `path` aside under the next free number, and deletes the oldest beyond those that are kept.
 * One rename: interrupted anywhere, every line stands in exactly one file. Says whether the file was put aside; it
 * was not when another process is about to do it, or has done it. Throws what the file system says.
 */
export function rotate(path: string, limits: { fileBytes: number; fullFiles: number }): boolean {
  const mark = `${path}.rotating`;
  if (!take(mark)) return false;
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined || found.size < limits.fileBytes) return false;
    const full = rotatedFiles(path);
    renameSync(path, rotatedPath(path, (full.at(-1)?.number ?? 0) + 1));
    const tooMany = Math.max(0, full.length + 1 - limits.fullFiles);
    for (const file of full.slice(0, tooMany)) rmSync(file.path, { force: true });
    return true;
  } finally {
    rmSync(mark, { force: true });
  }
}

/** Two processes that rotate at once would put each other's new file aside. */
function take(mark: string): boolean {
  try {
    closeSync(openSync(mark, 'wx', 0o600));
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const found = statSync(mark, { throwIfNoEntry: false });
    // Free for the next time; now it may be another's already.
    if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS) rmSync(mark, { force: true });
    return false;
  }
}

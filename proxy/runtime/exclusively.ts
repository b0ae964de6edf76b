import { linkSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, fileProblem, Problem, quoteForShell } from '../problem.ts';
import { monotonicMs } from './monotonic.ts';
import { privateFolder, removeFile } from './private-file.ts';
import { isAlive, ownMark } from './process-mark.ts';

const WAIT_LIMIT_MS = 10_000;
const POLL_MS = 20;

let turn = 0;

/**
 * Runs `action` while no other process of ours does so for the same file: read, change, write. The lock is a file
 * beside it that names its holder; one whose holder is gone is taken over. Waits 10 s at most.
 */
export async function exclusively<T>(path: string, action: () => Promise<T>): Promise<T> {
  privateFolder(dirname(path));
  const lock = `${path}.lock`;
  turn += 1;
  const own = `${lock}.${process.pid}.${turn}`;
  const mark = `${ownMark()}\n${own}`;
  try {
    // Written first and linked then: nobody ever sees a lock that does not name its holder yet.
    writeFileSync(own, mark, { mode: 0o600 });
    await take(lock, own);
  } catch (error) {
    throw fileProblem('lock', path, error);
  } finally {
    letGo(own);
  }
  try {
    return await action();
  } finally {
    // One that was taken from us meanwhile is another's now.
    if (textOf(lock) === mark) removeFile(lock);
  }
}

/** What nobody needs any more; a file of ours that stays is in nobody's way. */
function letGo(file: string): void {
  try {
    removeFile(file);
  } catch {
    // What went wrong before it is what is said.
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

async function take(lock: string, own: string): Promise<void> {
  const patience = monotonicMs() + WAIT_LIMIT_MS;
  for (;;) {
    try {
      linkSync(own, lock);
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const holder = textOf(lock);
    if (holder !== null && !isAlive(holder.split('\n')[0] ?? '')) {
      takeAway(lock, holder, `${own}.stale`);
      continue;
    }
    if (monotonicMs() > patience)
      throw new Problem(
        `Another tokenleash command keeps ${lock} (${holder?.split('\n')[0] ?? 'unknown process'}).`,
        `rm ${quoteForShell(lock)}`,
      );
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

/** Moved aside before it is looked at again: two who find the same dead lock must not remove each other's new one. */
function takeAway(lock: string, holder: string, aside: string): void {
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = readFileSync(aside, 'utf8');
  try {
    if (moved !== holder) linkSync(aside, lock);
  } catch {
    throw new Problem(
      `${lock} was taken by two commands at once, and could not be put back. Nothing was changed.`,
      `ls -l ${quoteForShell(lock)}`,
    );
  } finally {
    removeFile(aside);
  }
}

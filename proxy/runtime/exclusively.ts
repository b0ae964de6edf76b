import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, fileProblem, Problem, quoteForShell } from '../problem.ts';
import { privateFolder, removeQuietly } from './private-file.ts';
import { isAlive, ownMark } from './process-mark.ts';

const WAIT_LIMIT_MS = 10_000;
const POLL_MS = 20;

let turn = 0;

/**
 * Runs `action` while no other process of ours does so for the same file: read, change, write. The lock is a file
 * beside it that names its holder; one whose holder is gone is taken over. Waits 10 s at most.
 */
export async function exclusively<T>(path: string, action: () => Promise<T>): Promise<T> {
  await privateFolder(dirname(path));
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
    removeQuietly(own);
  }
  try {
    return await action();
  } finally {
    rmSync(lock, { force: true });
  }
}

async function take(lock: string, own: string): Promise<void> {
  const patience = performance.now() + WAIT_LIMIT_MS;
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
    if (performance.now() > patience)
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
  if (readFileSync(aside, 'utf8') !== holder) {
    try {
      linkSync(aside, lock);
    } catch {
      // There is a newer one by now.
    }
  }
  rmSync(aside, { force: true });
}

/** Null where the lock is gone by now. */
function textOf(lock: string): string | null {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return null;
  }
}

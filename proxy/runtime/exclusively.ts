import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, fileProblem, Problem, quoteForShell } from '../problem.ts';
import { privateFolder } from './private-file.ts';
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
    await writeFile(own, mark, { mode: 0o600 });
    await take(lock, own);
  } catch (error) {
    throw fileProblem('lock', path, error);
  } finally {
    await rm(own, { force: true }).catch(() => undefined);
  }
  try {
    return await action();
  } finally {
    // One that was taken from us meanwhile is another's now.
    if ((await readFile(lock, 'utf8').catch(() => null)) === mark) await rm(lock, { force: true });
  }
}

async function take(lock: string, own: string): Promise<void> {
  const patience = performance.now() + WAIT_LIMIT_MS;
  for (;;) {
    try {
      await link(own, lock);
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const holder = await readFile(lock, 'utf8').catch(() => null);
    if (holder !== null && !isAlive(holder.split('\n')[0] ?? '')) {
      await takeAway(lock, holder, `${own}.stale`);
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
async function takeAway(lock: string, holder: string, aside: string): Promise<void> {
  try {
    await rename(lock, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readFile(aside, 'utf8');
  try {
    if (moved !== holder) await link(aside, lock);
  } catch {
    throw new Problem(
      `${lock} was taken by two commands at once, and could not be put back. Nothing was changed.`,
      `ls -l ${quoteForShell(lock)}`,
    );
  } finally {
    await rm(aside, { force: true });
  }
}

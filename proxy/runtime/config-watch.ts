import { stat } from 'node:fs/promises';
import { Problem } from '../problem.ts';

/**
 * Looking at a file costs a few microseconds, and unlike the file system's own events it sees the target of a link,
 * network drives, and a file that an editor puts in the place of the old one.
 */
const POLL_MS = 250;

export type ConfigWatch = {
  /** Reads everything again, one reading after the other. Rejects with what `read` throws. */
  reload(): Promise<void>;
  /** Why the files as they are now were not taken up, as a sentence, or null. */
  problem(): string | null;
  /** Begins to look at the files. */
  watch(): void;
  close(): void;
};

export type ConfigWatchOptions = {
  files: readonly string[];
  /** Reads the files and puts them in force; throws, and leaves all as it was, where it cannot. */
  read(): Promise<void>;
  /** A change was taken up (null), or refused with this sentence. */
  changed(problem: string | null): void;
};

/**
 * Takes up changed files within a second. A change counts once two looks in a row see the same: a file that is
 * still being written is not read in half.
 */
export function createConfigWatch({ files, read, changed }: ConfigWatchOptions): ConfigWatch {
  let taken = '';
  let lastSeen = '';
  let problem: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const readNow = async () => {
    // Looked at before it is read: what changes in between is seen as a change again.
    taken = await marksOf(files);
    try {
      await read();
      problem = null;
    } catch (error) {
      problem = sentenceOf(error);
      throw error;
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  /** In turn: an older reading must not come in force after a newer one. */
  const reload = (): Promise<void> => {
    const turn = last.then(readNow, readNow);
    last = turn.catch(() => undefined);
    return turn;
  };

  const look = async () => {
    const seen = await marksOf(files);
    const settled = seen === lastSeen;
    lastSeen = seen;
    if (closed || !settled || seen === taken) return;
    await reload().catch(() => undefined);
    if (!closed) changed(problem);
  };

  const lookAgain = () => {
    if (closed) return;
    timer = setTimeout(() => void look().finally(lookAgain), POLL_MS);
    timer.unref();
  };

  return {
    reload,
    problem: () => problem,
    watch: lookAgain,
    close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

async function marksOf(files: readonly string[]): Promise<string> {
  return (await Promise.all(files.map(markOf))).join(' ');
}

/** What differs after every change of a file, its owner and mode included; they decide whether it is read. */
async function markOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join('.');
  } catch {
    return 'none';
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return `${error.message} Type: ${error.next}`;
  return error instanceof Error ? error.message : 'It could not be read.';
}

import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditEntry } from '../data/context.ts';
import { codeOf, fileProblem } from '../problem.ts';
import { rotatedFiles } from './files.ts';

/** How soon a follower sees a line that was written. */
const POLL_MS = 200;
const CHUNK_BYTES = 64 * 1024;

export type FollowOptions = {
  /** Ends the following. */
  signal: AbortSignal;
  /** `start`: what is there already comes first; `end`: only what is written from now on. */
  from: 'start' | 'end';
  /** ms since 1970; with `start`, full files that ended before are not even opened. */
  since?: number;
  /** ms between two looks; shorter ones are for tests. */
  pollMs?: number;
  /** Called once its place is found: whatever is written from then on will be given. */
  begun?: () => void;
};

/**
 * Every line of the audit log that is there, oldest first, full files included. What is not a line of ours (half of
 * one after a power cut) is left out. Throws a Problem when a file cannot be read; no file means no line.
 */
export async function* readAudit(
  path: string,
  options: { since?: number } = {},
): AsyncGenerator<AuditEntry> {
  const signal = new AbortController().signal;
  yield* entriesOf(path, { ...options, signal, from: 'start' }, false);
}

/** The same, and then each line as it is written, over rotations too, until the signal. */
export async function* followAudit(
  path: string,
  options: FollowOptions,
): AsyncGenerator<AuditEntry> {
  yield* entriesOf(path, options, true);
}

/** The entry of one request by its id, or null. */
export async function findAuditEntry(path: string, id: string): Promise<AuditEntry | null> {
  for await (const entry of readAudit(path)) if (entry.id === id) return entry;
  return null;
}

async function* entriesOf(
  path: string,
  { signal, from, since = 0, pollMs = POLL_MS, begun }: FollowOptions,
  follows: boolean,
): AsyncGenerator<AuditEntry> {
  let after = from === 'end' ? newestOf(path) : await lastBefore(path, since);
  let log = await openAfter(path, after, from);
  begun?.();
  try {
    while (!signal.aborted) {
      if (log !== null)
        for await (const entry of log.entries()) if (inTime(entry, since)) yield entry;
      const next: OpenLog | null = await openNext(path, log, after);
      if (next !== null) {
        // What was written between the last read and the rotation.
        if (log !== null)
          for await (const entry of log.entries()) if (inTime(entry, since)) yield entry;
        await log?.close();
        log = next;
        after = next.number;
      } else if (!follows) return;
      else await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await log?.close();
  }
}

const inTime = ({ time }: AuditEntry, since: number): boolean =>
  since === 0 || Date.parse(time) >= since;

/** One file of the log, read from where the last look at it ended. */
type OpenLog = {
  inode: number;
  /** Full files up to this number are older than it; or it is the one of this number. */
  number: number;
  entries(): AsyncGenerator<AuditEntry>;
  close(): Promise<void>;
};

const newestOf = (path: string): number => rotatedFiles(path).at(-1)?.number ?? 0;

/** The number of the last full file that ended before `since`. */
async function lastBefore(path: string, since: number): Promise<number> {
  let last = 0;
  for (const file of rotatedFiles(path)) {
    const found = await stat(file.path).catch(() => null);
    if (found !== null && found.mtimeMs >= since) break;
    last = file.number;
  }
  return last;
}

/** The oldest file beyond that number; the one that is written to, where no full one is left. Null for none. */
async function openAfter(
  path: string,
  after: number,
  from: 'start' | 'end',
): Promise<OpenLog | null> {
  for (let last = after; ; ) {
    const full = rotatedFiles(path).find(({ number }) => number > last);
    if (full === undefined) {
      const log = await openLog(path, from, last);
      if (newestOf(path) <= last) return log;
      // It was put aside meanwhile, and what we opened may be the one after it.
      await log?.close();
      continue;
    }
    const log = await openLog(full.path, 'start', full.number);
    if (log !== null) return log;
    last = full.number;
  }
}

/** The file that comes after `log`, or null while `log` is the one that is written to. */
async function openNext(path: string, log: OpenLog | null, after: number): Promise<OpenLog | null> {
  if (log === null) return openAfter(path, after, 'start');
  const current = await stat(path).catch(() => null);
  if (current?.ino === log.inode) return null;
  let number = log.number;
  for (const file of rotatedFiles(path)) {
    const found = await stat(file.path).catch(() => null);
    if (found?.ino === log.inode) number = file.number;
  }
  return openAfter(path, number, 'start');
}

async function openLog(
  path: string,
  from: 'start' | 'end',
  number: number,
): Promise<OpenLog | null> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw fileProblem('read', path, error);
  }
  const found = await handle.stat();
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let decoder = new StringDecoder('utf8');
  let position = from === 'end' ? found.size : 0;
  let rest = '';

  async function* entries(): AsyncGenerator<AuditEntry> {
    // Emptied in place by a person.
    if ((await handle.stat()).size < position) {
      position = 0;
      rest = '';
      decoder = new StringDecoder('utf8');
    }
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position).catch((error) => {
        throw fileProblem('read', path, error);
      });
      if (bytesRead === 0) return;
      position += bytesRead;
      const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const entry = parseEntry(line);
        if (entry !== null) yield entry;
      }
    }
  }
  return { inode: found.ino, number, entries, close: () => handle.close() };
}

/** A line as an entry; what an older version did not write yet is null. */
function parseEntry(line: string): AuditEntry | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    const read = { via: null, rule: null, ...value } as AuditEntry;
    return typeof read.time === 'string' && typeof read.id === 'string' ? read : null;
  } catch {
    return null;
  }
}

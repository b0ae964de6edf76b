import {
  chmodSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { AuditEntry } from '../data/context.ts';
import { Problem, quoteForShell } from '../problem.ts';
import { auditLine } from './line.ts';
import { FILE_BYTES, FULL_FILES, rotate } from './rotate.ts';

/** Lines wait at most this long in memory; batching makes a line cost a string, not a system call. */
const FLUSH_AFTER_MS = 200;
/** A burst is written out before it takes more memory than this. */
const FLUSH_AT_LINES = 512;
/** Bytes of lines that wait for a disk that takes none; later lines are dropped and counted. */
const BACKLOG_BYTES = 4 * 1024 * 1024;
const RETRY_AFTER_MS = 1_000;

export type AuditLog = {
  write(entry: AuditEntry): void;
  /** Writes what waits. Synchronous, so that it can be the last thing a process does (`process.on('exit')`). */
  flush(): void;
  /** Flushes and closes; later entries are dropped. */
  close(): void;
};

export type AuditOptions = {
  path: string;
  flushAfterMs?: number;
  /** Bytes at which a file is full, and how many full ones are kept. */
  fileBytes?: number;
  fullFiles?: number;
  /** A full disk must not stop requests, but someone has to know: told once when it begins, and what is missing. */
  onError(error: unknown): void;
};

/**
 * Opens an append-only file of JSON lines, mode 0600. A full one is put aside (`rotate.ts`), also when another
 * process writes to the same log. Throws what the file system says when it cannot.
 */
export function openAuditLog(options: AuditOptions): AuditLog {
  const { path, onError } = options;
  const flushAfterMs = options.flushAfterMs ?? FLUSH_AFTER_MS;
  const limits = {
    fileBytes: options.fileBytes ?? FILE_BYTES,
    fullFiles: options.fullFiles ?? FULL_FILES,
  };
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let file = openFile(path);
  /** As objects: a line is made faster among others than amid a request. */
  let entries: AuditEntry[] = [];
  /** What the disk has not taken yet. */
  let waiting: Buffer = Buffer.alloc(0);
  /** Its first bytes end a line that the file has the beginning of. */
  let midLine = false;
  let dropped = 0;
  let failing = false;
  let timer: NodeJS.Timeout | null = null;
  let open = true;

  const reopen = () => {
    const fresh = openFile(path);
    closeSync(file);
    file = fresh;
  };

  const writeOut = () => {
    const fresh = Buffer.from(entries.map(auditLine).join(''));
    waiting = waiting.length === 0 ? fresh : Buffer.concat([waiting, fresh]);
    entries = [];
    if (!midLine && !isAt(path, file)) reopen();
    while (waiting.length > 0) {
      // Whole lines to a file opened for appending: two processes never mix within a line.
      waiting = waiting.subarray(writeSync(file, waiting));
      midLine = waiting.length > 0;
    }
  };

  const wait = (ms: number) => {
    timer = setTimeout(flush, ms);
    timer.unref();
  };

  const flush = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (!open || (entries.length === 0 && waiting.length === 0)) return;
    try {
      writeOut();
      if (fstatSync(file).size >= limits.fileBytes && rotate(path, limits)) reopen();
      if (dropped > 0) onError(missing(path, dropped));
      dropped = 0;
      failing = false;
    } catch (error) {
      if (!failing) onError(error);
      failing = true;
      wait(RETRY_AFTER_MS);
    }
  };

  return {
    write(entry) {
      if (!open) return;
      if (failing && waiting.length >= BACKLOG_BYTES) {
        dropped += 1;
        return;
      }
      entries.push(entry);
      if (entries.length >= FLUSH_AT_LINES && !failing) flush();
      else if (timer === null) wait(flushAfterMs);
    },
    flush,
    close() {
      flush();
      if (open) closeSync(file);
      open = false;
    },
  };
}

function missing(path: string, count: number): Problem {
  return new Problem(
    `${count} requests are missing from ${path}: it could not be written for a while.`,
    `ls -ld ${quoteForShell(path)}`,
  );
}

function openFile(path: string): number {
  const file = openSync(path, 'a+', 0o600);
  chmodSync(path, 0o600);
  const { size } = fstatSync(file);
  // A power cut left half a line; the next one must not become a part of it.
  const last = Buffer.alloc(1);
  if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a)
    writeSync(file, '\n');
  return file;
}

/** Whether `file` is still what stands at `path`: another process may have put it aside, or a person deleted it. */
function isAt(path: string, file: number): boolean {
  const own = fstatSync(file);
  const there = statSync(path, { throwIfNoEntry: false });
  return there !== undefined && there.ino === own.ino && there.dev === own.dev;
}

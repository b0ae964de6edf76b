import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditLog, openAuditLog } from '../../proxy/audit/log.ts';
import { findAuditEntry, followAudit, readAudit } from '../../proxy/audit/read.ts';
import type { AuditEntry } from '../../proxy/data/context.ts';
import { auditEntry } from './audit-entry.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tl-audit-'));
  path = join(folder, 'audit.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));

const LINE_BYTES = JSON.stringify(auditEntry(100)).length + 1;

function open(more: { fileBytes?: number; fullFiles?: number } = {}): AuditLog {
  return openAuditLog({
    path,
    onError: (error) => {
      throw error;
    },
    ...more,
  });
}

/** Writes each to the file at once, so that a file is full after as many lines as a test says. */
function writeEach(log: AuditLog, from: number, to: number): void {
  for (let id = from; id <= to; id += 1) {
    log.write(auditEntry(id));
    log.flush();
  }
}

async function idsOf(entries: AsyncIterable<AuditEntry>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of entries) ids.push(id);
  return ids;
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => String(from + at));

describe('a full audit log', () => {
  it('is put aside, and no line is lost or split over it', async () => {
    const log = open({ fileBytes: 10 * LINE_BYTES });
    writeEach(log, 101, 145);
    log.close();
    expect(readdirSync(folder).sort()).toEqual([
      'audit.000001.jsonl',
      'audit.000002.jsonl',
      'audit.000003.jsonl',
      'audit.000004.jsonl',
      'audit.jsonl',
    ]);
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(await idsOf(readAudit(path))).toEqual(numbers(101, 145));
  });

  it('keeps so many full files and no more, the newest', async () => {
    const log = open({ fileBytes: 10 * LINE_BYTES, fullFiles: 2 });
    writeEach(log, 101, 195);
    log.close();
    expect(readdirSync(folder).sort()).toEqual([
      'audit.000008.jsonl',
      'audit.000009.jsonl',
      'audit.jsonl',
    ]);
    expect(await idsOf(readAudit(path))).toEqual(numbers(171, 195));
  });

  it('loses no line where two proxies write to it', async () => {
    const limits = { fileBytes: 10 * LINE_BYTES, fullFiles: 100 };
    const logs = [open(limits), open(limits)];
    for (let id = 100; id < 300; id += 1) {
      logs[id % 2]?.write(auditEntry(id));
      if (id % 3 === 0) logs[id % 2]?.flush();
    }
    for (const log of logs) log.close();
    expect((await idsOf(readAudit(path))).sort()).toEqual(numbers(100, 299));
  });

  it('is put aside although a proxy was killed while it did so', async () => {
    writeFileSync(`${path}.rotating`, '');
    const log = open({ fileBytes: 5 * LINE_BYTES });
    writeEach(log, 101, 110);
    expect(readdirSync(folder)).not.toContain('audit.000001.jsonl');
    utimesSync(`${path}.rotating`, 0, 0);
    writeEach(log, 111, 112);
    log.close();
    expect(readdirSync(folder).sort()).toEqual(['audit.000001.jsonl', 'audit.jsonl']);
    expect(await idsOf(readAudit(path))).toEqual(numbers(101, 112));
  });
});

describe('the audit log', () => {
  it('goes on in a new file where a person or logrotate took the old one away', async () => {
    const log = open();
    writeEach(log, 101, 102);
    renameSync(path, join(folder, 'elsewhere'));
    writeEach(log, 103, 104);
    log.close();
    expect(await idsOf(readAudit(path))).toEqual(['103', '104']);
  });

  it('ends half a line that a power cut left, and reads past it', async () => {
    writeFileSync(path, `${JSON.stringify(auditEntry('whole'))}\n{"time":"2026-01-01T0`);
    const log = open();
    writeEach(log, 101, 101);
    log.close();
    appendFileSync(path, 'null\n[]\n{"id":3}\n\n');
    expect(await idsOf(readAudit(path))).toEqual(['whole', '101']);
  });

  it('keeps lines while they cannot be written, and says once that they cannot', async () => {
    const errors: unknown[] = [];
    const log = openAuditLog({ path, onError: (error) => errors.push(error) });
    renameSync(folder, `${folder}.away`);
    writeEach(log, 101, 105);
    expect(errors).toHaveLength(1);
    renameSync(`${folder}.away`, folder);
    log.write(auditEntry(106));
    log.close();
    expect(errors).toHaveLength(1);
    expect(await idsOf(readAudit(path))).toEqual(numbers(101, 106));
  });

  it('counts what it could not keep of a long failure', async () => {
    const errors: unknown[] = [];
    const log = openAuditLog({ path, onError: (error) => errors.push(error) });
    renameSync(folder, `${folder}.away`);
    const long = 'x'.repeat(1024 * 1024);
    for (let id = 101; id <= 110; id += 1) {
      log.write(auditEntry(id, { rule: long }));
      log.flush();
    }
    renameSync(`${folder}.away`, folder);
    log.close();
    const kept = await idsOf(readAudit(path));
    expect(kept).toEqual(numbers(101, 100 + kept.length));
    expect(kept.length).toBeLessThan(10);
    expect(errors).toHaveLength(2);
    expect(String(errors[1])).toContain(`${10 - kept.length} requests are missing from`);
  });

  it('has what was there before via and rule were', async () => {
    const { via, rule, ...old } = auditEntry('old');
    expect([via, rule]).toEqual(['phantom', null]);
    writeFileSync(path, `${JSON.stringify(old)}\n`);
    expect(await findAuditEntry(path, 'old')).toEqual({ ...old, via: null, rule: null });
    expect(await findAuditEntry(path, 'other')).toBeNull();
    expect(await findAuditEntry(join(folder, 'none.jsonl'), 'old')).toBeNull();
  });

  it('is read from a time on, without the files before it', async () => {
    const log = open({ fileBytes: 2 * LINE_BYTES });
    for (let id = 101; id <= 109; id += 1) {
      log.write(auditEntry(id, { time: `2026-01-0${id - 100}T00:00:00.000Z` }));
      log.flush();
    }
    log.close();
    const since = Date.parse('2026-01-05T00:00:00.000Z');
    expect(await idsOf(readAudit(path, { since }))).toEqual(numbers(105, 109));
    // Whoever looks for what came after a file was full does not read it.
    for (const number of [1, 2, 3]) utimesSync(join(folder, `audit.00000${number}.jsonl`), 0, 0);
    expect(await idsOf(readAudit(path, { since }))).toEqual(numbers(107, 109));
  });
});

function withResolvers(): { promise: Promise<void>; resolve(): void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

describe('who follows the audit log', () => {
  async function follow(from: 'start' | 'end') {
    const ended = new AbortController();
    const ids: string[] = [];
    const { promise: begun, resolve } = withResolvers();
    const done = (async () => {
      const { signal } = ended;
      const entries = followAudit(path, { signal, from, pollMs: 5, begun: resolve });
      for await (const { id } of entries) ids.push(id);
    })();
    await begun;
    return {
      ids,
      async end() {
        ended.abort();
        await done;
      },
    };
  }

  it('sees each line once and in order, over many rotations', async () => {
    const log = open({ fileBytes: 3 * LINE_BYTES, fullFiles: 1000 });
    writeEach(log, 101, 110);
    const all = await follow('start');
    const late = await follow('end');
    for (let id = 111; id <= 400; id += 1) {
      writeEach(log, id, id);
      if (id % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => all.ids.at(-1), { timeout: 20_000 }).toBe('400');
    await expect.poll(() => late.ids.at(-1), { timeout: 20_000 }).toBe('400');
    await Promise.all([all.end(), late.end()]);
    log.close();
    expect(all.ids).toEqual(numbers(101, 400));
    expect(late.ids).toEqual(numbers(111, 400));
  });

  it('waits for a log that is not there yet, and for the rest of a line', async () => {
    const following = await follow('end');
    const line = `${JSON.stringify(auditEntry('first'))}\n`;
    appendFileSync(path, line.slice(0, 20));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(following.ids).toEqual([]);
    appendFileSync(path, line.slice(20));
    await expect.poll(() => following.ids, { timeout: 20_000 }).toEqual(['first']);
    await following.end();
  });
});

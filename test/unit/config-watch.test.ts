import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { Problem } from '../../proxy/problem.ts';
import { createConfigWatch } from '../../proxy/runtime/config-watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'tl-watch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));

let files = 0;

/** A watch over one file that writes down what it was told to read. */
function watched(read: () => Promise<void> = async () => undefined) {
  const file = join(folder, `watched-${++files}`);
  writeFileSync(file, 'begin');
  let reads = 0;
  const told: (string | null)[] = [];
  const watch = createConfigWatch({
    files: [file],
    async read() {
      reads += 1;
      await read();
    },
    changed: (problem) => void told.push(problem),
  });
  onTestFinished(() => watch.close());
  return { file, watch, told, reads: () => reads };
}

const patience = { timeout: 20_000 };

test('a change is read once, and what does not change is not read', async () => {
  const { file, watch, told, reads } = watched();
  await watch.reload();
  watch.watch();
  writeFileSync(file, 'changed');
  await expect.poll(() => told, patience).toEqual([null]);
  await new Promise((done) => setTimeout(done, 1200));
  expect(reads()).toBe(2);
});

test('a change of the same length and time is seen', async () => {
  const { file, watch, told } = watched();
  const then = new Date(2020, 1, 1);
  utimesSync(file, then, then);
  await watch.reload();
  watch.watch();
  writeFileSync(file, 'nigeb');
  utimesSync(file, then, then);
  await expect.poll(() => told, patience).toEqual([null]);
});

test('a file that is still being written is not read in half', async () => {
  const { file, watch, reads } = watched();
  await watch.reload();
  watch.watch();
  for (let piece = 0; piece < 15; piece += 1) {
    appendFileSync(file, `piece ${piece}\n`);
    await new Promise((done) => setTimeout(done, 60));
  }
  expect(reads()).toBe(1);
  await expect.poll(reads, patience).toBe(2);
});

test('what cannot be read is told once with what to type, until it is mended', async () => {
  let broken = true;
  const { file, watch, told } = watched(async () => {
    if (broken) throw new Problem('config.yaml, line 3: no.', 'vi +3 config.yaml');
  });
  watch.watch();
  await watch.reload().catch(() => undefined);
  expect(watch.problem()).toBe('config.yaml, line 3: no. Type: vi +3 config.yaml');
  writeFileSync(file, 'still broken');
  await expect.poll(() => told.length, patience).toBe(1);
  broken = false;
  writeFileSync(file, 'mended');
  await expect.poll(() => told.at(-1), patience).toBe(null);
  expect(watch.problem()).toBe(null);
});

test('readings come one after the other, the newest last', async () => {
  const order: string[] = [];
  let turn = 0;
  const { watch } = watched(async () => {
    turn += 1;
    const own = turn;
    order.push(`begin ${own}`);
    await new Promise((done) => setTimeout(done, own === 1 ? 50 : 0));
    order.push(`end ${own}`);
  });
  await Promise.all([watch.reload(), watch.reload()]);
  expect(order).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
});

test('after close nothing is read any more', async () => {
  const { file, watch, reads } = watched();
  await watch.reload();
  watch.watch();
  watch.close();
  writeFileSync(file, 'changed');
  await new Promise((done) => setTimeout(done, 1200));
  expect(reads()).toBe(1);
});

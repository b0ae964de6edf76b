import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { exclusively } from '../../proxy/runtime/exclusively.ts';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof files>();
  return { ...real, rename: vi.fn(real.rename) };
});

const DEAD = '999999999 1\nsomebody';
let folder: string;
let path: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'locks-'));
  path = join(folder, 'file');
  lock = `${path}.lock`;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a lock that another process took over meanwhile is left to it', async () => {
  await exclusively(path, async () => writeFileSync(lock, 'another'));
  expect(readFileSync(lock, 'utf8')).toBe('another');
});

test('a lock of a process that is gone is taken over, and let go', async () => {
  writeFileSync(lock, DEAD);
  expect(await exclusively(path, async () => existsSync(lock))).toBe(true);
  expect(existsSync(lock)).toBe(false);
});

test('a live lock that was moved aside by mistake and cannot be put back is said', async () => {
  writeFileSync(lock, DEAD);
  const { rename } = await vi.importActual<typeof files>('node:fs/promises');
  vi.mocked(files.rename).mockImplementationOnce(async (from, to) => {
    // Between the look and the move a living process takes the dead lock, and a third one the free name.
    writeFileSync(from, `${process.pid}\nliving`);
    await rename(from, to);
    writeFileSync(from, `${process.pid}\nthird`);
  });
  let ran = false;
  const taken = exclusively(path, async () => {
    ran = true;
  });
  await expect(taken).rejects.toThrow('put back');
  expect(ran).toBe(false);
  expect(readFileSync(lock, 'utf8')).toContain('third');
});

import * as files from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { exclusively } from '../../proxy/runtime/exclusively.ts';

const { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = files;

vi.mock('node:fs', async (original) => {
  const real = await original<typeof files>();
  return { ...real, renameSync: vi.fn(real.renameSync) };
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
  const { renameSync } = await vi.importActual<typeof files>('node:fs');
  vi.mocked(files.renameSync).mockImplementationOnce((from, to) => {
    // Between the look and the move a living process takes the dead lock, and a third one the free name.
    writeFileSync(from, `${process.pid}\nliving`);
    renameSync(from, to);
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

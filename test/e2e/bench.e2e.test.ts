import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const bench = join(root, 'test/bench/extension.mjs');
const run = promisify(execFile);
const LIMIT_MS = 500_000;

/** Every figure of a result, with the way to it. */
function figures(value: unknown, way = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[way, value]];
  return Object.entries(value).flatMap(([key, inner]) => figures(inner, `${way}.${key}`));
}

test('the benchmark of the extension measures all of it in one run', {
  timeout: LIMIT_MS,
}, async () => {
  const { stdout } = await run(process.execPath, [bench, '--smoke', '--built', '--json'], {
    cwd: root,
    maxBuffer: 1024 * 1024 * 16,
  });
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ version: 1, extent: 'smoke' });
  expect(Object.keys(result.sections)).toEqual(['sizes', 'popup', 'task', 'page', 'list']);
  const { sizes, popup, task, page, list } = result.sections;
  expect(Object.keys(sizes.builds)).toEqual(['chromium', 'firefox']);
  expect(Object.keys(sizes.inPage)).toContain('extension/page/index.iife.js');
  for (const times of [popup.warm, popup.dead, popup.unknown])
    expect(Object.keys(times)).toEqual(['empty', 'popup', 'ratio']);
  for (const effort of [
    ...Object.values(task.byHand),
    ...Object.values(task.byForm),
    task.byRecipe,
  ])
    expect(Object.keys(effort as object)).toEqual(['clicks', 'keys', 'requests', 'seconds']);
  // What does not depend on the machine.
  expect(task.byKey).toMatchObject({ clicks: 1, keys: 1 });
  expect(task.byForm.all.clicks).toBeLessThan(task.byHand.all.clicks);
  expect(page.tokens).toBe(30);
  expect(list.scroll.frames).toBeGreaterThan(1);
  // JSON has null in place of what is no number.
  expect(figures(result.sections).filter(([, value]) => value === null)).toEqual([]);
  expect(result.targets).toHaveLength(7);
});

test('says what it does not know, and writes no page from a short run', async () => {
  for (const [words, said] of [
    [['--fast'], 'no option --fast'],
    [['--only', 'speed'], 'not "speed"'],
    [['--smoke', '--write-docs'], '--write-docs takes a whole run'],
  ] as const)
    await expect(run(process.execPath, [bench, ...words], { cwd: root })).rejects.toThrow(said);
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { canWatchProcesses } from '../bench/machine.mjs';

const root = join(import.meta.dirname, '../..');
const bench = join(root, 'test/bench/bench.mjs');
const run = promisify(execFile);

/** Every figure of a result, with the way to it. */
function figures(value: unknown, way = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[way, value]];
  return Object.entries(value).flatMap(([key, inner]) => figures(inner, `${way}.${key}`));
}

// The benchmark reads /proc; elsewhere it says so, which is its whole behaviour there.
if (canWatchProcesses) {
  const LIMIT_MS = 400_000;
  it('measures the built proxy beside the others, all of it, in one run', {
    timeout: LIMIT_MS,
  }, async () => {
    const { stdout } = await run(process.execPath, [bench, '--smoke', '--json'], {
      cwd: root,
      maxBuffer: 1024 * 1024 * 16,
    });
    const result = JSON.parse(stdout);
    expect(result.version).toBe(1);
    expect(Object.keys(result.sections)).toEqual(['cpu', 'rate', 'bulk', 'memory', 'start']);
    const names = [
      'tokenleash',
      'http-proxy-agent',
      'http-proxy-default',
      'http-proxy-3',
      'httpxy',
    ];
    expect(Object.keys(result.peers)).toEqual(expect.arrayContaining(names));
    const { cpu, rate, bulk, memory, start } = result.sections;
    for (const found of [cpu.peers, rate[1], bulk.down, bulk.up, memory.peers, start.firstAnswer])
      expect(Object.keys(found)).toEqual(expect.arrayContaining(names));
    expect(Object.keys(start.commands)).toEqual(['node', 'version', 'run']);
    // JSON has null in place of what is no number.
    expect(figures(result.sections).filter(([, value]) => value === null)).toEqual([]);
    expect(result.targets.length).toBe(11);
  });
} else {
  it('says that it needs Linux', async () => {
    await expect(run(process.execPath, [bench, '--smoke'])).rejects.toThrow('needs Linux');
  });
}

it('says what it does not know, and writes no page from a short run', async () => {
  for (const [words, said] of [
    [['--fast'], 'no option --fast'],
    [['--only', 'speed'], 'not "speed"'],
    [['--only'], '--only takes'],
    [['--smoke', '--write-docs'], '--write-docs takes a whole run'],
  ] as const)
    await expect(run(process.execPath, [bench, ...words], { cwd: root })).rejects.toThrow(said);
});

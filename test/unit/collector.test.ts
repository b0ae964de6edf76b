import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { requestEnded } from '../../proxy/runtime/collector.ts';

const MIB = 1024 * 1024;

function youngSize(): number {
  return (
    getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0
  );
}

/** What many requests leave: most of it at once, some of it later. */
function serve(requests: number, ended: () => void): void {
  let kept: unknown[] = [];
  for (let at = 0; at < requests; at += 1) {
    kept.push(Array.from({ length: 100 }, (_, index) => ({ index })));
    if (kept.length > 500) kept = [];
    ended();
  }
}

it('holds the young generation at 8 MiB, which load would let grow to four times that', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  serve(12_000, requestEnded);
  expect(youngSize()).toBeLessThanOrEqual(8 * MIB);
  // As V8 would have it.
  setFlagsFromString('--semi-space-growth-factor=2');
  serve(12_000, () => undefined);
  expect(youngSize()).toBeGreaterThan(8 * MIB);
});

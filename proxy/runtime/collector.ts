import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * What a request needs lives for some ms. Where a busy machine makes requests slow for a moment, V8 takes what it saw
 * for a rule and puts all later ones where only the slow collector looks: a sixth of the proxy's CPU time, from then
 * on (measured on Node 20). It is told not to guess.
 */
export function expectShortLives(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/**
 * Bytes of V8's young generation. V8 itself lets it grow to 32 MiB under load and seldom gives them back; requests are
 * over long before a quarter of that is full.
 */
const YOUNG_LIMIT_BYTES = 8 * 1024 * 1024;
/** What one of its halves takes then, of which each page keeps a little for itself. */
const HALF_IS_FULL_BYTES = 0.9 * (YOUNG_LIMIT_BYTES / 2);
/** They allocate less than half of the young generation: it cannot double twice in between. */
const LOOK_EVERY_REQUESTS = 64;

let sinceLook = 0;
let mayGrow = true;

/**
 * Tells of a request that is over. Now and then it looks how large the young generation is, and lets it grow no further
 * than its limit. V8 has an option for the limit, but takes it before any code of ours runs.
 */
export function requestEnded(): void {
  sinceLook += 1;
  if (sinceLook < LOOK_EVERY_REQUESTS) return;
  sinceLook = 0;
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  // By what it may take: a newer V8 (Node 26) counts as its size only what it has taken so far.
  const isBelow =
    (young?.space_used_size ?? 0) + (young?.space_available_size ?? 0) < HALF_IS_FULL_BYTES;
  if (isBelow === mayGrow) return;
  mayGrow = isBelow;
  setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
}

/** So much of long bodies may pass before what they lay in is collected. */
const COLLECT_AFTER_BYTES = 8 * 1024 * 1024;

let passed = 0;
let collect: ((what: { type: 'minor' }) => void) | undefined;

/**
 * Tells of a piece of a body that passed. V8 lets 32 MiB of such pieces lie before it looks, and the system's allocator
 * keeps what was once taken. Collected at every 8 MiB, the young ones alone, 1 GiB peaks at 87 to 91 MiB in place of 101
 * to 110, at no more CPU time.
 */
export function piecePassed(bytes: number): void {
  passed += bytes;
  if (passed < COLLECT_AFTER_BYTES) return;
  passed = 0;
  collect ??= collector();
  collect({ type: 'minor' });
}

function collector(): (what: { type: 'minor' }) => void {
  setFlagsFromString('--expose-gc');
  // Where V8 has none to give, memory is as it was.
  const found = runInNewContext("typeof gc === 'function' ? gc : () => undefined");
  setFlagsFromString('--no-expose-gc');
  return found;
}

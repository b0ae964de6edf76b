import { CLOCK_SKEW_MS } from './channel.ts';

export type ReplayVerdict = 'fresh' | 'replayed' | 'clock';

/**
 * Remembers the nonces of one link for as long as a request that carries one could still be fresh. Ask only about
 * requests whose signature holds: a stranger must not be able to fill this memory.
 *
 * What was sent before `startedAt` is refused as well: an earlier run of the proxy may have seen it, and its memory
 * is gone.
 */
export function replayGuard(startedAt: number) {
  const seen = new Map<string, number>();
  return (nonce: string, time: number, now: number): ReplayVerdict => {
    for (const [old, sentAt] of seen) {
      if (now - sentAt > CLOCK_SKEW_MS) seen.delete(old);
    }
    if (Math.abs(now - time) > CLOCK_SKEW_MS) return 'clock';
    if (seen.has(nonce) || time < startedAt) return 'replayed';
    seen.set(nonce, time);
    return 'fresh';
  };
}

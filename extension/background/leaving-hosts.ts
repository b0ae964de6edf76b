import { hostPattern } from '../platform/match-pattern.ts';
import type { Instance } from '../platform/messages.ts';
import { createQueue } from '../platform/serial.ts';
import type { Store } from '../platform/store.ts';

export const LEAVING_ALARM = 'give-back-hosts';

/** A host is kept for so long after its instance was removed: an undo then needs no prompt. In ms. */
export const LEAVING_MS = 30_000;

const KEY = 'leaving-hosts';

export type LeavingHostsParts = {
  local: Store;
  alarms: { set(name: string, when: number): Promise<void> };
  instances(): Promise<Instance[]>;
  giveBack(pattern: string): Promise<void>;
  now(): number;
};

export type LeavingHosts = {
  /** Called once an instance of this origin is no longer on the list. */
  leave(origin: string): Promise<void>;
  /** Gives back all that no instance needs any more; at the alarm, and at the browser's start if it slept through it. */
  giveBack(): Promise<void>;
};

/**
 * Gives back the access to hosts whose instance was removed. It is the background that does it, so that it happens
 * although the options page was closed. What was never ours to ask for is not touched.
 */
export function createLeavingHosts(parts: LeavingHostsParts): LeavingHosts {
  const { local, alarms, instances, giveBack, now } = parts;
  const inTurn = createQueue();
  const leaving = async () => ((await local.read(KEY)) as string[] | undefined) ?? [];
  return {
    leave: (origin) =>
      inTurn(async () => {
        await local.write(KEY, [...new Set([...(await leaving()), hostPattern(origin)])]);
        await alarms.set(LEAVING_ALARM, now() + LEAVING_MS);
      }),
    giveBack: () =>
      inTurn(async () => {
        const patterns = await leaving();
        if (patterns.length === 0) return;
        // One permission serves every port and path of a host.
        const needed = new Set((await instances()).map(({ origin }) => hostPattern(origin)));
        for (const pattern of patterns) if (!needed.has(pattern)) await giveBack(pattern);
        await local.remove(KEY);
      }),
  };
}

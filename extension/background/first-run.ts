import * as v from 'valibot';
import type { FirstRun } from '../platform/messages.ts';
import type { Store } from '../platform/store.ts';
import type { Handlers } from './message-router.ts';

const KEY = 'first-run';

export const firstRunShape = v.strictObject({
  step: v.picklist(['address', 'access', 'pin', 'done']),
  address: v.pipe(v.string(), v.maxLength(10_000)),
});

export type InstalledParts = {
  local: Store;
  hasInstances(): Promise<boolean>;
  /** Opens the set-up in a tab. */
  open(): Promise<void>;
};

async function read(local: Store): Promise<FirstRun | null> {
  const kept = v.safeParse(firstRunShape, await local.read(KEY));
  return kept.success ? kept.output : null;
}

/**
 * Opens the set-up once, when the extension is new in this browser: not after an update of it or of the browser, not a
 * second time, and not where an administrator has set instances already.
 */
export async function installed(reason: string, parts: InstalledParts): Promise<void> {
  const { local, hasInstances, open } = parts;
  if (reason !== 'install' || (await read(local)) !== null) return;
  const begin: FirstRun = { step: (await hasInstances()) ? 'done' : 'address', address: '' };
  // Without room the set-up opens all the same; it cannot be left and gone on with, that is all.
  await local.write(KEY, begin).catch(() => undefined);
  if (begin.step !== 'done') await open();
}

export function firstRunHandlers({
  local,
}: {
  local: Store;
}): Pick<Handlers, 'firstRun.read' | 'firstRun.write'> {
  return {
    'firstRun.read': async () => ({ state: await read(local) }),
    async 'firstRun.write'(state) {
      await local.write(KEY, state).catch(() => undefined);
      return { ok: true };
    },
  };
}

import type { Failure } from '../platform/messages.ts';

/** The store refused: the quota is used up, or the disk is full. */
export const NO_ROOM: Failure = {
  ok: false,
  code: 'store.no-room',
  title: 'This was not kept',
  message:
    'The browser has no room left to keep this. Free some disk space, or delete recipes that you no longer use, then try again.',
};

/** Does what ends in a write to `storage.local`. Where that is refused nothing is changed, and the answer says so. */
export async function orNoRoom<T>(work: () => Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch {
    return NO_ROOM;
  }
}

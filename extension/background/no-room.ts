import type { Failure } from '../platform/messages.ts';
import { say } from '../platform/say.ts';

/** The store refused: the quota is used up, or the disk is full. */
export const noRoom = (): Failure => ({
  ok: false,
  code: 'store.no-room',
  title: say('not_kept'),
  message: say('not_kept_next'),
});

/** Does what ends in a write to `storage.local`. Where that is refused nothing is changed, and the answer says so. */
export async function orNoRoom<T>(work: () => Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch {
    return noRoom();
  }
}

import type { Answer } from '../../platform/messages.ts';
import { say } from '../../platform/say.ts';

export type CopyEnd = Answer<'page.copyEnd'>['result'];

// Now, and not when they are said: the extension may be gone from this page by then, and its messages with it.
export const NOT_CLEARED = {
  none: say('nothing_to_clear'),
  'not-ours': say('not_ours'),
  failed: say('clear_refused'),
  unknown: say('clear_unknown'),
} as const;

/** How long after a copy's time is over we ask once more what became of it, in ms: alarms may be seconds late. */
const ASK_AGAIN_MS = 1000;

/** Asks until a copy whose time is over has come to its end: by its own clock a page would say what it cannot know. */
export async function endOf(
  ask: () => Promise<CopyEnd | null>,
  signal: AbortSignal,
): Promise<Exclude<CopyEnd, 'waiting'> | 'unknown'> {
  for (;;) {
    const became = await ask();
    if (became !== 'waiting') return became ?? 'unknown';
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    if (signal.aborted) return 'unknown';
  }
}

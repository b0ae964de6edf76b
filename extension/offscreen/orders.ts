import type { ClearOrder, ClearResult } from '../background/clipboard/clipboard-access.ts';

/** What the background tells the offscreen document, and what comes back. */
export type OffscreenOrder =
  | { to: 'offscreen'; act: 'write'; text: string }
  | ({ to: 'offscreen'; act: 'clear' } & ClearOrder)
  | ({ to: 'offscreen'; act: 'clear-at'; deadline: number } & ClearOrder);

export type OffscreenAnswer = { ok: boolean; result?: ClearResult };

/** True when this is meant for the offscreen document. */
export function isOffscreenOrder(message: unknown): message is OffscreenOrder {
  return (
    typeof message === 'object' && message !== null && 'to' in message && message.to === 'offscreen'
  );
}

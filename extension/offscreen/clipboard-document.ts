import type { ClearOrder, ClearResult } from '../background/clipboard/clipboard-access.ts';
import { createQueue } from '../platform/serial.ts';
import type { OffscreenAnswer, OffscreenOrder } from './orders.ts';

export type ClipboardDocumentParts = {
  document: Pick<Document, 'addEventListener' | 'removeEventListener' | 'execCommand'>;
  /** Emptied as soon as it has been read. */
  paste: Pick<HTMLTextAreaElement, 'value' | 'focus'>;
  sha256(text: string): Promise<string>;
  now(): number;
  setTimer(run: () => void, ms: number): number;
  clearTimer(timer: number): void;
  /** The timer has done its work for the record of this id. */
  ended(id: string, result: 'cleared' | 'not-ours'): void;
};

/**
 * The clipboard as an unfocused document can reach it: through `copy` and `paste` commands, never `navigator.clipboard`.
 * Orders and the timer go one after the other: what is written while a clear still looks would be cleared with it.
 */
export function createClipboardDocument(parts: ClipboardDocumentParts): {
  obey(order: OffscreenOrder): Promise<OffscreenAnswer>;
} {
  const inTurn = createQueue();
  let timer: number | null = null;
  /** The record that was ended last. Its alarm comes later, and must not clear what the user copied since. */
  let done: string | null = null;

  /** By the event's own data: a selection would add HTML, and an empty one would copy nothing and leave the secret. */
  function put(text: string): boolean {
    let wrote = false;
    const onCopy = (event: Event) => {
      const { clipboardData } = event as ClipboardEvent;
      if (!clipboardData) return;
      clipboardData.setData('text/plain', text);
      event.preventDefault();
      wrote = true;
    };
    parts.document.addEventListener('copy', onCopy);
    const allowed = parts.document.execCommand('copy');
    parts.document.removeEventListener('copy', onCopy);
    return allowed && wrote;
  }

  function read(): string | null {
    const { paste } = parts;
    paste.value = '';
    paste.focus();
    const allowed = parts.document.execCommand('paste');
    const text = paste.value;
    paste.value = '';
    return allowed ? text : null;
  }

  function stopTimer(): void {
    if (timer !== null) parts.clearTimer(timer);
    timer = null;
  }

  async function clear({ id, compare }: ClearOrder): Promise<ClearResult> {
    if (done === id) return 'already';
    if (compare !== null) {
      const text = read();
      // An empty clipboard cannot be pasted; there is nothing left to clear then.
      if (text === null || (await parts.sha256(text)) !== compare) {
        done = id;
        return 'not-ours';
      }
    }
    if (!put('')) return 'failed';
    done = id;
    return 'cleared';
  }

  function clearAt(order: ClearOrder & { deadline: number }): void {
    stopTimer();
    timer = parts.setTimer(
      () => {
        timer = null;
        void inTurn(async () => {
          const result = await clear(order);
          if (result === 'cleared' || result === 'not-ours') parts.ended(order.id, result);
        });
      },
      Math.max(0, order.deadline - parts.now()),
    );
  }

  return {
    obey: (order) =>
      inTurn(async () => {
        switch (order.act) {
          case 'write':
            stopTimer();
            return { ok: put(order.text) };
          case 'clear':
            stopTimer();
            return { ok: true, result: await clear(order) };
          case 'clear-at':
            clearAt(order);
            return { ok: true };
        }
      }),
  };
}

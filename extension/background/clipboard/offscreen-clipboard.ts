import type { OffscreenAnswer, OffscreenOrder } from '../../offscreen/orders.ts';
import type { ClipboardAccess } from './clipboard-access.ts';

export type OffscreenParts = {
  exists(): Promise<boolean>;
  create(): Promise<void>;
  close(): Promise<void>;
  send(order: OffscreenOrder): Promise<OffscreenAnswer | undefined>;
};

/**
 * Chromium: a service worker has no clipboard, an offscreen document has, and its timers go on when the worker dies
 * (measured to 100 s). It lives from the first write until what it wrote is cleared.
 */
export function offscreenClipboard(parts: OffscreenParts): ClipboardAccess {
  async function open(): Promise<void> {
    if (await parts.exists()) return;
    try {
      await parts.create();
    } catch (error) {
      // Another call was first: "Only a single offscreen document may be created."
      if (!(await parts.exists())) throw error;
    }
  }
  async function order(message: OffscreenOrder): Promise<OffscreenAnswer> {
    await open();
    return (await parts.send(message)) ?? { ok: false };
  }
  return {
    async write(text) {
      const { ok } = await order({ to: 'offscreen', act: 'write', text });
      if (!ok) throw new Error('The browser did not let the extension write to the clipboard.');
    },
    async clear(clear) {
      try {
        return (await order({ to: 'offscreen', act: 'clear', ...clear })).result ?? 'failed';
      } catch {
        return 'failed';
      }
    },
    async clearAt(clear) {
      try {
        return (await order({ to: 'offscreen', act: 'clear-at', ...clear })).ok;
      } catch {
        return false;
      }
    },
    async release() {
      if (await parts.exists()) await parts.close();
    },
  };
}

import type { ClipboardAccess } from '../background/clipboard/clipboard-access.ts';
import { eventPageClipboard } from '../background/clipboard/event-page-clipboard.ts';
import { offscreenClipboard } from '../background/clipboard/offscreen-clipboard.ts';
import type { OffscreenAnswer } from '../offscreen/orders.ts';
import { browser } from './browser.ts';

const PAGE = 'extension/offscreen/index.html';

/** This browser's way to the clipboard from the background. */
export function clipboardAccess(): ClipboardAccess {
  if (!('offscreen' in chrome)) return eventPageClipboard(navigator.clipboard);
  return offscreenClipboard({
    exists: async () => {
      const contexts = await chrome.runtime.getContexts({
        contextTypes: ['OFFSCREEN_DOCUMENT' as chrome.runtime.ContextType],
      });
      return contexts.length > 0;
    },
    create: () =>
      chrome.offscreen.createDocument({
        url: PAGE,
        reasons: ['CLIPBOARD' as chrome.offscreen.Reason],
        justification: 'Copies a token as plain text and clears it from the clipboard in time.',
      }),
    close: () => chrome.offscreen.closeDocument(),
    send: async (order) =>
      (await browser.runtime.sendMessage(order)) as OffscreenAnswer | undefined,
  });
}

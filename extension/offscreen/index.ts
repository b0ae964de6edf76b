import type { Runtime } from 'webextension-polyfill';
import { sha256 } from '../background/clipboard/sha256.ts';
import { browser } from '../platform/browser.ts';
import { send } from '../platform/send.ts';
import { whoSent } from '../platform/sender.ts';
import { createClipboardDocument } from './clipboard-document.ts';
import { isOffscreenOrder } from './orders.ts';

const paste = document.querySelector('textarea');
if (paste === null) throw new Error('The offscreen document has no field to paste into.');

const clipboard = createClipboardDocument({
  document,
  paste,
  sha256,
  now: Date.now,
  setTimer: (run, ms) => self.setTimeout(run, ms),
  clearTimer: (timer) => self.clearTimeout(timer),
  // The worker may be dead; a message wakes it.
  ended: (id, result) => void send('clipboard.ended', { id, result }).catch(() => {}),
});

const us = { id: browser.runtime.id, origin: location.origin };

browser.runtime.onMessage.addListener((message: unknown, sender: Runtime.MessageSender) => {
  if (!isOffscreenOrder(message) || whoSent(sender, us).from !== 'extension') return undefined;
  return clipboard.obey(message);
});

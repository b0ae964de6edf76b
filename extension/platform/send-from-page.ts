import type { Envelope } from './envelope.ts';
import type { Answer, MessageName, Request } from './messages.ts';

/**
 * `send` for content scripts, without webextension-polyfill: that is 10 kB on every page of an instance, and all that
 * it would do here is to know this mark, by which its receiving end says in Chromium that a listener failed.
 */
const REJECTED = '__mozWebExtensionPolyfillReject__';

/** Rejects when the background refuses the message or when the extension was updated under this page. */
export async function sendFromPage<N extends MessageName>(
  name: N,
  request: Request<N>,
): Promise<Answer<N>> {
  const envelope: Envelope = { to: 'background', name, request };
  const answer: unknown = await chrome.runtime.sendMessage(envelope);
  if (typeof answer !== 'object' || answer === null || REJECTED in answer) {
    throw new Error(`The background gave no answer to ${name}`);
  }
  return answer as Answer<N>;
}

/** An extension that was updated, switched off or removed leaves its scripts on open pages, cut off from it. */
export function isCutOff(): boolean {
  return typeof chrome === 'undefined' || chrome.runtime?.id === undefined;
}

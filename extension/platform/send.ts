import { browser } from './browser.ts';
import type { Envelope } from './envelope.ts';
import type { Answer, MessageName, Request } from './messages.ts';

/**
 * Sends a message of the table to the background and gives its answer. Rejects when the background refuses it
 * (unknown, out of shape, not from whom it may come) or when the extension was updated under this page.
 */
export async function send<N extends MessageName>(
  name: N,
  request: Request<N>,
): Promise<Answer<N>> {
  const envelope: Envelope = { to: 'background', name, request };
  return (await browser.runtime.sendMessage(envelope)) as Answer<N>;
}

/** What the pages' stores are given in its place by a test. */
export type Send = typeof send;

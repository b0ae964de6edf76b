import * as v from 'valibot';
import type { Envelope } from '../platform/envelope.ts';
import type { Answer, MessageName, Request } from '../platform/messages.ts';
import type { Sender } from '../platform/sender.ts';
import { MESSAGES } from './message-shapes.ts';

/** `Sender` of a message that has been let in. */
export type KnownSender = Exclude<Sender, { from: 'stranger' }>;

export type Handlers = {
  [N in MessageName]: (request: Request<N>, sender: KnownSender) => Promise<Answer<N>>;
};

export type RouterParts = {
  handlers: Handlers;
  /** Whether an origin is that of an instance which the user has added. */
  isInstanceOrigin(origin: string): Promise<boolean>;
};

/**
 * Lets a message in by its sender first, then by its name, its tier and its shape, and rejects all else in words that
 * say nothing of why: who is refused is no friend. A handler that throws ends in the same way, or its error could carry
 * what it had in hand to a page.
 */
export function createRouter({ handlers, isInstanceOrigin }: RouterParts) {
  return async (envelope: Envelope, sender: Sender): Promise<unknown> => {
    if (sender.from === 'stranger') throw refused();
    if (!Object.hasOwn(MESSAGES, envelope.name)) throw refused();
    const { tier, shape } = MESSAGES[envelope.name];
    if (sender.from === 'page') {
      if (tier !== 'page' || !(await isInstanceOrigin(sender.origin))) throw refused();
    }
    const request = v.safeParse(shape, envelope.request);
    if (!request.success) throw refused();
    const handler = handlers[envelope.name] as (
      request: unknown,
      sender: KnownSender,
    ) => Promise<unknown>;
    try {
      return await handler(request.output, sender);
    } catch {
      throw new Error('Tokenleash could not do this.');
    }
  };
}

const refused = () => new Error('Tokenleash refused this message.');

import type { MessageName } from './messages.ts';

/** How a message of the table travels; the mark keeps it apart from what an offscreen document is told. */
export type Envelope = { to: 'background'; name: MessageName; request: unknown };

/** True when this is meant for the background. Whether it may be obeyed is another question. */
export function isEnvelope(message: unknown): message is Envelope {
  return (
    typeof message === 'object' &&
    message !== null &&
    'to' in message &&
    message.to === 'background' &&
    'name' in message &&
    typeof message.name === 'string' &&
    'request' in message
  );
}

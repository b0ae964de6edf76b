import type { ServerResponse } from 'node:http';
import type { LiveEvent } from '../../shared/link/messages.ts';
import { STEADY_HEADERS } from './control-errors.ts';
import type { LiveEvents } from './live-events.ts';

/** A comment so often, so that either side notices a dead connection. */
const HEARTBEAT_MS = 15_000;
/** Bytes that wait for a reader; one that does not read is cut off. */
const UNREAD_LIMIT_BYTES = 1024 * 1024;

/** Writes each event as it comes, as server-sent events (https://html.spec.whatwg.org/#server-sent-events). */
export function streamEvents(events: LiveEvents, response: ServerResponse): boolean {
  const write = (text: string) => {
    if (response.writableLength > UNREAD_LIMIT_BYTES) response.destroy();
    else response.write(text);
  };
  const told = (event: LiveEvent) =>
    write(`id: ${event.number}\nevent: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`);
  const leave = events.listen(told, () => response.end());
  if (leave === null) return false;
  const heartbeat = setInterval(() => write(':\n\n'), HEARTBEAT_MS);
  response.once('close', () => {
    clearInterval(heartbeat);
    leave();
  });
  response.writeHead(200, { ...STEADY_HEADERS, 'content-type': 'text/event-stream' });
  write(':\n\n');
  return true;
}

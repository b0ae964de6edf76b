import { randomUUID } from 'node:crypto';
import type { EventsAnswer, LiveEvent, LiveRequest } from '../../shared/link/messages.ts';

/** Events that are kept for who comes back after a moment. */
const KEPT = 256;
/** How long a browser's question waits for an event; shorter than browsers and their workers give up. */
export const WAIT_MS = 25_000;
/** Questions and streams that wait at once; more is a mistake or worse. */
const WAITING_LIMIT = 16;

/** What an extension has seen already: the stream's id and the number of the last event it got. */
export type Seen = { stream: string; after: number };

/** What happens in the proxy, as it happens. By meaning, as the audit log has it: never with content or a secret. */
export type LiveEvents = {
  /** A request came to its end. */
  request(entry: LiveRequest): void;
  /** What `status` says is no longer what it was. */
  changed(): void;
  /**
   * The events after those seen; waits for one up to 25 s where there is none. Without `seen`, what is kept, at once.
   * `missed` where events are gone that were not seen.
   */
  after(seen: Seen | null, gone: AbortSignal): Promise<EventsAnswer>;
  /** Tells each event from now on; `ended` when the proxy ends. Null where too many listen already. */
  listen(told: (event: LiveEvent) => void, ended: () => void): (() => void) | null;
  /** Ends everything that waits. */
  close(): void;
};

type Listener = { told(event: LiveEvent): void; ended(): void };

export function createLiveEvents(waitMs = WAIT_MS): LiveEvents {
  const stream = randomUUID();
  const listeners = new Set<Listener>();
  let kept: LiveEvent[] = [];
  let last = 0;
  let closed = false;

  const tell = (event: LiveEvent) => {
    kept.push(event);
    // Now and then: cutting one off each time would move all the others.
    if (kept.length >= 2 * KEPT) kept = kept.slice(-KEPT);
    for (const listener of [...listeners]) listener.told(event);
  };

  const answer = (after: number): EventsAnswer => {
    const events = kept.filter(({ number }) => number > after).slice(-KEPT);
    const missed = last > after && (events[0]?.number ?? 0) !== after + 1;
    return { stream, last, missed, events };
  };

  const listen: LiveEvents['listen'] = (told, ended) => {
    if (closed || listeners.size >= WAITING_LIMIT) return null;
    const listener = { told, ended };
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  /** Resolves at the next event, when its time is over, or when nobody waits for it any more. */
  const next = (gone: AbortSignal) =>
    new Promise<void>((done) => {
      const end = () => {
        clearTimeout(timer);
        gone.removeEventListener('abort', end);
        leave?.();
        done();
      };
      const leave = listen(end, end);
      const timer = setTimeout(end, waitMs);
      gone.addEventListener('abort', end);
      if (leave === null || gone.aborted) end();
    });

  return {
    request(request) {
      last += 1;
      tell({ number: last, event: 'request', request });
    },
    changed() {
      last += 1;
      tell({ number: last, event: 'status' });
    },
    async after(seen, gone) {
      if (seen === null) return { ...answer(0), missed: false };
      // The proxy was started anew: nothing of it has been seen.
      if (seen.stream !== stream || seen.after > last) return { ...answer(0), missed: true };
      if (seen.after === last) await next(gone);
      return answer(seen.after);
    },
    listen,
    close() {
      closed = true;
      for (const listener of [...listeners]) listener.ended();
      listeners.clear();
    },
  };
}

import { monotonicMs } from '../runtime/monotonic.ts';

/**
 * Time limits of many requests under one timer. A limit of its own for each would cost two timers made and thrown
 * away per request; nearly none of them ever ends.
 */
export type Deadline = {
  /** Has to be met within so long (ms) from now. */
  within(ms: number): void;
  /** Something moved: the same time again from now. Without effect where no time runs. */
  again(): void;
  /** No time runs any more. */
  clear(): void;
};

export type Deadlines = {
  /** `expired` is called once each time that a limit set by `within` was not met. */
  create(expired: () => void): Deadline;
};

/** `place` is its index in the list, or -1 while no time runs. */
type Running = { at: number; place: number; expired(): void };

export function createDeadlines(): Deadlines {
  // No Set: it would make new tables of itself as entries come and go.
  const running: Running[] = [];
  let timer: NodeJS.Timeout | undefined;
  let firesAt = Number.POSITIVE_INFINITY;

  const add = (one: Running) => {
    if (one.place < 0) one.place = running.push(one) - 1;
  };
  const remove = (one: Running) => {
    const last = one.place < 0 ? undefined : running.pop();
    if (last !== undefined && last !== one) {
      running[one.place] = last;
      last.place = one.place;
    }
    one.place = -1;
  };

  const schedule = (at: number, now: number) => {
    clearTimeout(timer);
    firesAt = at;
    // A whole ms more: a timer may fire a fraction of one too soon.
    timer = setTimeout(look, Math.max(1, Math.ceil(at - now)));
    // What it waits for holds a socket open; the timer itself must keep nothing alive.
    timer.unref();
  };

  const look = () => {
    const now = monotonicMs();
    let next = Number.POSITIVE_INFINITY;
    firesAt = next;
    const late: Running[] = [];
    for (const one of running) {
      if (one.at > now) next = Math.min(next, one.at);
      else late.push(one);
    }
    if (next < firesAt) schedule(next, now);
    for (const one of late) {
      // Another of them may have ended it.
      if (one.place < 0) continue;
      remove(one);
      one.expired();
    }
  };

  return {
    create(expired) {
      const own: Running = { at: 0, place: -1, expired };
      let limit = 0;
      const set = () => {
        const now = monotonicMs();
        own.at = now + limit;
        if (own.at < firesAt) schedule(own.at, now);
      };
      return {
        within(ms) {
          limit = ms;
          add(own);
          set();
        },
        again() {
          if (own.place >= 0) set();
        },
        clear() {
          remove(own);
        },
      };
    },
  };
}

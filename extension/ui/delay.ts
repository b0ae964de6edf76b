import { useEffect, useState } from 'preact/hooks';

/** How long something may take before a spinner or a skeleton says that it takes its time. */
export const BUSY_AFTER_MS = 300;

/** How long until words say whose answer is waited for. */
export const SLOW_AFTER_MS = 4000;

/** True once `busy` has lasted for 300 ms, so that quick answers do not flicker. */
export function useBusySpinner(busy: boolean): boolean {
  return useLasting(busy, BUSY_AFTER_MS);
}

/** True once `busy` has lasted for 4 s: time for words. */
export function useSlow(busy: boolean): boolean {
  return useLasting(busy, SLOW_AFTER_MS);
}

function useLasting(busy: boolean, delay: number): boolean {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!busy) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), delay);
    return () => clearTimeout(timer);
  }, [busy, delay]);
  return busy && shown;
}

/** The time in ms since 1970, renewed each second while `active`. */
export function useClock(active: boolean, now: () => number = Date.now): number {
  const [time, setTime] = useState(now);
  useEffect(() => {
    setTime(now());
    if (!active) return;
    const timer = setInterval(() => setTime(now()), 1000);
    return () => clearInterval(timer);
  }, [active, now]);
  return time;
}

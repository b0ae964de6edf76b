import { browser } from './browser.ts';

/** Well below the time after which a background sleeps (30 s in both browsers), in ms. */
const BEAT_MS = 2_000;

/**
 * Keeps the background awake until `work` is done. Firefox puts an event page to sleep after 30 s, Chromium a worker,
 * although a message waits for its answer: a call of any of their APIs is what counts as life. A server that takes its
 * time is answered for by us in 30 s, which would be just too late.
 */
export async function keepAwake<T>(work: Promise<T>): Promise<T> {
  const beat = setInterval(() => void browser.runtime.getPlatformInfo(), BEAT_MS);
  try {
    return await work;
  } finally {
    clearInterval(beat);
  }
}

let awakeUntil = 0;
let staying = false;

/** Keeps the background awake for so long (ms) from now on; asked again meanwhile, from then on. */
export async function stayAwake(ms: number): Promise<void> {
  awakeUntil = Date.now() + ms;
  if (staying) return;
  staying = true;
  const over = async () => {
    while (Date.now() < awakeUntil) await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
  };
  await keepAwake(over());
  staying = false;
}

/** A copy of our script that runs on this page. */
export type Running = {
  /** Whether the extension that it belongs to is still there. */
  isAlive(): boolean;
  end(): void;
};

/** Where it is noted, in our own world, which the page does not share. */
const RUNNING = Symbol.for('tokenleash.page');
type World = { [RUNNING]?: Running };

export function running(window: Window): Running | undefined {
  return (window as unknown as World)[RUNNING];
}

export function noteRunning(window: Window, now: Running): void {
  (window as unknown as World)[RUNNING] = now;
}

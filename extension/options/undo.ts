import { signal } from '@preact/signals';

/** How long a removal can be taken back, in ms. The background keeps an instance's host longer than that. */
export const UNDO_MS = 10_000;

/** `words` say what was removed, `said` that it is back; `back` undoes it, and gives whether it did. */
export type Undoable = { words: string; said: string; until: number; back: () => Promise<boolean> };
export type Undo = ReturnType<typeof createUndo>;

/** The last thing that was removed, and the way back. A second removal ends the first one's time. */
export function createUndo(now: () => number) {
  const offered = signal<Undoable | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function end(): void {
    clearTimeout(timer);
    offered.value = null;
  }

  return {
    offered,
    offer(undoable: Omit<Undoable, 'until'>): void {
      end();
      offered.value = { ...undoable, until: now() + UNDO_MS };
      timer = setTimeout(end, UNDO_MS);
    },
    /** False where it stays removed. */
    async take(): Promise<boolean> {
      const undoable = offered.value;
      end();
      return (await undoable?.back()) ?? false;
    },
  };
}

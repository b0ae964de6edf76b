import { ISLAND } from './island-name.ts';

/** What of the page changed since the last look. */
export type PageChange = {
  /** Whether anything did outside the rows of tables: a table that is scrolled or sorted changes in its rows alone. */
  beyondRows: boolean;
  /** The rows in which something changed. One that is new, or went, need not be among them. */
  rows: ReadonlySet<Element>;
};

export type PageChanges = {
  onChange(callback: (change: PageChange) => void, signal: AbortSignal): void;
};

const ALL_IS_NEW: PageChange = { beyondRows: true, rows: new Set() };

/**
 * One observer for all features. It only notes what changed; the callbacks run in the next animation frame, which comes
 * before that change is painted, so that what they add never jumps into view. In a hidden tab they wait.
 */
export function watchChanges(window: Window, signal: AbortSignal): PageChanges {
  const callbacks = new Set<(change: PageChange) => void>();
  let frame: number | null = null;
  let beyondRows = false;
  let rows = new Set<Element>();

  const run = () => {
    frame = null;
    const change = { beyondRows, rows };
    beyondRows = false;
    rows = new Set();
    for (const callback of [...callbacks]) quietly(() => callback(change));
  };
  const observer = new MutationObserver((records) => {
    for (const record of records) {
      if (isOurs(record)) continue;
      frame ??= window.requestAnimationFrame(run);
      const { target } = record;
      const element = target instanceof Element ? target : target.parentElement;
      const row = element?.closest('tbody > tr');
      if (row) rows.add(row);
      else if (element?.localName !== 'tbody') beyondRows = true;
    }
  });
  // A table that is sorted anew keeps its rows and changes the text in them.
  observer.observe(window.document.body, { childList: true, characterData: true, subtree: true });
  signal.addEventListener('abort', () => {
    observer.disconnect();
    if (frame !== null) window.cancelAnimationFrame(frame);
    callbacks.clear();
  });

  return {
    onChange(callback, ends) {
      if (signal.aborted || ends.aborted) return;
      callbacks.add(callback);
      ends.addEventListener('abort', () => callbacks.delete(callback));
      quietly(() => callback(ALL_IS_NEW));
    },
  };
}

/** What we put there is no news to us; what took it away again is. */
function isOurs({ addedNodes, removedNodes }: MutationRecord): boolean {
  // We add one at a time.
  if (addedNodes.length !== 1 || removedNodes.length > 0) return false;
  return (addedNodes[0] as Partial<Element> | undefined)?.localName === ISLAND;
}

/** A page that is not as we thought must not get our error into its console. */
export function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // Nothing to tell: the feature stays away.
  }
}

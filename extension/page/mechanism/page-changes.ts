export type PageChanges = {
  onChange(callback: () => void, signal: AbortSignal): void;
};

/**
 * One observer for all features. It only notes that something changed; the callbacks run in the next animation frame,
 * which comes before that change is painted, so that what they add never jumps into view. In a hidden tab they wait.
 */
export function watchChanges(window: Window, signal: AbortSignal): PageChanges {
  const callbacks = new Set<() => void>();
  let frame: number | null = null;

  const run = () => {
    frame = null;
    for (const callback of [...callbacks]) quietly(callback);
  };
  const observer = new MutationObserver(() => {
    frame ??= window.requestAnimationFrame(run);
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
      quietly(callback);
    },
  };
}

/** A page that is not as we thought must not get our error into its console. */
export function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // Nothing to tell: the feature stays away.
  }
}

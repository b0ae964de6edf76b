/** How long the page must have been still, in ms. */
const QUIET_MS = 250;

/**
 * A function that runs `action` once the page has been still for a moment since its last call: what only has to be right
 * in the end must not be done on every frame of a change.
 */
export function whenQuiet(action: () => void, signal: AbortSignal): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener('abort', () => clearTimeout(timer));
  return () => {
    clearTimeout(timer);
    if (!signal.aborted) timer = setTimeout(action, QUIET_MS);
  };
}

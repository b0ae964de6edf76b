import { useEffect } from 'preact/hooks';
import { announce } from '../../ui/announce.tsx';
import { CountdownRing } from '../../ui/countdown-ring.tsx';
import { useClock } from '../../ui/delay.ts';
import { UNDO } from '../words/tokens.ts';
import type { Tokens } from './store.ts';

/** How long a revoke can be undone, in seconds. */
const UNDO_SECONDS = 5;

/** How often the background is asked, once it is due, whether it is done, in ms. */
const ASK_MS = 300;

/** What is about to be revoked, and the way back. It counts what the background counts, and takes no focus. */
export function UndoBar({ tokens }: { tokens: Tokens }) {
  const revoking = tokens.revoking.value;
  const dueAt = revoking?.dueAt ?? null;

  useEffect(() => {
    if (dueAt === null) return;
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    const ask = async () => {
      const gone = await tokens.settle().catch(() => null);
      if (gone !== null && gone.length > 0) announce(UNDO.revoked(gone));
      // By then the bar may have gone, or another effect counts.
      if (!over && tokens.revoking.value?.dueAt === dueAt)
        timer = setTimeout(() => void ask(), ASK_MS);
    };
    timer = setTimeout(() => void ask(), Math.max(0, dueAt - tokens.now()) + ASK_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [dueAt, tokens]);

  const undo = async () => {
    const names = await tokens.undo();
    announce(names.length > 0 ? UNDO.undone(names) : UNDO.late);
  };

  useEffect(() => {
    if (dueAt === null) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'z' || event.shiftKey || event.altKey) return;
      if (!(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void undo();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [dueAt]);

  const time = useClock(revoking !== null, tokens.now);
  if (!revoking) return null;
  const left = Math.min(UNDO_SECONDS, Math.ceil((revoking.dueAt - time) / 1000));
  const counting = left > 0;
  return (
    <section class="undo-bar" aria-label={UNDO.label}>
      <CountdownRing share={Math.max(0, left) / UNDO_SECONDS} size={26}>
        {Math.max(0, left)}
      </CountdownRing>
      <span class="undo-text" title={revoking.names.join(', ')}>
        {counting ? UNDO.counting(revoking.names, left) : UNDO.sending(revoking.names)}
      </span>
      {counting && (
        <button
          type="button"
          class="undo-button"
          aria-keyshortcuts="Control+Z Meta+Z"
          onClick={() => void undo()}
        >
          {UNDO.undo}
        </button>
      )}
    </section>
  );
}

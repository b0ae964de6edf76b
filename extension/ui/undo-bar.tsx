import './undo-bar.css';
import { useEffect } from 'preact/hooks';
import { CountdownRing } from './countdown-ring.tsx';
import { useClock } from './delay.ts';

type UndoBarProps = {
  /** What is being done, "Revoking web-shop-legacy" or "web-shop-legacy removed". */
  words: string;
  /** Until when it can be taken back, in ms since 1970. */
  until: number;
  /** How long that was at first, in ms. */
  span: number;
  undo: string;
  onUndo: () => void;
  now?: () => number;
};

/** What was just done, and for how long it can be taken back; Ctrl or Cmd+Z does it too. It takes no focus. */
export function UndoBar({ words, until, span, undo, onUndo, now = Date.now }: UndoBarProps) {
  const left = Math.max(0, until - useClock(true, now));
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'z' || event.shiftKey || event.altKey) return;
      if (!event.ctrlKey && !event.metaKey) return;
      // In a field it takes back what was typed.
      if (event.target instanceof HTMLInputElement && event.target.type === 'text') return;
      event.preventDefault();
      onUndo();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [onUndo]);
  return (
    <section class="undo-bar" aria-label={undo}>
      <CountdownRing share={left / span} size={26}>
        {Math.ceil(left / 1000)}
      </CountdownRing>
      <span>{words}</span>
      <button type="button" onClick={onUndo}>
        {undo}
      </button>
    </section>
  );
}

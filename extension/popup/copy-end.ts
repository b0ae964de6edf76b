import { useEffect, useState } from 'preact/hooks';
import type { Answer, CopyState } from '../platform/messages.ts';
import { announce } from '../ui/announce.tsx';
import type { Popup } from './store.ts';
import { WORDS } from './words.ts';

type End = Exclude<Answer<'clipboard.end'>['result'], 'waiting'>;

const END_WORDS: Record<End, string> = {
  cleared: WORDS.cleared,
  'not-ours': WORDS.notOurs,
  failed: WORDS.clearRefused,
  none: WORDS.nothingToClear,
};

/** How long after the due time we ask again what became of a copy, in ms; alarms may be seconds late. */
const ASK_AGAIN_MS = 1000;

/**
 * What became of this copy when its time was over, in words, said aloud once; null until that is known. Only the
 * background knows: saying "cleared" by our own clock could be a lie.
 */
export function useCopyEnd(popup: Popup, copy: CopyState | null): string | null {
  const [ended, setEnded] = useState<{ id: string; words: string } | null>(null);
  const id = copy?.id ?? null;
  const clearsAt = copy?.clearsAt ?? null;
  useEffect(() => {
    if (id === null || clearsAt === null) return;
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    const ask = async () => {
      const became = await popup.copyEnd(id);
      if (over) return;
      if (became === null || became === 'waiting') {
        timer = setTimeout(() => void ask(), ASK_AGAIN_MS);
        return;
      }
      setEnded({ id, words: END_WORDS[became] });
      announce(END_WORDS[became]);
    };
    timer = setTimeout(() => void ask(), Math.max(0, clearsAt - popup.now()) + ASK_AGAIN_MS / 2);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [clearsAt, id, popup]);
  return ended !== null && ended.id === id ? ended.words : null;
}

/** Whole seconds until the clear, never more than the delay; null is never. */
export function secondsLeft(copy: CopyState, time: number): number | null {
  if (copy.clearsAt === null) return null;
  const seconds = Math.ceil((copy.clearsAt - time) / 1000);
  return Math.max(0, Math.min(copy.delaySeconds ?? seconds, seconds));
}

import { Check } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { CountdownRing } from '../../ui/countdown-ring.tsx';
import { useClock } from '../../ui/delay.ts';
import { formatLabel } from '../../ui/format-names.ts';
import { Icon } from '../../ui/icon.tsx';
import { COPY_AS } from '../words/copy-as.ts';
import { blindWords, copiedTitle } from '../words.ts';
import type { Tokens } from './store.ts';

/** What was copied from the list, and for how long; said once by the live region, counted here in silence. */
export function CopiedBar({ tokens }: { tokens: Tokens }) {
  const copied = tokens.copied.value;
  const clearsAt = copied?.copy.clearsAt ?? null;
  const time = useClock(clearsAt !== null, tokens.now);
  const left = clearsAt === null ? null : Math.ceil((clearsAt - time) / 1000);
  const over = left !== null && left <= 0;
  useEffect(() => {
    if (over) tokens.copied.value = null;
  }, [over, tokens]);
  if (!copied || over) return null;
  const seconds = copied.copy.delaySeconds ?? 1;
  return (
    <div class="copied-bar">
      <CountdownRing share={left === null ? 1 : Math.min(1, left / seconds)} size={26}>
        {left ?? <Icon of={Check} small />}
      </CountdownRing>
      <span class="undo-text" title={copied.name}>
        {copiedTitle(left)}
        {copied.format && ` ${COPY_AS.inForm(formatLabel(copied.format))}`}
        {blindWords(copied.copy) && <small>{blindWords(copied.copy)}</small>}
      </span>
    </div>
  );
}

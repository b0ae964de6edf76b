import { Copy, Eye, X } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { CopyState, CreatedToken } from '../platform/messages.ts';
import { announce } from '../ui/announce.tsx';
import { IconButton } from '../ui/button.tsx';
import { useClock, useSlow } from '../ui/delay.ts';
import { useHoldToReveal } from '../ui/hold-to-reveal.ts';
import { Icon } from '../ui/icon.tsx';
import { visiblePart } from '../ui/secret-field.tsx';
import { secondsLeft, useCopyEnd } from './copy-end.ts';
import { minutesLeft } from './expiry.ts';
import { KIND_ICONS } from './kinds.ts';
import { NotSent, SendToProxyIcon, useHandOver } from './send-to-proxy.tsx';
import type { Popup } from './store.ts';
import { blindWords, copiedStatus, copiedTitle, WORDS } from './words.ts';

/** Secrets that Unleash shows only once, for the five minutes that they are kept. */
export function JustCreated({ popup }: { popup: Popup }) {
  const time = useClock(popup.created.value.length > 0, popup.now);
  const kept = popup.created.value.filter(
    (token) =>
      (token.shownOnce || token.ofSeveral) && token.sentTo === null && token.keptUntil > time,
  );
  if (kept.length === 0) return null;
  // The one that goes first: no card is to be gone before the head says so.
  const keptUntil = Math.min(...kept.map((token) => token.keptUntil));
  return (
    <section class="just-created" aria-label={WORDS.justCreated}>
      <div class="just-created-head">
        <h2>{WORDS.justCreated}</h2>
        <span class="meta">{WORDS.keptFor(minutesLeft(keptUntil, time))}</span>
      </div>
      {kept.map((token) => (
        <Card key={token.id} popup={popup} token={token} time={time} />
      ))}
    </section>
  );
}

/**
 * Where no form and no list is: a secret that is kept can be reached whatever becomes of the server. While `loading` it
 * comes with the word that the server is slow: the form that is about to come has it too, and a button must not be gone
 * between the look and the press.
 */
export function WithJustCreated({
  popup,
  loading = false,
  children,
}: {
  popup: Popup;
  loading?: boolean;
  children: ComponentChildren;
}) {
  const slow = useSlow(loading);
  return (
    <>
      {children}
      <div class="kept-below">{(slow || !loading) && <JustCreated popup={popup} />}</div>
    </>
  );
}

/** Dots in the one line of a card; the true length shows nowhere. */
const CARD_DOTS = '•'.repeat(8);

function Card({ popup, token, time }: { popup: Popup; token: CreatedToken; time: number }) {
  const [copied, setCopied] = useState<CopyState | null>(null);
  const ended = useCopyEnd(popup, copied);
  const [problem, setProblem] = useState<string | null>(null);
  const { secret, handlers } = useHoldToReveal(() => popup.readSecret(token.id));
  const handOver = useHandOver({ popup, token }, (profile) => announce(`${WORDS.sent(profile)}.`));
  const copy = async () => {
    const wrong = await popup.copyAgain(token.id);
    setProblem(wrong);
    const now = wrong === null ? popup.clipboard.value : null;
    setCopied(now);
    announce(wrong ?? (now ? copiedStatus(now) : ''));
  };
  return (
    <fieldset class="card" aria-label={token.name}>
      <div class="card-line">
        <Icon of={KIND_ICONS[token.kind]} />
        <span class="card-name" title={token.name}>
          {token.name}
        </span>
        <span class="card-secret">
          {visiblePart(token.masked)}
          <span aria-hidden="true">{CARD_DOTS}</span>
          <span class="visually-hidden">{WORDS.hidden}</span>
        </span>
        <span class="card-acts">
          <button
            type="button"
            class="icon-button"
            aria-label={WORDS.reveal}
            title={WORDS.holdReveal}
            {...handlers}
          >
            <Icon of={Eye} />
          </button>
          <IconButton label={WORDS.copy} icon={Copy} onClick={() => void copy()} />
          {token.kind === 'personal' && <SendToProxyIcon handOver={handOver} />}
          <IconButton label={WORDS.dismiss} icon={X} onClick={() => void popup.dismiss(token.id)} />
        </span>
      </div>
      {secret !== null && <div class="card-shown">{secret}</div>}
      <NotSent popup={popup} handOver={handOver} />
      {problem !== null && <div class="hint wrong">{problem}</div>}
      {copied !== null && (
        <div class="hint">
          {ended ?? `${copiedTitle(secondsLeft(copied, time))} ${blindWords(copied) ?? ''}`}
        </div>
      )}
    </fieldset>
  );
}

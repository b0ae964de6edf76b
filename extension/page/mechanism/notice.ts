import type { Answer } from '../../platform/messages.ts';
import { say } from '../../platform/say.ts';
import { type CopyEnd, endOf, NOT_CLEARED } from './copy-end.ts';
import { countDown, countdownRing, RING_STYLE } from './countdown-ring.ts';
import { whatHappensNext } from './delay-words.ts';
import { borrowedKit } from './kit.ts';
import type { PageChanges } from './page-changes.ts';

const { createIsland, element, icon, mark, onPress } = borrowedKit();

export type CopyNotice = {
  /** "Copied as plain text." */
  title: string;
  /** Which token, in words that hold nothing of its secret. */
  detail: string;
  /** Null: never. */
  delaySeconds: number | null;
  /** The clear takes whatever is on the clipboard by then. */
  isBlind: boolean;
  /** What became of it when its time is over. Null: no answer came. */
  becameOf(): Promise<CopyEnd | null>;
  /** Null: no answer came. */
  clearNow(): Promise<Answer<'page.clearNow'>['result'] | null>;
};

export type Notice = {
  /** A sentence that goes by itself after a while. */
  say(title: string, detail: string): void;
  /** What the next key may be; it stays until it is dismissed. */
  offerKeys(title: string, choices: readonly string[]): void;
  showCopy(copy: CopyNotice): void;
  dismiss(): void;
};

// Now, and not when they are said: the extension may be gone from this page by then, and its messages with it.
const CLEARED = say('cleared');
const CLEAR_NOW = say('clear_now');
const DISMISS = say('dismiss');
const DISMISS_NOTICE = say('dismiss_notice');

/** How long a notice without an end in sight stays, and the word that the clipboard was cleared. */
const STAY_MS = 6000;
const CLEARED_MS = 2500;
/** Screen readers need a moment to notice a new live region. */
const SPEAK_MS = 100;
/** From the foot of the window, and above a toast of Unleash's. */
const FOOT_PX = 24;
const GAP_PX = 12;

const STYLE = `
:host{position:fixed!important;left:0!important;right:0!important;bottom:var(--foot)!important;
z-index:2147483647!important;display:block!important;pointer-events:none!important;
transition:bottom var(--rise)!important}
.bar{pointer-events:auto;display:flex;align-items:center;gap:12px;width:max-content;max-width:calc(100vw - 32px);
margin:0 auto;padding:12px 12px 12px 14px;border-radius:var(--radius-card);background:var(--raised);
box-shadow:var(--shadow-2);animation:rise var(--rise)}
.words{min-width:0;font-variant-numeric:tabular-nums}
.title{font:var(--type-strong)}
.detail{display:flex;align-items:center;gap:6px;font:var(--type-hint);margin-top:1px}
.detail span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.act{height:28px;padding:0 8px;margin-left:12px;color:var(--accent-text);font-weight:500;flex:none}
.act:hover{background:var(--hover)}
.act:active{background:var(--pressed)}
.act+.close{margin-left:0}
.close{width:28px;height:28px;padding:0;margin-left:12px;color:var(--text-2);flex:none}
.close:hover{background:var(--pressed)}
@keyframes rise{from{opacity:0;transform:translateY(4px)}}
@media (prefers-reduced-motion:reduce){:host{transition:none!important}@keyframes rise{from{opacity:0}}}
${RING_STYLE}`;

/** The one notice at the foot of the page; a new one takes the place of the old. It outlives a change of route. */
export function createNotice(
  window: Window,
  { onChange }: PageChanges,
  signal: AbortSignal,
): Notice {
  let current: AbortController | null = null;
  signal.addEventListener('abort', () => current?.abort());

  const dismiss = () => {
    current?.abort();
    current = null;
  };

  const open = (lead: HTMLElement | SVGSVGElement, detail: string) => {
    dismiss();
    const ends = new AbortController();
    current = ends;
    const { host, frame, followTheme } = createIsland('notice', STYLE);
    const title = element('div', { class: 'title', 'aria-hidden': 'true' });
    // Said once at the start and once at the end, never each second.
    const said = element('div', { class: 'unseen', role: 'status' });
    const close = element(
      'button',
      { class: 'close', type: 'button', 'aria-label': DISMISS_NOTICE, title: DISMISS },
      icon('close'),
    );
    const under = element('div', { class: 'detail quiet' }, mark(14), element('span', {}, detail));
    const words = element('div', { class: 'words' }, title, under);
    frame.append(element('div', { class: 'bar' }, lead, words, close), said);
    onPress(close, dismiss, ends.signal);
    const settle = () => {
      followTheme();
      host.style.setProperty('--foot', `${footOf(window)}px`);
    };
    window.document.body.append(host);
    onChange(({ beyondRows }) => beyondRows && settle(), ends.signal);
    ends.signal.addEventListener('abort', () => host.remove());
    return {
      signal: ends.signal,
      /** A button of words before the one that closes. */
      offer(label: string, action: () => void) {
        const act = element('button', { class: 'act', type: 'button' }, label);
        close.before(act);
        onPress(act, action, ends.signal);
        return () => act.remove();
      },
      write(sentence: string) {
        title.textContent = sentence;
      },
      speak(sentence: string) {
        // A live region speaks what changes in it after it is there.
        later(() => said.replaceChildren(sentence), SPEAK_MS, ends.signal);
      },
    };
  };

  return {
    dismiss,
    say(title, detail) {
      if (signal.aborted) return;
      const bar = open(icon('alert'), `Tokenleash · ${detail}`);
      bar.write(title);
      bar.speak(`${title} ${detail}`);
      later(dismiss, STAY_MS, bar.signal);
    },
    offerKeys(title, choices) {
      if (signal.aborted) return;
      const bar = open(mark(28), `Tokenleash · ${choices.join(' · ')}`);
      bar.write(title);
      bar.speak(`${title} ${choices.join(', ')}`);
    },
    showCopy({ title, detail, delaySeconds, isBlind, becameOf, clearNow }) {
      if (signal.aborted) return;
      const sentence = (left: number | null) => `${title} ${whatHappensNext(left, isBlind)}`;
      const ring = delaySeconds === null ? null : countdownRing(delaySeconds, 28);
      const bar = open(ring?.node ?? mark(28), `Tokenleash · ${detail}`);
      bar.write(sentence(delaySeconds));
      bar.speak(sentence(delaySeconds));
      const counting = new AbortController();
      const running = AbortSignal.any([bar.signal, counting.signal]);
      const end = (words: string, stay: number) => {
        counting.abort();
        withdraw();
        ring?.node.replaceWith(mark(28));
        bar.write(words);
        bar.speak(words);
        later(dismiss, stay, bar.signal);
      };
      const tellEnd = (result: CopyEnd | 'already' | 'unknown') => {
        if (running.aborted || result === 'waiting') return;
        if (result === 'cleared' || result === 'already') end(CLEARED, CLEARED_MS);
        else end(NOT_CLEARED[result], STAY_MS);
      };
      let isClearing = false;
      const withdraw = bar.offer(CLEAR_NOW, () => {
        if (isClearing) return;
        isClearing = true;
        void clearNow().then((result) => tellEnd(result ?? 'unknown'));
      });
      if (ring === null || delaySeconds === null) {
        later(dismiss, STAY_MS, running);
        return;
      }
      const onSecond = (left: number) => {
        ring.show(left);
        if (left > 0) bar.write(sentence(left));
        else void endOf(becameOf, running).then(tellEnd);
      };
      countDown(delaySeconds, onSecond, running);
    },
  };
}

function later(action: () => void, ms: number, signal: AbortSignal): void {
  const timer = setTimeout(action, ms);
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
}

/** Above Unleash's own toast, if one is up: both stand at the foot, and its word is no less worth reading. */
function footOf(window: Window): number {
  const toast = window.document.querySelector<HTMLElement>(
    '[data-testid="TOAST_LIVE_REGION_TEST_ID"] > *',
  );
  // Its place by layout: while it flies in, its rectangle is elsewhere.
  if (!toast || toast.offsetHeight === 0 || toast.offsetTop < window.innerHeight / 2)
    return FOOT_PX;
  return Math.max(FOOT_PX, window.innerHeight - toast.offsetTop + GAP_PX);
}

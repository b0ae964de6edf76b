import type { Answer } from '../../platform/messages.ts';
import { say, sayLater } from '../../platform/say.ts';
import { type CopyEnd, endOf, NOT_CLEARED } from './copy-end.ts';
import { countDown, countdownRing, RING_STYLE } from './countdown-ring.ts';
import { whatHappensNext } from './delay-words.ts';
import { type Sight, TO_BE_SEEN_MS, watchSight } from './in-sight.ts';
import { borrowedKit } from './kit.ts';

const { createIsland, element, icon, mark, onPress } = borrowedKit();

export type SecretCard = {
  host: HTMLElement;
  followTheme(): void;
  /** Esc was pressed and held back. */
  explainEscape(): void;
};

export type SecretActions = {
  copy(): Promise<Answer<'page.copySecret'>>;
  /** What became of a copy when its time is over. Null: no answer came. */
  becameOf(copyId: string): Promise<CopyEnd | null>;
  sendToProxy(): Promise<Answer<'page.sendSecret'>>;
  letGo(): void;
  /** A press that nobody can have meant: the card was not in sight. */
  giveBack(): void;
};

const STYLE = `
:host{display:block!important;margin-block:8px!important}
.card{border:1px solid var(--line-control);border-radius:var(--radius-card);background:var(--surface);
padding:12px;display:grid;gap:10px}
.top,.actions,.status{display:flex;align-items:center;gap:8px}
.top{justify-content:space-between;flex-wrap:wrap}
.what{display:flex;align-items:center;gap:8px;font:var(--type-strong)}
.masked{font:var(--type-secret);font-variant-ligatures:none;letter-spacing:.5px;user-select:none;color:var(--text)}
.actions{flex-wrap:wrap}
.actions button{height:var(--control);padding:0 14px 0 12px;font-weight:500}
.primary{background:var(--accent);color:var(--on-accent)}
.primary:hover{background:var(--accent-hover)}
.primary:active{background:var(--accent-pressed)}
.outlined{border-color:var(--line-control)}
.outlined:hover,.plain:hover{background:var(--hover)}
.outlined:active,.plain:active{background:var(--pressed)}
.actions .plain{color:var(--text-2);margin-inline-start:auto;padding:0 12px}
.actions button[aria-disabled=true]{background:var(--sunken);color:var(--text-2);border:1px dashed var(--line-control)}
.status{font:var(--type-hint);margin-top:8px;color:var(--text-2);min-height:18px}
.status[data-tone=done]{color:var(--text);font:var(--type-body)}
.status[data-tone=held],.status[data-tone=failed]{color:var(--danger-text)}
.status .icon{align-self:flex-start}
${RING_STYLE}`;

const MASK = `user:${'•'.repeat(18)}`;

const WORDS = {
  copy: say('copy_securely'),
  send: say('send_to_proxy'),
  letGo: say('let_go'),
  title: say('hidden_by'),
  hidden: say('hidden'),
  copied: { kept: sayLater('esc_kept'), free: sayLater('esc_free') },
  cleared: say('cleared_again'),
  sent: sayLater('sent_to'),
  gone: say('gone_now'),
  soon: say('pressed_soon'),
};
/** What Esc does, where the token can be copied alone, and where it can be sent too. */
const ESC = { waits: say('esc_waits'), held: say('esc_held') };
const ESC_OF_PERSONAL = { waits: say('esc_waits_sent'), held: say('esc_held_sent') };

type Tone = 'hint' | 'done' | 'held' | 'failed';

/** The card that stands in place of a secret shown once. It is never given the secret: its actions are. */
export function createSecretCard(
  { isPersonal }: { isPersonal: boolean },
  actions: SecretActions,
  signal: AbortSignal,
): SecretCard {
  const { host, frame, followTheme } = createIsland('shown-once', STYLE);
  const esc = isPersonal ? ESC_OF_PERSONAL : ESC;
  const status = element('div', { class: 'status', role: 'status' });
  /** What the status counts down, until it says something else. */
  let counting: AbortController | null = null;
  const tell = (tone: Tone, sentence: string, lead: Node | null = null) => {
    counting?.abort();
    status.dataset.tone = tone;
    status.replaceChildren(...(lead ? [lead] : []), element('span', {}, sentence));
  };

  const copy = button('primary', WORDS.copy, icon('copy'));
  const sendToProxy = isPersonal ? button('outlined', WORDS.send, icon('send')) : null;
  const letGo = button('plain', WORDS.letGo);
  const buttons = [copy, sendToProxy, letGo].filter((one) => one !== null);
  const isBusy = () => buttons.some((one) => one.getAttribute('aria-busy') === 'true');

  const sightOf = watchSight(host, buttons, signal);

  /** A second press while one is under way does nothing. */
  const onAction = (one: HTMLButtonElement, action: (press: MouseEvent) => Promise<void>) =>
    onPress(
      one,
      (press) => {
        if (isBusy()) return;
        one.setAttribute('aria-busy', 'true');
        void action(press).finally(() => one.removeAttribute('aria-busy'));
      },
      signal,
    );

  /** An early press waits until the button has been seen: whoever is that fast sees what comes of it. */
  async function sightInTime(
    one: HTMLButtonElement,
    press: MouseEvent,
    early: readonly Sight[],
  ): Promise<Sight> {
    const sight = sightOf(one, press);
    if (!early.includes(sight)) return sight;
    await new Promise((resolve) => setTimeout(resolve, TO_BE_SEEN_MS));
    return sightOf(one, press);
  }

  onAction(copy, async (press) => {
    // One that was out of sight too: a page could copy by a click of its own.
    const sight = await sightInTime(copy, press, ['soon', 'again']);
    if (signal.aborted) return;
    if (sight !== 'seen') return actions.giveBack();
    const answer = await actions.copy();
    if (signal.aborted || !answer.ok) return;
    const { copyId, delaySeconds, blind, kept } = answer;
    const ring = delaySeconds === null ? null : countdownRing(delaySeconds, 28);
    const words = kept ? WORDS.copied.kept : WORDS.copied.free;
    const sentence = words(whatHappensNext(delaySeconds, blind));
    tell('done', sentence, ring?.node ?? mark(16));
    if (ring === null || delaySeconds === null) return;
    counting = new AbortController();
    const running = AbortSignal.any([signal, counting.signal]);
    const onSecond = async (left: number) => {
      ring.show(left);
      if (left > 0) return;
      const became = await endOf(() => actions.becameOf(copyId), running);
      if (running.aborted) return;
      if (became === 'cleared') tell('done', WORDS.cleared, mark(16));
      else tell(became === 'none' ? 'done' : 'failed', NOT_CLEARED[became], icon('alert'));
    };
    countDown(delaySeconds, (left) => void onSecond(left), running);
  });
  if (sendToProxy) {
    onAction(sendToProxy, async (press) => {
      const sight = await sightInTime(sendToProxy, press, ['soon']);
      if (signal.aborted) return;
      if (sight === 'unseen') return actions.giveBack();
      if (sight !== 'seen') return tell('held', WORDS.soon, icon('alert'));
      const answer = await actions.sendToProxy();
      if (signal.aborted) return;
      if (answer.ok) tell('done', WORDS.sent(answer.profile), mark(16));
      else tell('failed', answer.message, icon('alert'));
    });
  }
  onAction(letGo, async () => {
    actions.letGo();
    tell('done', WORDS.gone, mark(16));
  });

  frame.append(
    element(
      'div',
      { class: 'card', role: 'group', 'aria-label': WORDS.title },
      element(
        'div',
        { class: 'top' },
        element('div', { class: 'what' }, mark(16), WORDS.title),
        element(
          'div',
          { class: 'masked', 'aria-label': WORDS.hidden, role: 'img' },
          isPersonal ? MASK : MASK.slice(5),
        ),
      ),
      element('div', { class: 'actions' }, ...buttons),
    ),
    status,
  );
  tell('hint', esc.waits);
  return {
    host,
    followTheme,
    explainEscape: () => tell('held', esc.held, icon('alert')),
  };
}

function button(look: string, label: string, lead?: Node): HTMLButtonElement {
  return element('button', { type: 'button', class: look }, ...(lead ? [lead] : []), label);
}

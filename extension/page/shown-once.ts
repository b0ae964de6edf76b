import { say } from '../platform/say.ts';
import { copiedText } from './mechanism/copied-text.ts';
import type { Feature, FeatureContext } from './mechanism/feature.ts';
import { quietly } from './mechanism/page-changes.ts';
import { loadPart } from './mechanism/parts.ts';
import type { SecretActions, SecretCard } from './mechanism/secret-card.ts';
import { findShownSecret, type ShownSecret } from './mechanism/shown-secret.ts';
import { hide, unhide } from './mechanism/stale.ts';

type Cover = {
  shown: ShownSecret;
  /** Null while its code is being loaded. */
  card: SecretCard | null;
  ends: AbortController;
};

/**
 * The dialog that shows a secret for the one and only time: the secret is covered, and Esc, which would lose it in
 * Unleash 5.6 to 8.2, is held back until it is copied, sent or let go. Unleash's own "Close" is left alone. Where a copy
 * fails the secret is uncovered again, so that nobody is worse off with us than without.
 */
export const shownOnce: Feature = {
  id: 'shown-once',
  matches: () => true,
  init(context, signal) {
    let cover: Cover | null = null;
    /** Secrets after which Esc is Unleash's again, and those left in Unleash's own hands. */
    const released = new Set<string>();
    const givenBack = new Set<string>();

    const uncover = () => {
      cover?.ends.abort();
      cover = null;
    };
    const look = () => {
      const found = findShownSecret(document);
      const shown = found && !givenBack.has(found.secret) ? found : null;
      if (cover && (shown?.text !== cover.shown.text || shown.secret !== cover.shown.secret))
        uncover();
      if (shown === null) {
        // Once the dialog is gone there is nothing left to remember about it.
        if (found === null) for (const done of [released, givenBack]) done.clear();
        return;
      }
      cover ??= coverUp(shown, context, {
        onDone: () => released.add(shown.secret),
        onGiveBack: () => {
          givenBack.add(shown.secret);
          uncover();
        },
      });
      place(cover);
    };

    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !event.isTrusted) return;
      // The dialog may be newer than the last frame.
      look();
      if (cover === null || released.has(cover.shown.secret)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      cover.card?.explainEscape();
    };
    // By Unleash's own button, where something made it visible again.
    const onCopy = (event: ClipboardEvent) => {
      const text = event.isTrusted && cover ? copiedText(event)?.trim() : undefined;
      if (text !== undefined && text === cover?.shown.secret) released.add(text);
    };
    window.addEventListener('keydown', onKeyDown, { capture: true, signal });
    window.addEventListener('copy', onCopy, { capture: true, signal });
    signal.addEventListener('abort', uncover);
    // No dialog opens within a row of a table, and a long one changes in each frame that it is scrolled.
    context.onChange(({ beyondRows }) => (beyondRows || cover) && look(), signal);
  },
};

/** Puts the card where the secret is; the node itself stays, since it is React's. */
function place({ shown, card }: Cover): void {
  hide(shown.holder);
  if (card === null) return;
  if (shown.holder.nextElementSibling !== card.host) shown.holder.after(card.host);
  card.followTheme();
}

function coverUp(
  shown: ShownSecret,
  { send, notice }: FeatureContext,
  { onDone, onGiveBack }: { onDone(): void; onGiveBack(): void },
): Cover {
  const ends = new AbortController();
  const { secret, heading, isPersonal } = shown;
  const cover: Cover = { shown, card: null, ends };
  const actions: SecretActions = {
    async copy() {
      const answer = await send('page.copySecret', { secret, heading });
      if (answer?.ok) onDone();
      else onGiveBack();
      if (answer?.ok === false) {
        notice.say(say('shown_again'), answer.message);
      }
      return answer ?? { ok: false, message: '' };
    },
    becameOf: async (id) => (await send('page.copyEnd', { id }))?.result ?? null,
    async sendToProxy() {
      const answer = await send('page.sendSecret', { secret, heading });
      if (answer === null) onGiveBack();
      if (answer?.ok) onDone();
      return answer ?? { ok: false, message: '' };
    },
    letGo: onDone,
    giveBack() {
      onGiveBack();
      notice.say(say('nothing_done'), say('not_in_sight'));
    },
  };
  ends.signal.addEventListener('abort', () => {
    cover.card?.host.remove();
    unhide(shown.holder);
  });
  if (isPersonal) void send('page.secretShown', { secret });
  void loadPart('secret-card', send).then((createSecretCard) => {
    if (ends.signal.aborted) return;
    if (createSecretCard === null) {
      onGiveBack();
      return;
    }
    cover.card = createSecretCard({ isPersonal }, actions, ends.signal);
    quietly(() => place(cover));
  });
  return cover;
}

import { parseToken } from '../../shared/token/grammar.ts';
import type { Answer, Instance, PagePart, PageSettings } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type { TabSession } from '../platform/tab-session.ts';
import type { BackgroundParts } from './background-parts.ts';
import type { Handlers, KnownSender } from './message-router.ts';
import { openCreate } from './open-create.ts';
import { keepPageSecret } from './page-secret.ts';
import { endWords, pageWords } from './page-words.ts';
import { handOverPat, profileNameFor } from './proxy-exchange.ts';

type PageMessage =
  | 'page.begin'
  | 'page.settings'
  | 'page.load'
  | 'page.tokenEnds'
  | 'page.copied'
  | 'page.copySecret'
  | 'page.copyEnd'
  | 'page.clearNow'
  | 'page.secretShown'
  | 'page.sendSecret'
  | 'page.quickCreate';

/**
 * What a page of an instance may ask for: no more than a person could who looks at it. A secret may come in by it, none
 * goes out.
 */
export function pageHandlers(parts: BackgroundParts): Pick<Handlers, PageMessage> {
  const { settings, instances, unleash, clipboard, created, shownPats, proxy } = parts;

  async function instanceOf(sender: KnownSender): Promise<Instance | null> {
    if (sender.from !== 'page') return null;
    return instances.ofPage(sender.origin, sender.url);
  }

  /** What is asked of Unleash is asked by the login of normal tabs: to others the answer would be somebody else's. */
  const sessionOf = (sender: KnownSender): TabSession =>
    sender.from === 'page' ? sender.session : 'normal';

  async function pageSettings(): Promise<PageSettings> {
    const inForce = await settings.read();
    return {
      secureCopy: inForce.pageSecureCopy,
      shownOnce: inForce.pageShownOnce,
      quickCreate: inForce.pageQuickCreate,
      expiryMarks: inForce.pageExpiryMarks,
      flagShortcut: inForce.pageFlagShortcut,
      delaySeconds: inForce.clearAfterSeconds,
      words: pageWords(),
    };
  }

  async function load(part: PagePart, sender: KnownSender): Promise<boolean> {
    if (sender.from !== 'page' || sender.tabId === null) return false;
    await parts.loadIntoPage(sender.tabId, part);
    return true;
  }

  return {
    async 'page.begin'(_, sender) {
      // Both at once: somebody waits for the page.
      const [inForce] = await Promise.all([pageSettings(), load('features', sender)]);
      return inForce;
    },

    'page.settings': pageSettings,

    async 'page.load'({ part }, sender) {
      return { ok: await load(part, sender) };
    },

    async 'page.tokenEnds'(request, sender) {
      const instance = sessionOf(sender) === 'normal' ? await instanceOf(sender) : null;
      const tokens = instance && (await unleash.tokenEnds(instance, request));
      const { expiryDays: soonDays } = await settings.read();
      return { tokens, soonDays, words: endWords(soonDays) };
    },

    async 'page.copied'({ secret }) {
      onlyTokens(secret);
      const { id, delaySeconds, blind } = await clipboard.pageCopied(secret);
      return { ok: true, copyId: id, delaySeconds, blind };
    },

    'page.copyEnd': async ({ id }) => ({ result: await clipboard.endOf(id) }),

    async 'page.clearNow'() {
      return { result: await clipboard.clearNow() };
    },

    async 'page.copySecret'({ secret, heading }, sender) {
      onlyTokens(secret);
      const instance = await instanceOf(sender);
      const session = sessionOf(sender);
      const id = instance && (await keepPageSecret(parts, instance, { secret, heading, session }));
      try {
        const { id: copyId, delaySeconds, blind } = await clipboard.copy(secret, id);
        return { ok: true, copyId, delaySeconds, blind, kept: id !== null };
      } catch {
        return {
          ok: false,
          message: say('write_refused_page'),
        };
      }
    },

    async 'page.secretShown'({ secret }, sender) {
      const instance = sessionOf(sender) === 'normal' ? await instanceOf(sender) : null;
      if (instance !== null && parseToken(secret)?.kind === 'personal') {
        await shownPats.came(instance, secret);
      }
      return { ok: true };
    },

    async 'page.sendSecret'({ secret, heading }, sender) {
      const instance = await instanceOf(sender);
      if (instance === null || parseToken(secret)?.kind !== 'personal') {
        return { ok: false, message: say('only_personal') };
      }
      // Before it is sent: whatever becomes of that, the tab may be closed meanwhile.
      const session = sessionOf(sender);
      const kept = await keepPageSecret(parts, instance, { secret, heading, session });
      if (session !== 'normal') {
        const why = say(session === 'private' ? 'not_sent_private' : 'not_sent_container');
        return { ok: false, message: `${why}. ${say('which_pat_next')}` };
      }
      const found = await shownPats.find(instance, secret);
      // With a wrong id the proxy would delete somebody else's token one day.
      if (!found.ok) return { ok: false, message: `${found.title}. ${found.message}` };
      const { pat, owner } = found;
      const { id, expiresAt } = pat;
      const request = { secret, id, expiresAt, owner, origin: instance.id };
      const answer = await handOverPat(proxy, request);
      if (!answer.ok) return { ok: false, message: notSentWords(answer, instance) };
      await clipboard.clearIfHolding(secret);
      if (kept !== null) await created.sent(kept, answer.profile);
      return { ok: true, profile: answer.profile };
    },

    async 'page.quickCreate'(wanted, sender) {
      const instance = await instanceOf(sender);
      if (instance === null) throw new Error('not from a page');
      await openCreate(parts, instance, wanted);
      return { ok: true };
    },
  };
}

/** On the page there is no button that makes a profile, so it says what to type. */
function notSentWords(
  { code, title, message }: Extract<Answer<'created.sendToProxy'>, { ok: false }>,
  { id }: Instance,
): string {
  if (code !== 'no-profile') return `${title}. ${message}`;
  return `${title}. ${say('add_profile_type', profileNameFor(id), id)}`;
}

/** A page can put what it likes on the clipboard; that is no reason to let it set a timer that empties it. */
function onlyTokens(secret: string): void {
  const kind = parseToken(secret)?.kind;
  if (kind === undefined || kind === 'phantom') throw new Error('not a token of Unleash');
}

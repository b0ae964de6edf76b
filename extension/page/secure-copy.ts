import { parseToken, type Token } from '../../shared/token/grammar.ts';
import { say } from '../platform/say.ts';
import { copiedText } from './mechanism/copied-text.ts';
import type { Feature } from './mechanism/feature.ts';

/** Which token it is, in words that hold nothing of its secret. */
export function describeToken(token: Token): string {
  if (token.kind === 'personal') return say('a_personal');
  if (token.kind === 'admin') return say('an_admin');
  if (token.kind === 'api') return say('an_api_token', token.environment);
  return say('a_token');
}

/**
 * Whatever copies exactly one token on this page, Unleash's own buttons too, leaves it on the clipboard as plain text
 * only and for a limited time. Unleash copies by `execCommand('copy')` on a selected span, which fires a copy event that
 * reaches our world; its command still ends in true and its toast still shows.
 *
 * A page's script that copies through the asynchronous clipboard API fires no event and is not seen here; no version of
 * Unleash from 4.19.5 to 8.2.0 does.
 */
export const secureCopy: Feature = {
  id: 'secure-copy',
  matches: () => true,
  init({ send, notice }, signal) {
    const onCopy = (event: ClipboardEvent) => {
      if (!event.isTrusted || !event.clipboardData) return;
      const text = copiedText(event)?.trim();
      const token = text ? parseToken(text) : null;
      // A phantom token is the proxy's, worth nothing elsewhere.
      if (!text || token === null || token.kind === 'phantom') {
        // The token that the notice speaks of is no longer on the clipboard.
        notice.dismiss();
        return;
      }
      event.clipboardData.clearData();
      event.clipboardData.setData('text/plain', text);
      event.preventDefault();
      // A listener below could put the rich text back.
      event.stopPropagation();
      void send('page.copied', { secret: text }).then((answer) => {
        if (!answer || signal.aborted) return;
        notice.showCopy({
          title: say('copied_plain'),
          detail: describeToken(token),
          delaySeconds: answer.delaySeconds,
          isBlind: answer.blind,
          becameOf: async () => (await send('page.copyEnd', { id: answer.copyId }))?.result ?? null,
          clearNow: async () => (await send('page.clearNow', {}))?.result ?? null,
        });
      });
    };
    window.addEventListener('copy', onCopy, { capture: true, signal });
  },
};

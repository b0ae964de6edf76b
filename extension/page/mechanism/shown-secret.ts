import { parseToken, type Token } from '../../../shared/token/grammar.ts';

/** A secret that stands in a dialog of Unleash's and that Unleash will not show again. */
export type ShownSecret = {
  /** "Personal API token created" */
  heading: string;
  secret: string;
  isPersonal: boolean;
  /** The node that holds the secret and nothing else. */
  text: Text;
  /** What to hide: the secret with the button beside it. */
  holder: HTMLElement;
};

/**
 * The one such secret on the page, or null, also where there are two: no page that we know has them. Found by the dialog's heading and the grammar of tokens: the id of the
 * heading is the same from 4.19.5 to 8.2.0, its words are the second way; class names change with every build.
 */
export function findShownSecret(document: Document): ShownSecret | null {
  const shown: ShownSecret[] = [];
  for (const heading of document.querySelectorAll('[role="dialog"] h1, [role="dialog"] h2')) {
    const words = heading.textContent?.trim() ?? '';
    if (heading.id !== 'simple-modal-title' && !/\btoken created$/i.test(words)) continue;
    const dialog = heading.closest('[role="dialog"]');
    const found = dialog && secretIn(dialog);
    if (found && !found.holder.contains(heading)) shown.push({ heading: words, ...found });
  }
  return shown.length === 1 ? (shown[0] ?? null) : null;
}

function secretIn(dialog: Element): Omit<ShownSecret, 'heading'> | null {
  const walker = dialog.ownerDocument.createTreeWalker(dialog, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node as Text;
    const secret = text.data.trim();
    const token = parseToken(secret);
    const holder = text.parentElement;
    if (token && holder && isShownOnce(token)) {
      return { secret, isPersonal: token.kind === 'personal', text, holder };
    }
  }
  return null;
}

/** Unleash gives API tokens again at any time, unless it stores no more than their hash (8.1 and later, if switched on). */
function isShownOnce(token: Token): boolean {
  if (token.kind === 'personal') return true;
  return (token.kind === 'api' || token.kind === 'admin') && token.storage === 'secure';
}

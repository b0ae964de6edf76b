import { withoutTokens } from '../secrets/without-tokens.ts';

/** Letters, digits, dot, underscore, hyphen; 63 at most; begins with a letter or digit. Fit for a path and a log. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Names that no reader of config.yaml can be sure to keep apart from what every object has; valibot drops them. */
const RESERVED = new Set(['constructor', 'prototype']);

export function isName(text: string): boolean {
  return NAME.test(text) && !RESERVED.has(text);
}

/** Whose requests rules can be laid for: a client's name, or that of a caller who needs no token. */
export function isCallerName(text: string): boolean {
  return isName(text) || /^(?:socket|uid:\d{1,10})$/.test(text);
}

export const NAME_RULE =
  'letters, digits, ".", "_" and "-", 63 at most, beginning with a letter or digit, and neither "constructor" nor "prototype"';

/**
 * A name as it may stand in an error: cut, and without characters that would act on a terminal. A token is masked
 * before the cut; half of one would no longer be known as a token.
 */
export function shownName(text: string): string {
  const plain = withoutTokens(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
  const letters = [...plain];
  return letters.length > 60 ? `${letters.slice(0, 60).join('')}…` : plain;
}

/** The name that was probably meant, or null: at most two slips (one for a short name), case aside. */
export function nearestName(wrong: string, known: readonly string[]): string | null {
  const limit = wrong.length < 4 ? 1 : 2;
  let best: string | null = null;
  let least = limit + 1;
  for (const name of known) {
    if (Math.abs(name.length - wrong.length) > limit) continue;
    const slips = distance(wrong.toLowerCase(), name.toLowerCase());
    if (slips < least) {
      least = slips;
      best = name;
    }
  }
  return best;
}

/** Optimal string alignment: insert, delete, replace, swap of neighbours. */
function distance(left: string, right: string): number {
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let row = 1; row <= left.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (now[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) least = Math.min(least, (before[column - 2] ?? 0) + 1);
      now.push(least);
    }
    before = last;
    last = now;
  }
  return last[right.length] ?? 0;
}

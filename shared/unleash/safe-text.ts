import { maskToken } from '../token/grammar.ts';

/** Characters of a server's sentence that are worth showing; a database error or a stack trace is longer. */
const TEXT_LIMIT = 300;

/**
 * The secret part of every token there is, by far: 56 hex characters or more. The grammar itself would miss one that
 * is percent-encoded or stuck to a word.
 */
const LONG_RUN = /[A-Za-z0-9_-]{40,}/g;

// Line breaks and terminal or bidirectional controls would let a server draw over what a person reads next.
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * A text that came from a server, fit to stand in an error: every token masked, control characters gone, short.
 * `secrets` are masked literally, in whatever form they are.
 */
export function safeText(text: string, secrets: readonly string[] = []): string {
  let safe = text.slice(0, 20 * TEXT_LIMIT);
  for (const secret of secrets) {
    if (secret === '') continue;
    for (const form of new Set([secret, encodeURIComponent(secret)])) {
      safe = safe.replaceAll(form, maskToken(secret));
    }
  }
  safe = safe.replace(LONG_RUN, '•'.repeat(24)).replace(CONTROLS, ' ').trim();
  if (safe.length <= TEXT_LIMIT) return safe;
  // Not in the middle of a character beyond the first plane.
  return `${safe
    .slice(0, TEXT_LIMIT)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd()}…`;
}

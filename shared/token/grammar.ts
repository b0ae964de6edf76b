/**
 * The grammar of every token that an Unleash server has ever issued.
 *
 *   personal        user:<56 hex>                            4.16 and later
 *   personal, v2    user:v2_<22 base64url>_<43 base64url>    8.2 with secureAccountTokenStorage
 *   API             <scope>:<environment>.<56 hex>           scope is a project id, `*` (all) or `[]` (several)
 *   API, v2         <scope>:<environment>.v2_<22>_<43>       8.1 with secureTokenStorage
 *   legacy          <64 hex>                                 before 4.2: nothing but random bytes
 *
 * Measured on Unleash 4.19.5 to 8.2.0. A project id is anything URL-friendly (letters, digits, `.`, `_`, `~`, `-`);
 * an environment name likewise. Whether an API token is a backend, frontend or admin token does not show in it,
 * but for `*:*.…`, which only admin tokens have.
 */

export type TokenStorage = 'plain' | 'secure';

export type TokenScope = { of: 'all' } | { of: 'several' } | { of: 'project'; project: string };

export type Token =
  | { kind: 'personal'; storage: TokenStorage }
  | { kind: 'api'; scope: TokenScope; environment: string; storage: TokenStorage }
  | { kind: 'admin'; storage: TokenStorage }
  | { kind: 'phantom' }
  | { kind: 'legacy' };

export type TokenKind = Token['kind'];

/** A token at `start` (inclusive) to `end` (exclusive), in UTF-16 units of the searched text. */
export type FoundToken = { start: number; end: number; text: string; token: Token };

/** What a phantom token begins with; the proxy makes them, no Unleash server does. */
export const PHANTOM_PREFIX = 'user:tl_';

/** Longer than any project id or environment name that an Unleash server accepts (255 each). */
const NAME_LIMIT = 255;

const SECRET_PLAIN = /^[0-9a-f]{56}$/;
const SECRET_V2 = /^v2_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{43}$/;
const SECRET_PHANTOM = /^tl_[A-Za-z0-9_-]{43}$/;
const LEGACY = /^[0-9a-f]{64}$/;
const NAME = /^[A-Za-z0-9._~-]+$/;

function storageOf(secret: string): TokenStorage | null {
  if (SECRET_PLAIN.test(secret)) return 'plain';
  if (SECRET_V2.test(secret)) return 'secure';
  return null;
}

/** The token that `text` is, whole and with nothing around it, or null. */
export function parseToken(text: string): Token | null {
  if (text.length > 2 * NAME_LIMIT + 80) return null;
  if (LEGACY.test(text)) return { kind: 'legacy' };
  const colon = text.indexOf(':');
  if (colon < 1) return null;
  const head = text.slice(0, colon);
  const rest = text.slice(colon + 1);
  if (head === 'user') {
    if (SECRET_PHANTOM.test(rest)) return { kind: 'phantom' };
    const storage = storageOf(rest);
    // A project named "user" is possible: `user:development.<hex>` has a dot, a personal token has none.
    if (storage !== null) return { kind: 'personal', storage };
  }
  const dot = rest.lastIndexOf('.');
  if (dot < 1) return null;
  const environment = rest.slice(0, dot);
  const storage = storageOf(rest.slice(dot + 1));
  if (storage === null) return null;
  if (environment === '*') return head === '*' ? { kind: 'admin', storage } : null;
  if (environment.length > NAME_LIMIT || !NAME.test(environment)) return null;
  const scope = scopeOf(head);
  return scope === null ? null : { kind: 'api', scope, environment, storage };
}

function scopeOf(head: string): TokenScope | null {
  if (head === '*') return { of: 'all' };
  if (head === '[]') return { of: 'several' };
  // `undefined` is what 5.6 to 6.10 wrote for an empty project list; it reads as a project's name.
  if (head.length > NAME_LIMIT || !NAME.test(head)) return null;
  return { of: 'project', project: head };
}

/** What Unleash lists in place of a secret that it stores securely; null for any other. */
export function selectorOf(secret: string): string | null {
  return /[.:]v2_([A-Za-z0-9_-]{22})_[A-Za-z0-9_-]{43}$/.exec(secret)?.[1] ?? null;
}

/** Everything that can stand inside a token; a token ends where a character outside this set stands. */
const TOKEN_CHARACTER = /[A-Za-z0-9._~:*[\]-]/;

function isTokenCharacter(code: number): boolean {
  return code < 128 && TOKEN_CHARACTER.test(String.fromCharCode(code));
}

/** Sentence marks that end a token's run of characters without belonging to it. */
const TRAILING = /[.:~[\]*]+$/;

/**
 * Every token in a text, in order. Each maximal run of token characters is one candidate, so a token that is
 * part of a longer word is never reported in half; time is linear in the text's length.
 */
export function findTokens(text: string): FoundToken[] {
  const found: FoundToken[] = [];
  let start = 0;
  const length = text.length;
  while (start < length) {
    if (!isTokenCharacter(text.charCodeAt(start))) {
      start += 1;
      continue;
    }
    let end = start + 1;
    while (end < length && isTokenCharacter(text.charCodeAt(end))) end += 1;
    const hit = candidate(text, start, end);
    if (hit) found.push(hit);
    start = end;
  }
  return found;
}

/** The shortest token there can be: `*:x.` and 56 hex. */
const SHORTEST = 60;

/** A run longer than this holds no token, whatever it holds; it bounds the work on one run. */
const RUN_LIMIT = 2 * NAME_LIMIT + 80 + 64;

function candidate(text: string, start: number, end: number): FoundToken | null {
  if (end - start > RUN_LIMIT || end - start < SHORTEST) return null;
  const run = text.slice(start, end);
  const whole = parseToken(run);
  if (whole) return { start, end, text: run, token: whole };
  // "…is *:production.<hex>." and "Authorization:user:<hex>" are how people and headers write tokens.
  const trimmed = run.replace(TRAILING, '');
  const prefix = /^(?:[Aa]uthorization:|[Tt]oken:|[Bb]earer:)/.exec(trimmed)?.[0].length ?? 0;
  const inner = trimmed.slice(prefix);
  const token = parseToken(inner);
  if (!token) return null;
  return { start: start + prefix, end: start + prefix + inner.length, text: inner, token };
}

/** Dots shown in place of a secret: always this many, so that the true length does not show. */
const MASK = '•'.repeat(24);

/**
 * A token as it may be shown: what says whose it is, then a fixed number of dots. A text that is not a token is
 * masked whole.
 */
export function maskToken(text: string): string {
  const token = parseToken(text);
  if (token === null || token.kind === 'legacy') return MASK;
  if (token.kind === 'personal' || token.kind === 'phantom') return `user:${MASK}`;
  return `${text.slice(0, text.lastIndexOf('.') + 1)}${MASK}`;
}

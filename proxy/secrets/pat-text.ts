import { parseToken } from '../../shared/token/grammar.ts';

/** Longer than any token that an Unleash server makes; what is longer was not meant to be one. */
const TOKEN_LIMIT = 4096;

export type PatText = { ok: true; pat: string } | { ok: false; message: string };

/**
 * A PAT out of what a person pasted or a file holds: white space around it goes, anything else that is not a PAT
 * is refused in words, and never repeated.
 */
export function readPatText(text: string): PatText {
  const pat = text.trim();
  if (pat === '') return { ok: false, message: 'The token is empty.' };
  if (pat.length > TOKEN_LIMIT) return { ok: false, message: 'This is too long to be a token.' };
  // A value that no header can carry would fail at every request (http-proxy: ERR_INVALID_CHAR).
  if (/\s/.test(pat)) return { ok: false, message: 'The token has a line break or space inside.' };
  if (!/^[\x21-\x7e]+$/.test(pat))
    return { ok: false, message: 'The token has characters that no token has.' };
  const token = parseToken(pat);
  switch (token?.kind) {
    case 'personal':
      return { ok: true, pat };
    case 'phantom':
      return {
        ok: false,
        message: 'This is a phantom token of this proxy, not a personal access token.',
      };
    case 'api':
    case 'admin':
    case 'legacy':
      return {
        ok: false,
        message: `This is ${token.kind === 'admin' ? 'an admin' : 'an API'} token. The proxy needs a personal access token (user:…).`,
      };
    default:
      return { ok: false, message: 'This is not a personal access token (user:…).' };
  }
}

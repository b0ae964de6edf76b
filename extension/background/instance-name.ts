import { findTokens } from '../../shared/token/grammar.ts';
import type { Failure } from '../platform/messages.ts';
import { say } from '../platform/say.ts';

/** Characters of a name; more than any list has room for. */
export const NAME_LIMIT = 100;

/** Line breaks and controls that would let a name draw over what stands beside it. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Whether a text may be what people call an instance; if not, why. Names lie on disk in clear. */
export function nameRefusal(name: string): Failure | null {
  if (name.length > NAME_LIMIT) {
    return refused('name.long', say('name_at_most', NAME_LIMIT));
  }
  if (CONTROLS.test(name)) return refused('name.form', say('name_one_line'));
  if (findTokens(name).length > 0) {
    return refused('name.secret', say('name_is_token'));
  }
  return null;
}

function refused(code: string, message: string): Failure {
  return { ok: false, code, title: say('name_refused'), message };
}

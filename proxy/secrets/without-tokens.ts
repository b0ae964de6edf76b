import { findTokens, maskToken } from '../../shared/token/grammar.ts';

/**
 * A text for the screen with every token in it masked: a token typed in the wrong place must not come back in the
 * error about it.
 */
export function withoutTokens(text: string): string {
  let shown = '';
  let at = 0;
  for (const found of findTokens(text)) {
    shown += text.slice(at, found.start) + maskToken(found.text);
    at = found.end;
  }
  return shown + text.slice(at);
}

import type { CopyFormatId } from '../../../shared/token/copy-as/formats.ts';
import type { CopyState } from './clipboard.ts';
import type { Failure, Nothing, TokenKind } from './vocabulary.ts';

/** The format that was chosen last for each kind of token. */
export type LastFormats = Partial<Record<TokenKind, CopyFormatId>>;

/** A token on the clipboard as `.env`, curl and the like. The text is made in the background: it holds the secret. */
export type CopyAsMessages = {
  'created.copyAs': {
    tier: 'internal';
    request: { id: string; format: CopyFormatId };
    answer: { ok: true; copy: CopyState } | Failure;
  };
  'copyAs.last': { tier: 'internal'; request: Nothing; answer: LastFormats };
  /** Sets which format the menu opens at, as if it had been chosen last. Null: none. */
  'copyAs.prefer': {
    tier: 'internal';
    request: { kind: TokenKind; format: CopyFormatId | null };
    answer: { ok: true; formats: LastFormats } | Failure;
  };
};

import type { CopyState } from './clipboard.ts';
import type { CreatedToken } from './created.ts';
import type { Failure, TokenKind } from './vocabulary.ts';

/** The Create form as it stands; kept while the popup is closed. Dates are ISO date-times, `null` is never. */
export type CreateForm = {
  kind: TokenKind;
  /** Name of an API token, description of a PAT. */
  name: string;
  /** `*` alone means all current and future projects. */
  projects: string[];
  environment: string;
  expires: '7' | '30' | '60' | 'never' | 'custom';
  /** Local date `YYYY-MM-DD` of a custom expiry; the token ends at 23:59 of it. */
  customDate: string;
  /** One token for each project in each of `environments`, which then counts in place of `environment`. */
  oneEach?: boolean;
  environments?: string[];
  /** The recipe that filled it in, as long as nothing was changed since. */
  recipeId?: string;
};

export type CreateRequest = {
  kind: TokenKind;
  name: string;
  projects: string[];
  environment: string;
  expiresAt: string | null;
};

export type CreateAnswer =
  | {
      ok: true;
      created: CreatedToken;
      copy: CopyState | null;
      copyError: string | null;
      /** The browser had no room for it: it is kept as long as the background lives, and that is not for sure. */
      notKept?: true;
    }
  | Failure;

/** Making a token, and the half-filled form. */
export type CreateMessages = {
  'token.create': {
    tier: 'internal';
    /** `recipeId`: the recipe that it was made with, which is then the last one used. */
    request: { instanceId: string; token: CreateRequest; recipeId?: string };
    answer: CreateAnswer;
  };
  'draft.read': {
    tier: 'internal';
    request: { instanceId: string };
    answer: { form: CreateForm | null; tab: 'create' | 'tokens' | 'proxy' };
  };
  'draft.write': {
    tier: 'internal';
    request: { instanceId: string; form: CreateForm; tab: 'create' | 'tokens' | 'proxy' };
    answer: { ok: true };
  };
};

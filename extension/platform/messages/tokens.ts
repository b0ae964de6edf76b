import type { CopyFormatId } from '../../../shared/token/copy-as/formats.ts';
import type { CopyState } from './clipboard.ts';
import type { CreatedToken } from './created.ts';
import type { Failure, TokenKind } from './vocabulary.ts';

/** A token that Unleash lists, without its secret. Dates are ISO date-times. */
export type TokenRow = {
  /** Ours, random; the same for as long as the browser runs. */
  id: string;
  kind: TokenKind;
  /** Name of an API token, description of a PAT. */
  name: string;
  /** `['*']` is all current and future projects; none for a PAT. */
  projects: string[];
  /** Null for a PAT, `*` for an admin token. */
  environment: string | null;
  /** Null is never. */
  expiresAt: string | null;
  createdAt: string | null;
  seenAt: string | null;
  /** `create`: one like it. */
  may: { copy: boolean; extend: boolean; create: boolean; revoke: boolean };
  /** When it will be revoked, in ms since 1970, because another was made in its place. */
  endsAt: number | null;
};

export type TokenList = {
  tokens: TokenRow[];
  /** `some`: those of single projects, more this user may not see. `none`: no API token at all. */
  api: 'all' | 'some' | 'none';
  /** The caller's own PATs; null where Unleash has them turned off. */
  personal: { owner: string; used: number; limit: number } | null;
};

/** What will be revoked at `dueAt` (ms since 1970) unless it is taken back. */
export type Revoking = { ids: string[]; names: string[]; dueAt: number };

/** A token that was to be revoked and was not, or not yet. */
export type RevokeTrouble = {
  id: string;
  name: string;
  title: string;
  message: string;
  loginUrl: string | null;
};

export type TokenSort = 'name' | 'expiry' | 'seen' | 'newest';

/** How the list is looked at; kept while the popup is closed. Empty strings filter nothing. */
export type TokensView = {
  search: string;
  kind: TokenKind | '';
  project: string;
  environment: string;
  sort: TokenSort;
};

/** How long the old token of a replaced one goes on to work. `now`: the time to undo, and no longer. */
export type Grace = 'now' | '1h' | '1d' | '7d';

/** The tokens that are there. A row is named by its `id`; keys and secrets stay with the background. */
export type TokensMessages = {
  /** What is known without asking Unleash: `list` as it was last read. */
  'tokens.open': {
    tier: 'internal';
    request: { instanceId: string };
    answer: {
      view: TokensView | null;
      list: TokenList | null;
      revoking: Revoking | null;
      troubles: RevokeTrouble[];
    };
  };
  'tokens.list': {
    tier: 'internal';
    request: { instanceId: string };
    answer: { ok: true; list: TokenList } | Failure;
  };
  'tokens.writeView': {
    tier: 'internal';
    request: { instanceId: string; view: TokensView };
    answer: { ok: true };
  };
  'tokens.copy': {
    tier: 'internal';
    request: { instanceId: string; id: string };
    answer: { ok: true; copy: CopyState } | Failure;
  };
  /** In a format, which is then the last one of this kind. The text is made in the background: it holds the secret. */
  'tokens.copyAs': {
    tier: 'internal';
    request: { instanceId: string; id: string; format: CopyFormatId };
    answer: { ok: true; copy: CopyState } | Failure;
  };
  'tokens.extend': {
    tier: 'internal';
    request: { instanceId: string; id: string; expiresAt: string | null };
    answer: { ok: true; list: TokenList } | Failure;
  };
  /** Makes one like it, copied and kept as a new one is. `oldKept` says why the old one will not be revoked. */
  'tokens.replace': {
    tier: 'internal';
    request: { instanceId: string; id: string; grace: Grace };
    answer:
      | {
          ok: true;
          created: CreatedToken;
          copy: CopyState | null;
          copyError: string | null;
          oldKept: string | null;
          revoking: Revoking | null;
        }
      | Failure;
  };
  /** In 5 s, unless undone. More of them join what is counting already, and all have 5 s again. */
  'tokens.revoke': {
    tier: 'internal';
    request: { instanceId: string; ids: string[] };
    answer: { ok: true; revoking: Revoking } | Failure;
  };
  /** `undone`: names of those that were not sent yet. */
  'tokens.undo': {
    tier: 'internal';
    request: { instanceId: string };
    answer: { undone: string[] };
  };
  /** The old token of a replaced one stays after all. */
  'tokens.keep': {
    tier: 'internal';
    request: { instanceId: string; id: string };
    answer: { ok: true };
  };
  'tokens.revoking': {
    tier: 'internal';
    request: { instanceId: string };
    answer: { revoking: Revoking | null; troubles: RevokeTrouble[] };
  };
  'tokens.dismissTrouble': { tier: 'internal'; request: { id: string }; answer: { ok: true } };
};

import type { CopyEnd } from './clipboard.ts';
import type { Nothing, TokenKind } from './vocabulary.ts';

/** A script that is loaded into a page when it is needed. */
export type PagePart = 'features' | 'mark-rows' | 'notice' | 'secret-card';

/**
 * What stands on a page, in the language of the extension, and that language. It comes with the answers, since a page's
 * first call of `chrome.i18n` takes longer on its main thread than all else that we do there at its start.
 */
export type PageWords = { language: string; quickCreate: string; whichEnvironment: string };

/** What expiry marks say; `$1` is filled in. `inDays` has the words for each number of days, from none on. */
export type EndWords = {
  until: string;
  expired: string;
  expiredAt: string;
  expiresAt: string;
  inHours: string;
  inDays: string[];
  /** For dates beside them. */
  language: string;
};

/** What the page's script needs to know to run; no secret, nothing of other instances. */
export type PageSettings = {
  secureCopy: boolean;
  shownOnce: boolean;
  quickCreate: boolean;
  expiryMarks: boolean;
  flagShortcut: boolean;
  delaySeconds: number | null;
  words: PageWords;
};

/** A token of a table on the page: what that table shows of it, and when it ends. Nothing in it opens anything. */
export type TokenEnd = {
  name: string;
  kind: TokenKind;
  /** `['*']` is all of them; a PAT has none. */
  projects: string[];
  environment: string | null;
  /** ISO date-times; `expiresAt` null is never. */
  createdAt: string | null;
  expiresAt: string | null;
  /** "22 Dec 2026", the day of its end; null where that is never, or no date. */
  day: string | null;
};

/** What a page of an instance may send: tier `page`, all of it. */
export type PageMessages = {
  /** This page is Unleash: loads the script with the features into it, and says what that needs to know. */
  'page.begin': { tier: 'page'; request: Nothing; answer: PageSettings };
  /** The same once more: something may have been switched off meanwhile. */
  'page.settings': { tier: 'page'; request: Nothing; answer: PageSettings };
  /** Loads a part of the page's script into this page. */
  'page.load': { tier: 'page'; request: { part: PagePart }; answer: { ok: boolean } };
  /** When the tokens of the table on this page end: those that its user may list. Null: they could not be read. */
  'page.tokenEnds': {
    tier: 'page';
    request: { of: 'api-tokens' | 'personal-tokens'; project: string | null };
    /** `soonDays`: from so many days before its end on a token is marked as ending soon. */
    answer: { tokens: TokenEnd[] | null; soonDays: number; words: EndWords };
  };
  /** The page put this token on the clipboard as plain text; the background clears it when its time has come. */
  'page.copied': {
    tier: 'page';
    request: { secret: string };
    /** `copyId` is for `page.copyEnd`. */
    answer: { ok: true; copyId: string; delaySeconds: number | null; blind: boolean };
  };
  /** What became of a copy that this page began: of no other, since their ids are not to be guessed. */
  'page.copyEnd': { tier: 'page'; request: { id: string }; answer: { result: CopyEnd } };
  /** "Clear now" in the notice: only what is waiting to be cleared. `none`: nothing is, any more. */
  'page.clearNow': {
    tier: 'page';
    request: Nothing;
    answer: { result: 'cleared' | 'not-ours' | 'already' | 'failed' | 'none' };
  };
  /** "Copy securely" in the shown-once dialog. The token then also stands under "Just created". */
  'page.copySecret': {
    tier: 'page';
    request: { secret: string; heading: string };
    answer: /** `kept`: it stands under "Just created" now, whatever becomes of its tab. */
      | { ok: true; copyId: string; delaySeconds: number | null; blind: boolean; kept: boolean }
      | { ok: false; message: string };
  };
  /** A secret came on screen. What it is in Unleash's list can be told best at that moment. */
  'page.secretShown': { tier: 'page'; request: { secret: string }; answer: { ok: true } };
  /** "Send to proxy" in the shown-once dialog. */
  'page.sendSecret': {
    tier: 'page';
    request: { secret: string; heading: string };
    answer: { ok: true; profile: string } | { ok: false; message: string };
  };
  /** Opens our form, filled in for what is on screen; a tab where the browser will not open the popup. */
  'page.quickCreate': {
    tier: 'page';
    request: { kind: TokenKind; project: string | null; environment: string | null };
    answer: { ok: true };
  };
};

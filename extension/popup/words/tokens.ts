import type { TokenRow, TokenSort } from '../../platform/messages.ts';
import { language, say, sayCount, sayCountLater, sayLater } from '../../platform/say.ts';
import { KIND_NAMES } from '../../ui/kind-names.ts';

/** Everything that the Tokens tab says. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const LIST = {
  list: say('tab_tokens'),
  search: say('search'),
  searchPlaceholder: (count: number) => sayCount('search_tokens', count),
  kind: say('kind'),
  project: say('project'),
  environment: say('environment'),
  allKinds: say('all_kinds'),
  allProjects: say('all_projects'),
  allEnvironments: say('all_environments'),
  sort: say('sort'),
  more: say('several'),
  soon: say('expiring_soon'),
  api: say('api_tokens'),
  apiOfProjects: say('api_tokens_yours'),
  personal: say('kind_personal'),
  slots: (used: number, limit: number) => say('slots', used, limit),
  copy: say('copy'),
  extend: say('extend'),
  imitate: say('imitate'),
  replace: say('replace'),
  revoke: say('revoke'),
  keep: say('keep'),
  revoking: say('revoking'),
  back: say('back_to_list'),
  cancel: say('cancel'),
  dismiss: say('dismiss'),
  openLogin: say('open_login'),
  created: (day: string) => say('created_on', day),
  everyProject: say('all_projects_lower'),
  everything: say('everything'),
  found: (count: number) => sayCount('found', count),
} as const;

export const SORT_NAMES: Record<TokenSort, string> = {
  name: say('by_name'),
  expiry: say('by_expiry'),
  seen: say('by_seen'),
  newest: say('by_newest'),
};

export const NONE = {
  title: say('no_api_tokens'),
  titleNothing: say('no_tokens'),
  text: say('no_tokens_text'),
  create: say('create_token'),
  noMatch: say('nothing_matches'),
  noMatchText: say('nothing_matches_text'),
  clear: say('clear_filters'),
  barred: say('cannot_see'),
  barredText: say('cannot_see_text'),
  old: say('list_old'),
  again: say('try_again'),
} as const;

export const UNDO = {
  undo: say('undo'),
  label: say('revoking'),
  counting: (names: readonly string[], seconds: number) => {
    const [first = ''] = names;
    return names.length === 1
      ? say('revoking_in', first, seconds)
      : say('revoking_tokens_in', names.length, seconds);
  },
  sending: (names: readonly string[]) => {
    const [first = ''] = names;
    return names.length === 1 ? say('revoking_name', first) : say('revoking_tokens', names.length);
  },
  begun: (names: readonly string[]) => {
    const [first = ''] = names;
    return names.length === 1
      ? say('revoking_begun', first)
      : say('revoking_tokens_begun', names.length);
  },
  revoked: (names: readonly string[]) => {
    const [first = ''] = names;
    return names.length === 1 ? say('is_revoked', first) : say('are_revoked', names.length);
  },
  undone: (names: readonly string[]) => {
    const [first = ''] = names;
    return names.length === 1 ? say('stays', first) : say('stay', names.length);
  },
  late: say('late'),
} as const;

export const EXTEND = {
  title: (name: string) => say('extend_title', name),
  text: say('extend_text'),
  now: (words: string) => say('ends_now', words),
  act: say('extend'),
  done: (name: string) => say('new_end', name),
  never: say('thousand_years'),
} as const;

export const REPLACE = {
  title: (name: string) => say('replace_title', name),
  text: say('replace_text'),
  old: say('old_token'),
  graces: {
    now: say('grace_now'),
    '1h': say('grace_1h'),
    '1d': say('grace_1d'),
    '7d': say('expires_7'),
  },
  hints: {
    now: say('grace_now_hint'),
    '1h': say('grace_1h_hint'),
    '1d': say('grace_1d_hint'),
    '7d': say('grace_7d_hint'),
  },
  act: say('replace'),
  notCopied: (why: string) => say('replaced_not_copied', why),
  oldKept: say('new_created'),
} as const;

export const SEVERAL = {
  expired: say('revoke_expired'),
  unused: say('revoke_unused'),
  unusedFor: say('unused_for'),
  days: (days: number) => say('days_since', days),
  expiredTitle: (count: number) => sayCount('expired_title', count),
  unusedTitle: (count: number, days: number) => sayCount('unused_title', count, days),
  filtered: say('of_those_filtered'),
  unusedHint: say('unused_hint'),
  noExpired: say('no_expired'),
  noUnused: (days: number) => say('no_unused', days),
  act: (count: number) => sayCount('revoke_tokens', count),
} as const;

/** Where a token works. */
export function scopeWords(row: TokenRow, owner: string): string {
  if (row.kind === 'personal') return owner;
  if (row.kind === 'admin') return LIST.everything;
  const projects = row.projects.includes('*') ? LIST.everyProject : row.projects.join(', ');
  return `${projects} · ${row.environment ?? ''}`;
}

const dates = new Map<string, Intl.DateTimeFormat>();

/** `14 Mar 2027`, in the language of the words; without the year where it is this one and `short`. */
export function dayWords(time: number, now: number, short = false, locale = language()): string {
  const thisYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  const withYear = !(short && thisYear);
  const key = `${locale} ${withYear}`;
  let format = dates.get(key);
  if (!format) {
    // Making one is slow; a list makes many days of one.
    format = new Intl.DateTimeFormat(locale, {
      day: 'numeric',
      month: 'short',
      ...(withYear ? { year: 'numeric' } : {}),
    });
    dates.set(key, format);
  }
  return format.format(time);
}

/** What rows say. The browser is asked for each once: it takes as long to answer as a row takes to be drawn. */
const rowWords = {
  minutes: once(() => sayLater('minutes')),
  hours: once(() => sayLater('hours')),
  days: once(() => sayCountLater('days')),
  noExpiry: once(() => sayLater('no_expiry')),
  expiryUnknown: once(() => sayLater('expiry_unknown')),
  expiredOn: once(() => sayLater('expired_on')),
  inSpan: once(() => sayLater('in_span')),
  neverUsed: once(() => sayLater('never_used')),
  usedNow: once(() => sayLater('used_now')),
  usedAgo: once(() => sayLater('used_ago')),
};

/** A function that is made when it is called first. */
function once<Args extends unknown[]>(
  make: () => (...args: Args) => string,
): (...args: Args) => string {
  let made: ((...args: Args) => string) | undefined;
  return (...args) => {
    made ??= make();
    return made(...args);
  };
}

/** `5 min`, `3 h`, `2 days`: the largest whole unit that there is one of. */
export function spanWords(ms: number): string {
  if (ms < HOUR_MS) return rowWords.minutes(Math.max(1, Math.floor(ms / MINUTE_MS)));
  if (ms < DAY_MS) return rowWords.hours(Math.floor(ms / HOUR_MS));
  const days = Math.floor(ms / DAY_MS);
  return rowWords.days(days);
}

export type ExpiryMark = { tone: 'plain' | 'warn' | 'danger'; text: string };

/** From so many days before its end on a token is "expiring soon", until the user's own number is known. */
export const SOON_DAYS = 7;
/** Up to so many days before it the date reads as a span. */
const NEAR_DAYS = 30;

/** When a token ends, as its row says it. */
export function expiryMark(
  expiresAt: string | null,
  now: number,
  soonDays: number = SOON_DAYS,
  locale?: string,
): ExpiryMark {
  if (expiresAt === null) return { tone: 'plain', text: rowWords.noExpiry() };
  const end = Date.parse(expiresAt);
  if (Number.isNaN(end)) return { tone: 'plain', text: rowWords.expiryUnknown() };
  const left = end - now;
  if (left <= 0)
    return { tone: 'danger', text: rowWords.expiredOn(dayWords(end, now, true, locale)) };
  if (left > NEAR_DAYS * DAY_MS) return { tone: 'plain', text: dayWords(end, now, false, locale) };
  return {
    tone: left <= soonDays * DAY_MS ? 'warn' : 'plain',
    text: rowWords.inSpan(spanWords(left)),
  };
}

/** When it was used last. */
export function seenWords(seenAt: string | null, now: number): string {
  if (seenAt === null) return rowWords.neverUsed();
  const ago = now - Date.parse(seenAt);
  if (!(ago >= MINUTE_MS)) return rowWords.usedNow();
  return rowWords.usedAgo(spanWords(ago));
}

/** The end of a token that another stands in for. */
export function endsWords(endsAt: number, now: number): string {
  return endsAt <= now ? say('replaced_due') : say('replaced_ends', spanWords(endsAt - now));
}

/** A row of a list of names, said in one line. */
export function lineWords(row: TokenRow, owner: string): string {
  return `${KIND_NAMES[row.kind]} · ${scopeWords(row, owner)}`;
}

import type { TokenRow, TokenSort } from '../../platform/messages.ts';
import { KIND_NAMES } from '../words.ts';

/** Everything that the Tokens tab says. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const LIST = {
  list: 'Tokens',
  search: 'Search',
  searchPlaceholder: (count: number) => (count === 1 ? 'Search 1 token' : `Search ${count} tokens`),
  kind: 'Kind',
  project: 'Project',
  environment: 'Environment',
  allKinds: 'All kinds',
  allProjects: 'All projects',
  allEnvironments: 'All environments',
  sort: 'Sort',
  more: 'Several at once',
  soon: 'Expiring soon',
  api: 'API tokens',
  apiOfProjects: 'API tokens of your projects',
  personal: 'Personal',
  slots: (used: number, limit: number) => `${used} of ${limit} slots`,
  copy: 'Copy',
  extend: 'Extend',
  imitate: 'Make another like this',
  replace: 'Replace',
  revoke: 'Revoke',
  keep: 'Keep',
  revoking: 'Revoking',
  back: 'Back to the list',
  cancel: 'Cancel',
  dismiss: 'Dismiss',
  reload: 'Load the list again',
  openLogin: 'Open login page',
  created: (day: string) => `created ${day}`,
  everyProject: 'all projects',
  everything: 'everything on this server',
  found: (count: number) => (count === 1 ? '1 token matches' : `${count} tokens match`),
} as const;

export const SORT_NAMES: Record<TokenSort, string> = {
  name: 'By name',
  expiry: 'Expires first',
  seen: 'Used last',
  newest: 'Newest first',
};

export const NONE = {
  title: 'No API tokens yet',
  titleNothing: 'No tokens yet',
  text: 'Tokens that you create stand here, and those that others made.',
  create: 'Create a token',
  noMatch: 'Nothing matches',
  noMatchText: 'No token has this name, project and environment.',
  clear: 'Clear filters',
  barred: 'You cannot see API tokens here',
  barredText:
    'Your role on this server does not allow it. An Unleash admin can give you READ_CLIENT_API_TOKEN, or READ_PROJECT_API_TOKEN in one project.',
  failed: 'The list was not loaded',
  old: 'This is the list as it was before.',
  again: 'Try again',
} as const;

export const UNDO = {
  undo: 'Undo',
  label: 'Revoking',
  counting: (names: readonly string[], seconds: number) => {
    const [first = ''] = names;
    return names.length === 1
      ? `Revoking ${first} in ${seconds} s`
      : `Revoking ${names.length} tokens in ${seconds} s`;
  },
  sending: (names: readonly string[]) => {
    const [first = ''] = names;
    return names.length === 1 ? `Revoking ${first}` : `Revoking ${names.length} tokens`;
  },
  begun: (names: readonly string[]) => {
    const [first = ''] = names;
    return names.length === 1
      ? `Revoking ${first} in 5 s. Undo takes it back.`
      : `Revoking ${names.length} tokens in 5 s. Undo takes them back.`;
  },
  revoked: (names: readonly string[]) => {
    const [first = ''] = names;
    return names.length === 1 ? `${first} is revoked.` : `${names.length} tokens are revoked.`;
  },
  undone: (names: readonly string[]) => {
    const [first = ''] = names;
    return names.length === 1 ? `${first} stays.` : `${names.length} tokens stay.`;
  },
  late: 'Too late to undo: Unleash was asked already.',
} as const;

export const EXTEND = {
  title: (name: string) => `Extend ${name}`,
  text: 'The token itself stays the same. Nothing that uses it has to change.',
  now: (words: string) => `It ends now: ${words}.`,
  act: 'Extend',
  done: (name: string) => `${name} has a new end.`,
  never: 'Unleash shows an end in a thousand years as never.',
} as const;

export const REPLACE = {
  title: (name: string) => `Replace ${name}`,
  text: 'A new token like it is created and copied. Put it in the old one’s place, before the old one is revoked.',
  old: 'Old token',
  graces: { now: 'Now', '1h': '1 hour', '1d': '1 day', '7d': '7 days' },
  hints: {
    now: 'Revoked in 5 s, unless you undo it.',
    '1h': 'Revoked in 1 hour, also if the browser was closed meanwhile.',
    '1d': 'Revoked in 1 day, also if the browser was closed meanwhile.',
    '7d': 'Revoked in 7 days, also if the browser was closed meanwhile.',
  },
  act: 'Replace',
  notCopied: (why: string) => `Replaced, but not copied. ${why}`,
  oldKept: 'A new token was created',
} as const;

export const SEVERAL = {
  expired: 'Revoke all expired',
  unused: 'Revoke all unused',
  unusedFor: 'Unused for',
  days: (days: number) => `${days} days`,
  expiredTitle: (count: number) =>
    count === 1 ? 'Revoke 1 expired token' : `Revoke ${count} expired tokens`,
  unusedTitle: (count: number, days: number) =>
    count === 1
      ? `Revoke 1 token unused for ${days} days`
      : `Revoke ${count} tokens unused for ${days} days`,
  filtered: 'Of those that match your search and filters.',
  unusedHint: 'One that was never used counts from the day it was created.',
  noExpired: 'No token that you may revoke has expired',
  noUnused: (days: number) => `Every token that you may revoke was used in the last ${days} days`,
  act: (count: number) => (count === 1 ? 'Revoke 1 token' : `Revoke ${count} tokens`),
} as const;

/** Where a token works. */
export function scopeWords(row: TokenRow, owner: string): string {
  if (row.kind === 'personal') return owner;
  if (row.kind === 'admin') return LIST.everything;
  const projects = row.projects.includes('*') ? LIST.everyProject : row.projects.join(', ');
  return `${projects} · ${row.environment ?? ''}`;
}

const dates = new Map<string, Intl.DateTimeFormat>();

/** `14 Mar 2027`, by the user's locale; without the year where it is this one and `short`. */
export function dayWords(time: number, now: number, short = false, locale?: string): string {
  const thisYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  const withYear = !(short && thisYear);
  const key = `${locale ?? ''} ${withYear}`;
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

/** `5 min`, `3 h`, `2 days`: the largest whole unit that there is one of. */
export function spanWords(ms: number): string {
  if (ms < HOUR_MS) return `${Math.max(1, Math.floor(ms / MINUTE_MS))} min`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  const days = Math.floor(ms / DAY_MS);
  return days === 1 ? '1 day' : `${days} days`;
}

export type ExpiryMark = { tone: 'plain' | 'warn' | 'danger'; text: string };

/** From so many days before its end on a token is "expiring soon", and up to so many the date reads as a span. */
export const SOON_DAYS = 7;
const NEAR_DAYS = 30;

/** When a token ends, as its row says it. */
export function expiryMark(expiresAt: string | null, now: number, locale?: string): ExpiryMark {
  if (expiresAt === null) return { tone: 'plain', text: 'No expiry' };
  const end = Date.parse(expiresAt);
  if (Number.isNaN(end)) return { tone: 'plain', text: 'Expiry not known' };
  const left = end - now;
  if (left <= 0) return { tone: 'danger', text: `Expired ${dayWords(end, now, true, locale)}` };
  if (left > NEAR_DAYS * DAY_MS) return { tone: 'plain', text: dayWords(end, now, false, locale) };
  return { tone: left <= SOON_DAYS * DAY_MS ? 'warn' : 'plain', text: `in ${spanWords(left)}` };
}

/** When it was used last. */
export function seenWords(seenAt: string | null, now: number): string {
  if (seenAt === null) return 'never used';
  const ago = now - Date.parse(seenAt);
  if (!(ago >= MINUTE_MS)) return 'used just now';
  return `used ${spanWords(ago)} ago`;
}

/** The end of a token that another stands in for. */
export function endsWords(endsAt: number, now: number): string {
  return endsAt <= now ? 'replaced, to be revoked' : `replaced, ends in ${spanWords(endsAt - now)}`;
}

/** A row of a list of names, said in one line. */
export function lineWords(row: TokenRow, owner: string): string {
  return `${KIND_NAMES[row.kind]} · ${scopeWords(row, owner)}`;
}

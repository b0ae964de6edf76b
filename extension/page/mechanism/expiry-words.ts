import { isNever } from '../../../shared/token/expiry.ts';
import type { EndWords, TokenEnd } from '../../platform/messages.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

export type ExpiryTone = 'calm' | 'soon' | 'past';

export type ExpiryWords = {
  tone: ExpiryTone;
  /** "until 22 Dec 2026", "Expires in 2 days", "Expired 3 Nov". */
  short: string;
  /** "Expires Tue 22 Dec 2026, 14:05."; made when asked for, since it takes longer than all else of a table. */
  whole(): string;
};

/** What there is to say of an end, with a warning from `soonDays` before it on; null of one that never comes, and of a date that is none. */
export function expiryWords(
  { expiresAt, day }: Pick<TokenEnd, 'expiresAt' | 'day'>,
  now: Date,
  say: EndWords,
  soonDays: number,
): ExpiryWords | null {
  if (isNever(expiresAt, now) || expiresAt === null) return null;
  const end = new Date(expiresAt);
  const left = end.getTime() - now.getTime();
  if (Number.isNaN(left)) return null;
  const time = () => end.toLocaleString(say.language, WHOLE);
  if (left <= 0) {
    return {
      tone: 'past',
      short: fill(say.expired, day),
      whole: () => fill(say.expiredAt, time()),
    };
  }
  const whole = () => fill(say.expiresAt, time());
  if (left > soonDays * DAY_MS) {
    return { tone: 'calm', short: fill(say.until, day), whole };
  }
  return { tone: 'soon', short: soonWords(left, say), whole };
}

function soonWords(left: number, { inHours, inDays }: EndWords): string {
  if (left < DAY_MS) return fill(inHours, Math.max(1, Math.round(left / HOUR_MS)));
  return inDays[Math.round(left / DAY_MS)] ?? '';
}

function fill(words: string, value: string | number | null): string {
  return words.replace('$1', () => String(value ?? ''));
}

const WHOLE = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
} as const;

import { isNever } from '../../../shared/token/expiry.ts';
import type { TokenEnd } from '../../platform/messages.ts';
import { language, sayCountLater, sayLater } from '../../platform/say.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

const UNTIL = sayLater('until_day');
const EXPIRED = sayLater('expired_on');
const EXPIRED_AT = sayLater('expired_at');
const EXPIRES_AT = sayLater('expires_at');
const IN_HOURS = sayLater('expires_in_hours');
const IN_DAYS = sayCountLater('expires_in_days');
const LANGUAGE = language();

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
  soonDays: number,
): ExpiryWords | null {
  if (isNever(expiresAt, now) || expiresAt === null) return null;
  const end = new Date(expiresAt);
  const left = end.getTime() - now.getTime();
  if (Number.isNaN(left)) return null;
  const time = () => end.toLocaleString(LANGUAGE, WHOLE);
  if (left <= 0) {
    return { tone: 'past', short: EXPIRED(day ?? ''), whole: () => EXPIRED_AT(time()) };
  }
  const whole = () => EXPIRES_AT(time());
  if (left > soonDays * DAY_MS) {
    return { tone: 'calm', short: UNTIL(day ?? ''), whole };
  }
  return { tone: 'soon', short: soonWords(left), whole };
}

function soonWords(left: number): string {
  if (left < DAY_MS) return IN_HOURS(Math.max(1, Math.round(left / HOUR_MS)));
  return IN_DAYS(Math.round(left / DAY_MS));
}

const WHOLE = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
} as const;

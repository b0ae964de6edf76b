import { isNever } from '../../../shared/token/expiry.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** From here on an end is worth a warning. */
const SOON_DAYS = 7;

export type ExpiryTone = 'calm' | 'soon' | 'past';

export type ExpiryWords = {
  tone: ExpiryTone;
  /** "until 22 Dec 2026", "Expires in 2 days", "Expired 3 Nov". */
  short: string;
  /** "Expires Tue 22 Dec 2026, 14:05."; made when asked for, since it takes as long as all else of a table. */
  whole(): string;
};

/** What there is to say of an end; null of one that never comes, and of a date that is none. */
export function expiryWords(
  expiresAt: string | null,
  now: Date,
  locale?: string,
): ExpiryWords | null {
  if (isNever(expiresAt, now) || expiresAt === null) return null;
  const end = new Date(expiresAt);
  const left = end.getTime() - now.getTime();
  if (Number.isNaN(left)) return null;
  const time = () => formatter('whole', locale).format(end);
  if (left <= 0) {
    return {
      tone: 'past',
      short: `Expired ${dayOf(end, now, locale)}`,
      whole: () => `Expired ${time()}.`,
    };
  }
  const whole = () => `Expires ${time()}.`;
  if (left > SOON_DAYS * DAY_MS) {
    return { tone: 'calm', short: `until ${dayOf(end, null, locale)}`, whole };
  }
  return { tone: 'soon', short: soonWords(left), whole };
}

function soonWords(left: number): string {
  if (left < DAY_MS) return `Expires in ${Math.max(1, Math.round(left / HOUR_MS))} h`;
  const days = Math.round(left / DAY_MS);
  return days === 1 ? 'Expires in 1 day' : `Expires in ${days} days`;
}

/** Without its year where that is this one. */
function dayOf(date: Date, now: Date | null, locale?: string): string {
  const isThisYear = date.getFullYear() === now?.getFullYear();
  return formatter(isThisYear ? 'day' : 'date', locale).format(date);
}

const day = { day: 'numeric', month: 'short' } as const;
const date = { ...day, year: 'numeric' } as const;
const whole = { ...date, weekday: 'short', hour: '2-digit', minute: '2-digit' } as const;
const FORMS = { day, date, whole };

/** To make one takes longer than all else that a mark needs. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(form: keyof typeof FORMS, locale?: string): Intl.DateTimeFormat {
  const key = `${form} ${locale}`;
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(locale, FORMS[form]);
  formatters.set(key, made);
  return made;
}

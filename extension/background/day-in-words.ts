import { isNever } from '../../shared/token/expiry.ts';
import { language } from '../platform/say.ts';

const DAY = { day: 'numeric', month: 'short' } as const;
const DATE = { ...DAY, year: 'numeric' } as const;

/**
 * For `TokenEnd`: gives "22 Dec 2026", or "3 Nov" of a day of this year that is past, in the language of the words; null for
 * never and for what is no date. It is said here, since the first date that a page formats takes as long on its main
 * thread as all that we do there.
 */
export function dayInWords(
  now: Date,
  locale = language(),
): (expiresAt: string | null) => string | null {
  const [day, date] = [DAY, DATE].map((form) => new Intl.DateTimeFormat(locale, form));
  return (expiresAt) => {
    if (expiresAt === null || isNever(expiresAt, now)) return null;
    const end = new Date(expiresAt);
    if (Number.isNaN(end.getTime())) return null;
    const isOfThisYear = end <= now && end.getFullYear() === now.getFullYear();
    return (isOfThisYear ? day : date)?.format(end) ?? null;
  };
}

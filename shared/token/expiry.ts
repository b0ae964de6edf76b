/** When a token ends: what a person chooses, and what Unleash is told. */

/** The five choices of "Expires". The numbers are days. */
export type ExpiryChoice = '7' | '30' | '60' | 'never' | 'custom';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A PAT must have an end; "never" is this far ahead, as Unleash's own form has it (4.17 to 8.2.0). */
const NEVER_YEARS = 1000;

/** Unleash's UI shows "Never" for an end that is further ahead than this; so do we. */
const SHOWN_AS_NEVER_YEARS = 100;

/** The ISO date-time that stands for "never" on a PAT. */
export function neverAsDate(now: Date): string {
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + NEVER_YEARS);
  return end.toISOString();
}

/** Whether an end means "never": absent, or more than a hundred years ahead. */
export function isNever(expiresAt: string | null, now: Date): boolean {
  if (expiresAt === null) return true;
  const end = Date.parse(expiresAt);
  return new Date(end).getUTCFullYear() > now.getUTCFullYear() + SHOWN_AS_NEVER_YEARS;
}

export type ChosenExpiry =
  /** ISO date-time, or null for never. */
  | { ok: true; expiresAt: string | null }
  | { ok: false; problem: 'no-date' | 'not-a-date' | 'past' };

/**
 * The end that a choice means. `customDate` is a local date `YYYY-MM-DD`; the token ends at 23:59 of that day in the
 * local time zone, so today is a date that still works.
 */
export function chosenExpiry(choice: ExpiryChoice, customDate: string, now: Date): ChosenExpiry {
  if (choice === 'never') return { ok: true, expiresAt: null };
  if (choice !== 'custom') {
    return { ok: true, expiresAt: new Date(now.getTime() + Number(choice) * DAY_MS).toISOString() };
  }
  if (customDate.trim() === '') return { ok: false, problem: 'no-date' };
  const end = endOfLocalDay(customDate.trim());
  if (end === null) return { ok: false, problem: 'not-a-date' };
  if (end <= now) return { ok: false, problem: 'past' };
  return { ok: true, expiresAt: end.toISOString() };
}

function endOfLocalDay(date: string): Date | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const end = new Date(year, month - 1, day, 23, 59, 0, 0);
  // 31 February rolls over to March, and years below 100 to the 20th century.
  if (end.getFullYear() !== year || end.getMonth() !== month - 1 || end.getDate() !== day)
    return null;
  // Near the date line, 9999-12-31 in local time is the year 10000 in UTC, which Unleash refuses.
  return end.getUTCFullYear() > 9999 ? null : end;
}

/** Whole milliseconds until the end; negative when past, Infinity for never. */
export function timeLeft(expiresAt: string | null, now: Date): number {
  return expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt) - now.getTime();
}

import type { CreateForm } from '../platform/messages.ts';
import { language, say } from '../platform/say.ts';
import { localDate } from './name.ts';

const DAY_MS = 86_400_000;

/** Proposed for Custom: far enough to be worth the choice. */
const CUSTOM_DEFAULT_DAYS = 90;

/** A date so many days from now, as the date field wants it. */
export function customDateDefault(now: number): string {
  return localDate(now + CUSTOM_DEFAULT_DAYS * DAY_MS);
}

/**
 * When the form's token ends, in ms since 1970; null is never, undefined a custom date that is no date. A custom one
 * ends at 23:59 of its day, local time.
 */
export function expiryOf(
  form: Pick<CreateForm, 'expires' | 'customDate'>,
  now: number,
): number | null | undefined {
  if (form.expires === 'never') return null;
  if (form.expires !== 'custom') return now + Number(form.expires) * DAY_MS;
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(form.customDate);
  if (!parts) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const date = new Date(year, month - 1, day, 23, 59, 0, 0);
  // `new Date` takes 31 February for a day in March.
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : undefined;
}

const DATE = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const FORMS = {
  date: DATE,
  dateOfWeek: { weekday: 'short', ...DATE },
  time: { hour: '2-digit', minute: '2-digit' },
} as const;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Made once: to make one takes a hundred times as long as to use it, and each row of a list says a time. */
function formatOf(form: keyof typeof FORMS, locale: string): Intl.DateTimeFormat {
  const key = `${form} ${locale}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, FORMS[form]);
  formats.set(key, format);
  return format;
}

/** `Tue 22 Dec 2026, 14:05`, in the language of the words. */
export function wholeTime(time: number, locale = language()): string {
  const date = formatOf('dateOfWeek', locale).format(time);
  return `${withoutCommas(date)}, ${formatOf('time', locale).format(time)}`;
}

/** `22 Dec 2026, 14:05`, in the language of the words. */
export function shortTime(time: number, locale = language()): string {
  const date = formatOf('date', locale).format(time);
  return `${withoutCommas(date)}, ${formatOf('time', locale).format(time)}`;
}

/** "Tue, Dec 22, 2026" and a comma before the time would be one comma too many to read at a glance. */
function withoutCommas(date: string): string {
  return date.replace(/^(\p{L}+\.?), /u, '$1 ').replace(/, (\d{4})$/, ' $1');
}

/** `30 s`, `2 min`: a delay of whole seconds as people say it. */
export function delayWords(seconds: number): string {
  return seconds >= 120 && seconds % 60 === 0
    ? say('minutes', seconds / 60)
    : say('seconds', seconds);
}

/** Minutes left, never less than one. */
export function minutesLeft(until: number, now: number): number {
  return Math.max(1, Math.ceil((until - now) / 60_000));
}

/** Unleash keeps "never" of a personal token as a date a thousand years ahead; people read it as never. */
export function isFarAway(time: number, now: number): boolean {
  return time - now > 100 * 365 * DAY_MS;
}

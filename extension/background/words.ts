import type { CopyState, Failure } from '../platform/messages.ts';

/** What notifications and the context menu say. No secret is ever among what they are given. */

/** How much of a name is shown; a notification has room for about this. */
const NAME_LENGTH = 80;

const short = (name: string): string =>
  name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH)}…` : name;

/** In what time a copy is cleared, and what that takes along where nobody may look. */
function clearing({ delaySeconds, blind }: Pick<CopyState, 'delaySeconds' | 'blind'>): string {
  if (delaySeconds === null) return 'It stays on the clipboard until you copy something else.';
  return blind
    ? `The clipboard is cleared in ${delaySeconds} s, whatever is there then.`
    : `It is cleared from the clipboard in ${delaySeconds} s.`;
}

export const COPY_AGAIN = {
  copied: (name: string, copy: Pick<CopyState, 'delaySeconds' | 'blind'>) => ({
    title: `Copied ${short(name)} again`,
    message: clearing(copy),
  }),
  gone: {
    title: 'No token is kept any more',
    message: 'A new secret is kept for 5 minutes, then let go. Create another if you need one.',
  },
  refused: {
    title: 'The token was not copied',
    message:
      'The browser did not let Tokenleash write to the clipboard. Open Tokenleash and press "Copy again".',
  },
};

export const CREATE_LAST = {
  created: (name: string, host: string, copy: Pick<CopyState, 'delaySeconds' | 'blind'> | null) =>
    copy === null
      ? { title: `Created ${short(name)}, but not copied`, message: NOT_COPIED }
      : { title: `Created ${short(name)} on ${host} and copied it`, message: clearing(copy) },
  several: (
    made: number,
    count: number,
    host: string,
    copy: Pick<CopyState, 'delaySeconds' | 'blind'> | null,
  ) => ({
    title: `${made} of ${count} tokens created on ${host}`,
    message: made === 0 ? NOTHING_MADE : copy === null ? NOT_COPIED : clearing(copy),
  }),
  failed: ({ title, message }: Pick<Failure, 'title' | 'message'>) => ({
    title: short(title),
    message,
  }),
};

const NOT_COPIED =
  'The browser did not let Tokenleash write to the clipboard. Open Tokenleash to copy it.';
const NOTHING_MADE = 'Open Tokenleash to see why.';

export const MENU = {
  create: 'Create a token here…',
  copyAgain: 'Copy last token again',
  options: 'Open Tokenleash options',
};

export const NOT_AN_INSTANCE = {
  title: 'This page is none of your instances',
  message: 'Add its address in the options of Tokenleash to create tokens here.',
};

const withinDays = (days: number): string => (days === 1 ? 'within a day' : `within ${days} days`);

/** How many names a notification holds. */
const NAMES = 3;

export const EXPIRY = {
  badge: (count: number, days: number) =>
    count === 1 ? `1 token ends ${withinDays(days)}` : `${count} tokens end ${withinDays(days)}`,
  notice: (instance: string, names: readonly string[], days: number) => ({
    title:
      names.length === 1
        ? `A token of ${short(instance)} ends ${withinDays(days)}`
        : `${names.length} tokens of ${short(instance)} end ${withinDays(days)}`,
    message:
      names.length > NAMES
        ? `${names.slice(0, NAMES).map(short).join(', ')} and ${names.length - NAMES} more`
        : names.map(short).join(', '),
  }),
};

import type { CopyState, Failure } from '../platform/messages.ts';
import { say, sayCount } from '../platform/say.ts';

/** What notifications and the context menu say. No secret is ever among what they are given. */

/** How much of a name is shown; a notification has room for about this. */
const NAME_LENGTH = 80;

const short = (name: string): string =>
  name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH)}…` : name;

/** In what time a copy is cleared, and what that takes along where nobody may look. */
function clearing({ delaySeconds, blind }: Pick<CopyState, 'delaySeconds' | 'blind'>): string {
  if (delaySeconds === null) return say('stays_on_clipboard');
  return blind ? say('clears_blind', delaySeconds) : say('clears_it', delaySeconds);
}

export const COPY_AGAIN = {
  copied: (name: string, copy: Pick<CopyState, 'delaySeconds' | 'blind'>) => ({
    title: say('copied_again', short(name)),
    message: clearing(copy),
  }),
  gone: () => ({ title: say('none_kept'), message: say('kept_5_min') }),
  refused: () => ({ title: say('token_not_copied'), message: say('write_refused_open') }),
};

export const CREATE_LAST = {
  created: (name: string, host: string, copy: Pick<CopyState, 'delaySeconds' | 'blind'> | null) =>
    copy === null
      ? { title: say('created_not_copied', short(name)), message: notCopied() }
      : { title: say('created_and_copied', short(name), host), message: clearing(copy) },
  several: (
    made: number,
    count: number,
    host: string,
    copy: Pick<CopyState, 'delaySeconds' | 'blind'> | null,
  ) => ({
    title: say('several_created', made, count, host),
    message: made === 0 ? say('open_to_see') : copy === null ? notCopied() : clearing(copy),
  }),
  otherLogin: (session: 'private' | 'container') =>
    session === 'private'
      ? { title: say('not_created_private'), message: say('private_window_text') }
      : { title: say('not_created_container'), message: say('container_tab_text') },
  failed: ({ title, message }: Pick<Failure, 'title' | 'message'>) => ({
    title: short(title),
    message,
  }),
};

const notCopied = () => say('write_refused_created');

export const MENU = {
  create: () => say('menu_create'),
  copyAgain: () => say('command_copy_last_again'),
  options: () => say('menu_options'),
};

export const notAnInstance = () => ({
  title: say('no_instance_here'),
  message: say('no_instance_here_next'),
});

/** How many names a notification holds. */
const NAMES = 3;

export const EXPIRY = {
  badge: (count: number, days: number) =>
    days === 1 ? sayCount('tokens_end_in_a_day', count) : sayCount('tokens_end', count, days),
  notice: (instance: string, names: readonly string[], days: number) => ({
    title:
      days === 1
        ? sayCount('tokens_of_end_in_a_day', names.length, short(instance))
        : sayCount('tokens_of_end', names.length, short(instance), days),
    message:
      names.length > NAMES
        ? say('and_more', names.slice(0, NAMES).map(short).join(', '), names.length - NAMES)
        : names.map(short).join(', '),
  }),
};

import type { Failure } from '../../platform/messages.ts';
import { type MessageKey, say } from '../../platform/say.ts';
import { SETTINGS_FILE_LIMIT } from '../../platform/settings-file-limit.ts';

/** Said when it is needed: the background starts often, and refuses a file seldom. */
function refused(code: string, title: MessageKey, next: () => string): Failure {
  return {
    ok: false,
    code,
    get title() {
      return say(title);
    },
    get message() {
      return say('file_nothing', next());
    },
  };
}

export const LARGE = refused('file.large', 'file_large', () =>
  say('file_large_next', SETTINGS_FILE_LIMIT / 1024),
);

export const BROKEN = refused('file.broken', 'file_broken', () => say('file_broken_next'));

export const OTHER = refused('file.other', 'file_foreign', () => say('file_foreign_next'));

export const NEWER = refused('file.newer', 'file_newer', () => say('file_newer_next'));

export const OLDER = refused('file.older', 'file_older', () => say('file_older_next'));

export const SECRET = refused('file.secret', 'file_secret', () => say('file_secret_next'));

export const NO_ROOM = refused('file.no-room', 'file_no_room', () => say('file_no_room_next'));

export function hostile(name: string): Failure {
  return refused('file.hostile', 'file_hostile', () => say('file_hostile_next', name));
}

/** `place` is a path in the file, made of names that we know and of numbers. */
export function wrong(place: string): Failure {
  return refused('file.value', 'file_value', () => say('file_value_next', place));
}

export function long(name: string, limit: number): Failure {
  return refused('file.long', 'file_long', () => say('file_long_next', name, limit));
}

import type { Failure } from '../../platform/messages.ts';
import { say } from '../../platform/say.ts';
import { SETTINGS_FILE_LIMIT } from '../../platform/settings-file-limit.ts';

function refused(code: string, title: string, message: string): Failure {
  return { ok: false, code, title, message: say('file_nothing', message) };
}

export const large = () =>
  refused('file.large', say('file_large'), say('file_large_next', SETTINGS_FILE_LIMIT / 1024));

export const broken = () => refused('file.broken', say('file_broken'), say('file_broken_next'));

export const other = () => refused('file.other', say('file_foreign'), say('file_foreign_next'));

export const newer = () => refused('file.newer', say('file_newer'), say('file_newer_next'));

export const older = () => refused('file.older', say('file_older'), say('file_older_next'));

export const secret = () => refused('file.secret', say('file_secret'), say('file_secret_next'));

export const noRoom = () => refused('file.no-room', say('file_no_room'), say('file_no_room_next'));

export function hostile(name: string): Failure {
  return refused('file.hostile', say('file_hostile'), say('file_hostile_next', name));
}

/** `place` is a path in the file, made of names that we know and of numbers. */
export function wrong(place: string): Failure {
  return refused('file.value', say('file_value'), say('file_value_next', place));
}

export function long(name: string, limit: number): Failure {
  return refused('file.long', say('file_long'), say('file_long_next', name, limit));
}

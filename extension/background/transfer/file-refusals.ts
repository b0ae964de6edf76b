import type { Failure } from '../../platform/messages.ts';
import { SETTINGS_FILE_LIMIT } from '../../platform/settings-file-limit.ts';

const NOTHING = 'Nothing was changed.';

function refused(code: string, title: string, message: string): Failure {
  return { ok: false, code, title, message: `${message} ${NOTHING}` };
}

export const LARGE = refused(
  'file.large',
  'This file is too large',
  `A settings file has at most ${SETTINGS_FILE_LIMIT / 1024} kB. Choose one that Tokenleash exported.`,
);

export const BROKEN = refused(
  'file.broken',
  'This file does not read as JSON',
  'It may have been cut off. Export it once more.',
);

export const OTHER = refused(
  'file.other',
  'This is no settings file of Tokenleash',
  'Choose one that was exported from its options.',
);

export const NEWER = refused(
  'file.newer',
  'This file is from a newer Tokenleash',
  'Update the extension in this browser, then import it.',
);

export const OLDER = refused(
  'file.older',
  'This file is older than this version can read',
  'Import it in the version that wrote it, update there, and export it again.',
);

export const SECRET = refused(
  'file.secret',
  'This file holds a token',
  'Settings hold none, and would keep it in clear. Take it out of the file, and revoke it if others have seen the file.',
);

export const NO_ROOM = refused(
  'file.no-room',
  'The browser has no room left for Tokenleash',
  'Delete recipes or instances that you no longer use, then import it again.',
);

export function hostile(name: string): Failure {
  return refused(
    'file.hostile',
    'This file was not written by Tokenleash',
    `It holds the name ${name}, which no setting has. Do not use it.`,
  );
}

/** `place` is a path in the file, made of names that we know and of numbers. */
export function wrong(place: string): Failure {
  return refused(
    'file.value',
    'This file holds a value that cannot be',
    `Look at ${place} in it, or export it once more.`,
  );
}

export function long(name: string, limit: number): Failure {
  return refused(
    'file.long',
    'This file holds too much',
    `${name} has more than ${limit} entries.`,
  );
}

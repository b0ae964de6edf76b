import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { codeOf } from '../problem.ts';

/**
 * Tokens that act as a person or as an admin, wherever they stand in a line: glued to a quote, a flag or an escaped
 * line break, and with their colon encoded. Phantom tokens are worth nothing elsewhere and are not meant; 64 hex
 * digits (tokens before Unleash 4.2) are in most files something else.
 */
const TOKEN =
  /(?:user(?::|%3a)|\*(?::|%3a)\*\.)(?:[0-9a-f]{56}(?![0-9A-Za-z])|v2_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-]))/i;

/** Longer than the histories and dotfiles of people; beyond it a file is data. */
const READ_LIMIT_BYTES = 64 * 1024 * 1024;

export function hasToken(text: string): boolean {
  return TOKEN.test(text);
}

export type TokenLines = { is: 'read'; lines: number[] } | { is: 'unreadable' };

/** The lines of a file that hold a token, counted from 1. A file that is not there holds none. */
export async function tokenLines(path: string): Promise<TokenLines> {
  try {
    // Opening a pipe would wait for whoever writes into it.
    if (!(await stat(path)).isFile()) return { is: 'read', lines: [] };
    const stream = createReadStream(path, { encoding: 'latin1', end: READ_LIMIT_BYTES });
    const lines: number[] = [];
    let number = 0;
    for await (const line of createInterface({
      input: stream,
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      number += 1;
      if (hasToken(line)) lines.push(number);
    }
    return { is: 'read', lines };
  } catch (error) {
    return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(codeOf(error))
      ? { is: 'read', lines: [] }
      : { is: 'unreadable' };
  }
}

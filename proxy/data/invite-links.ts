import type { Exchange } from './exchange.ts';
import type { Redactor } from './redactor.ts';

/**
 * The event log shows every invite link that was made, to whoever may read it (seen on 4.19.5 to 8.2.0). Whoever has
 * one becomes a user, so it is a credential; the rest of the log is not.
 */
export const SHOW_INVITE_LINKS: ReadonlySet<string> = new Set([
  'getEvents',
  'searchEvents',
  'deprecatedSearchEvents',
]);

/** Whether invite links have to be masked in the answer: for all but a client that may mint. */
export function hidesInviteLinks({ operation, client }: Exchange): boolean {
  return operation !== null && SHOW_INVITE_LINKS.has(operation.id) && client?.mint !== true;
}

/** What stands before a link's secret: by itself, and in the link. */
const BEFORE = ['"secret":"', 'invite='].map((text) => {
  const bytes = Buffer.from(text);
  return { bytes, fallback: fallbackOf(bytes) };
});

const QUOTE = 0x22;
const MASK = 0x2a;

/** Knuth, Morris and Pratt: how much of the beginning still fits where the next byte does not. */
function fallbackOf(bytes: Buffer): readonly number[] {
  const table = [0];
  for (let at = 1, fits = 0; at < bytes.length; at += 1) {
    while (fits > 0 && bytes[at] !== bytes[fits]) fits = table[fits - 1] ?? 0;
    if (bytes[at] === bytes[fits]) fits += 1;
    table.push(fits);
  }
  return table;
}

/**
 * Masks, in place, what is called a secret and what follows `invite=`, up to the next quote, wherever the chunks are split. It
 * stands before the PAT's redactor, which may emit a buffer of its own.
 */
export function createInviteMask(): Redactor {
  const fits = BEFORE.map(() => 0);
  let masking = false;

  const found = (byte: number): boolean => {
    let complete = false;
    for (const [at, { bytes, fallback }] of BEFORE.entries()) {
      let length = fits[at] ?? 0;
      while (length > 0 && bytes[length] !== byte) length = fallback[length - 1] ?? 0;
      if (bytes[length] === byte) length += 1;
      if (length === bytes.length) {
        complete = true;
        length = 0;
      }
      fits[at] = length;
    }
    return complete;
  };

  return {
    push(chunk, emit) {
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at] ?? 0;
        if (masking && byte !== QUOTE) chunk[at] = MASK;
        else masking = found(byte);
      }
      emit(chunk);
    },
    end: () => undefined,
  };
}

/** One redactor after the other. */
export function inTurn(first: Redactor, second: Redactor): Redactor {
  return {
    push: (chunk, emit) => first.push(chunk, (piece) => second.push(piece, emit)),
    end(emit) {
      first.end((piece) => second.push(piece, emit));
      second.end(emit);
    },
  };
}

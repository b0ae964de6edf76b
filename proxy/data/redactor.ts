/** What replaces a secret, byte for byte, so that lengths and JSON stay as they are. */
const MASK = 0x2a;
const MASK_TEXT = '*';

/**
 * What of a secret has to be found. The part before a PAT's colon says nothing, and `user%3A<hex>` gives the token
 * away as well as the plain form does.
 */
function needleOf(secret: string): string {
  const colon = secret.indexOf(':');
  return colon >= 0 && secret.length - colon > 16 ? secret.slice(colon + 1) : secret;
}

/** Masks a secret in a text of a few hundred characters: a header's value, a message. */
export function redactText(text: string, secret: string): string {
  const needle = needleOf(secret);
  return text.includes(needle) ? text.replaceAll(needle, MASK_TEXT.repeat(needle.length)) : text;
}

type NeedleBytes = { secret: string; needle: Buffer; mask: Buffer };

let lastBytes: NeedleBytes | null = null;

/** One answer after the other is searched for the same secret. */
function bytesOf(secret: string): NeedleBytes {
  if (lastBytes?.secret !== secret) {
    const needle = Buffer.from(needleOf(secret), 'latin1');
    lastBytes = { secret, needle, mask: Buffer.alloc(needle.length, MASK) };
  }
  return lastBytes;
}

export type Redactor = {
  /** Calls `emit` with what may go on. Masks in place: the chunk belongs to the redactor from here. */
  push(chunk: Buffer, emit: (piece: Buffer) => void): void;
  /** At the end: what was held back was no secret. */
  end(emit: (piece: Buffer) => void): void;
};

/**
 * Masks every occurrence of a secret in a stream of chunks, wherever it is split. Bytes are held back only while
 * the end of what came is the beginning of the secret; there is no copy of a chunk (research: joining a carry to
 * 64 KiB costs four times the search).
 */
export function createRedactor(secret: string): Redactor {
  const { needle, mask } = bytesOf(secret);
  const size = needle.length;
  /** How many bytes of the secret the stream so far ends with; they are held back. */
  let held = 0;

  /** How long a beginning of the secret the chunk ends with. */
  const openEnd = (chunk: Buffer, from: number): number => {
    let at = Math.max(from, chunk.length - size + 1);
    for (;;) {
      at = chunk.indexOf(needle[0] ?? 0, at);
      if (at < 0) return 0;
      if (chunk.compare(needle, 0, chunk.length - at, at) === 0) return chunk.length - at;
      at += 1;
    }
  };

  /** Goes on with what is held; returns where in the chunk the search begins, or -1 if the chunk is used up. */
  const resume = (chunk: Buffer, emit: (piece: Buffer) => void): number => {
    for (;;) {
      const take = Math.min(size - held, chunk.length);
      if (chunk.compare(needle, held, held + take, 0, take) === 0) {
        if (held + take < size) {
          held += take;
          return -1;
        }
        held = 0;
        emit(mask);
        return take;
      }
      // Not here; the secret may still begin later within what is held, as `aab` does in `aaab`.
      const shorter = shorterStart(needle, held);
      emit(needle.subarray(0, held - shorter));
      held = shorter;
      if (held === 0) return 0;
    }
  };

  return {
    push(chunk, emit) {
      let from = 0;
      if (held > 0) {
        from = resume(chunk, emit);
        if (from < 0) return;
      }
      let at = chunk.indexOf(needle, from);
      let searched = from;
      while (at >= 0) {
        chunk.fill(MASK, at, at + size);
        searched = at + size;
        at = chunk.indexOf(needle, searched);
      }
      held = openEnd(chunk, searched);
      const piece = held === 0 && from === 0 ? chunk : chunk.subarray(from, chunk.length - held);
      if (piece.length > 0) emit(piece);
    },
    end(emit) {
      if (held > 0) emit(needle.subarray(0, held));
      held = 0;
    },
  };
}

/** The longest proper end of the needle's first `length` bytes that is also a beginning of it. */
function shorterStart(needle: Buffer, length: number): number {
  for (let shorter = length - 1; shorter > 0; shorter -= 1) {
    if (needle.compare(needle, 0, shorter, length - shorter, length) === 0) return shorter;
  }
  return 0;
}

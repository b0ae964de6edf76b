import type { Bytes } from './bytes.ts';

/**
 * The code that a person carries from the terminal to the popup: 24 characters of Crockford's base 32 in six groups,
 * `WXYZ-…`. The first group says where (format 0, control port); the other five are 100 random bits.
 */
export type PairingCode = {
  /** Control port, 1–65535. */
  port: number;
  /** The 24 characters without dashes, upper case: what both ends key their proofs with. Never sent. */
  text: string;
};

/** https://www.crockford.com/base32.html: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUP = 4;
const LENGTH = 24;
const RANDOM_CHARACTERS = LENGTH - GROUP;

export const PAIRING_CODE_LIFETIME_MS = 60_000;
export const PAIRING_CODE_TRIES = 5;

/** A new code for a control port, in groups, ready to print. `random` fills bytes; WebCrypto's by default. */
export function makePairingCode(
  port: number,
  random: (bytes: Bytes) => Bytes = (bytes) => crypto.getRandomValues(bytes),
): string {
  let text = '';
  for (let shift = 5 * (GROUP - 1); shift >= 0; shift -= 5) text += ALPHABET[(port >> shift) & 31];
  // 256 is a multiple of 32: the low five bits of a random byte are five random bits.
  for (const byte of random(new Uint8Array(RANDOM_CHARACTERS))) text += ALPHABET[byte & 31];
  return text.replace(/.{4}(?=.)/g, '$&-');
}

/**
 * Reads a code as a person pastes or types it: any case, spaces, dashes (of any kind) or none, `o` for 0, `i` and `l`
 * for 1. Null for what cannot be a code.
 */
export function readPairingCode(typed: string): PairingCode | null {
  if (typed.length > 200) return null;
  const text = typed
    .toUpperCase()
    .replace(/[\s\p{Pd}\u200B-\u200F\u2060\uFEFF]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  if (text.length !== LENGTH) return null;
  let port = 0;
  for (const [index, character] of [...text].entries()) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    if (index < GROUP) port = port * 32 + value;
  }
  // Above 65535 stand the four bits that a later format of the code would set.
  return port >= 1 && port <= 65535 ? { port, text } : null;
}

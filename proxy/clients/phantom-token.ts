import { hash, randomBytes } from 'node:crypto';
import { PHANTOM_PREFIX } from '../../shared/token/grammar.ts';

/** 256 random bits: nobody guesses one, so a plain SHA-256 of it is all that needs to be kept. */
const RANDOM_BYTES = 32;

/** `user:tl_` and 43 base64url characters. Shaped as a PAT, so that clients which check the form take it. */
export function makePhantomToken(random: (size: number) => Buffer = randomBytes): string {
  return PHANTOM_PREFIX + random(RANDOM_BYTES).toString('base64url');
}

/** Hex SHA-256, the only thing that outlives the connection on which a phantom token came. */
export function hashPhantomToken(token: string): string {
  return hash('sha256', token, 'hex');
}

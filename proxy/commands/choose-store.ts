import { EXIT, Problem } from '../problem.ts';
import type { StoreName } from '../profiles/profile.ts';
import { createKeychain } from '../secrets/keychain.ts';
import { KEYCHAIN_LIMIT_MS, systemKeyring } from '../secrets/keyring.ts';
import { type Io, tell } from './command.ts';
import { hasTerminal } from './terminal.ts';

/** Where a person sits, a keychain may ask to be unlocked; that takes as long as a password takes to type. */
const UNLOCKING_LIMIT_MS = 60_000;
const WAITING_IS_SAID_MS = 1_000;

/**
 * The store that a token goes to: the one that was asked for, tried out before anything is asked or sent; else the
 * keychain if it works, else the sealed file. Throws a Problem (exit 4) for a keychain that was asked for and does
 * not work.
 */
export async function chooseStore(asked: StoreName | undefined, io: Io): Promise<StoreName> {
  if (asked === 'sealed-file' || asked === 'memory') return asked;
  const patient = asked === 'keychain' && hasTerminal(io);
  const waiting = setTimeout(
    () => tell(io, 'Waiting for the keychain: it may ask to be unlocked.'),
    WAITING_IS_SAID_MS,
  );
  const limit = patient ? UNLOCKING_LIMIT_MS : KEYCHAIN_LIMIT_MS;
  const problem = await createKeychain(io.paths, systemKeyring(io.env, limit))
    .probe()
    .finally(() => clearTimeout(waiting));
  if (problem === null) return 'keychain';
  if (asked === undefined) return 'sealed-file';
  throw new Problem(`${problem.message} Nothing was stored.`, problem.next, EXIT.credential);
}

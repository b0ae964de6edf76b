import { neededStores } from '../profiles/needed-stores.ts';
import type { Profile } from '../profiles/profile.ts';
import { createKeychain } from '../secrets/keychain.ts';
import { systemKeyring } from '../secrets/keyring.ts';
import type { OpenStores, StoreKey } from '../secrets/open-stores.ts';
import { PASSPHRASE_VARIABLE, sealedFileExists, sealedPath } from '../secrets/passphrase.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { openSealed, requirePassphraseWay } from './ask-passphrase.ts';
import type { Io } from './command.ts';

/**
 * Opens what these profiles need, and beyond it what opens without asking: the links of paired browsers lie there
 * too. The keychain is only made ready: it is asked when it is needed. Throws a Problem with exit code 4 where a passphrase is needed and nobody can give it.
 */
export async function openNeededStores(profiles: readonly Profile[], io: Io): Promise<OpenStores> {
  const needed = neededStores(profiles);
  const typed = 'tokenleash start';
  const stores: OpenStores = { keychain: createKeychain(io.paths, systemKeyring(io.env)) };
  if (needed.unattended || (await sealedFileExists(sealedPath(io.paths, 'unattended'))))
    stores.unattended = await openSealed(io, 'unattended', typed);
  if (needed.attended) requirePassphraseWay(io, typed);
  if (needed.attended || io.env[PASSPHRASE_VARIABLE])
    stores.attended = await openSealed(io, 'attended', typed);
  return stores;
}

/** Opens one store for a command; `typed` is what to type again. Throws a Problem where it cannot be used. */
export async function openStore(io: Io, key: StoreKey, typed: string): Promise<SecretStore> {
  return key === 'keychain'
    ? createKeychain(io.paths, systemKeyring(io.env))
    : await openSealed(io, key, typed);
}

import type { Paths } from '../runtime/paths.ts';
import { createKeychain, listKeychain } from './keychain.ts';
import { systemKeyring } from './keyring.ts';
import type { StoreKey } from './open-stores.ts';
import { sealedPath } from './passphrase.ts';
import { listSealedFile, removeSealedEntry } from './sealed-file.ts';
import type { EntryKind, EntryListing } from './secret-store.ts';

export const STORE_KEYS: readonly StoreKey[] = ['attended', 'unattended', 'keychain'];

/** What lies in one of our stores, without opening it; null where there is no such store yet. */
export async function listStored(paths: Paths, key: StoreKey): Promise<EntryListing[] | null> {
  return key === 'keychain'
    ? await listKeychain(paths)
    : await listSealedFile(sealedPath(paths, key));
}

/**
 * Removes an entry from one of our stores, and says whether there was one. A sealed file needs no passphrase for it;
 * the keychain has to be unlocked. With `own`, the store is the one that the entry is known to be in: the keychain is
 * asked even where our list of it does not name the entry. Throws a Problem for a store that is damaged or does not
 * answer.
 */
export async function removeStored(
  paths: Paths,
  env: NodeJS.ProcessEnv,
  key: StoreKey,
  entry: { kind: EntryKind; profile: string; own?: boolean },
): Promise<boolean> {
  const { kind, profile, own } = entry;
  if (key !== 'keychain') return await removeSealedEntry(sealedPath(paths, key), kind, profile);
  const keychain = createKeychain(paths, systemKeyring(env));
  return own ? await keychain.removeUnlisted(kind, profile) : await keychain.remove(kind, profile);
}

import type { Profile, StoreName } from '../profiles/profile.ts';
import type { Keychain } from './keychain.ts';
import type { SealedStore } from './sealed-file.ts';

/** Our stores that outlive a process: the two sealed files (see `passphrase.ts`), and the keychain. */
export type StoreKey = 'attended' | 'unattended' | 'keychain';

/** Those that this process may use. The keychain is asked for nothing before it is needed. */
export type OpenStores = {
  attended?: SealedStore;
  unattended?: SealedStore;
  keychain?: Keychain;
};

/** Where this profile's PAT lies, or null where that is memory, or none of our stores. */
export function storeKeyOf({ source, unattended }: Profile): StoreKey | null {
  if (!('store' in source) || source.store === 'memory') return null;
  if (source.store === 'keychain') return 'keychain';
  return unattended ? 'unattended' : 'attended';
}

/** A store as `--store` names it; null is memory. */
export function storeNameOf(key: StoreKey | null): StoreName {
  if (key === null) return 'memory';
  return key === 'keychain' ? 'keychain' : 'sealed-file';
}

/**
 * Where something new is kept that names no store: a sealed file that is open, as its owner chose one; else the
 * keychain if it works; else nowhere, which is null.
 */
export async function storeForNew(stores: OpenStores): Promise<StoreKey | null> {
  if (stores.attended) return 'attended';
  if (stores.unattended) return 'unattended';
  return stores.keychain && (await stores.keychain.probe()) === null ? 'keychain' : null;
}

import { type StoreKey, storeKeyOf } from '../secrets/open-stores.ts';
import type { Profile } from './profile.ts';

/** Which of our stores these profiles need. */
export function neededStores(profiles: readonly Profile[]): Record<StoreKey, boolean> {
  const keys = new Set(profiles.map(storeKeyOf));
  return {
    attended: keys.has('attended'),
    unattended: keys.has('unattended'),
    keychain: keys.has('keychain'),
  };
}

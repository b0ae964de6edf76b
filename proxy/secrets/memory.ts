import type { StoredSecret } from './secret.ts';

/** PATs that only the running proxy knows; gone when it ends. */
export type MemoryStore = {
  get(profile: string, origin: string): StoredSecret | null;
  put(profile: string, secret: StoredSecret): void;
  remove(profile: string): void;
  /** Forgets all other profiles' PATs. */
  retain(profiles: ReadonlySet<string>): void;
};

export function createMemoryStore(): MemoryStore {
  const kept = new Map<string, StoredSecret>();
  return {
    get(profile, origin) {
      const secret = kept.get(profile);
      // Bound to the base URL that it was stored for, as a sealed entry is.
      return secret?.origin === origin ? secret : null;
    },
    put: (profile, secret) => void kept.set(profile, secret),
    remove: (profile) => void kept.delete(profile),
    retain(profiles) {
      for (const name of kept.keys()) if (!profiles.has(name)) kept.delete(name);
    },
  };
}

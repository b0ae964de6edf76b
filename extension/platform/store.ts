import { browser } from './browser.ts';

/**
 * A place for values by key. `local` outlives the browser and lies on disk in clear: settings only, never a secret.
 * `session` is memory, closed to content scripts, gone with the browser.
 */
export type Store = {
  read(key: string): Promise<unknown>;
  write(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
  /** Several at once: all of them are written, or none is. */
  writeAll(values: Record<string, unknown>): Promise<void>;
};

type Area = {
  get(key: string): Promise<Record<string, unknown>>;
  set(values: Record<string, unknown>): Promise<void>;
  remove(key: string): Promise<void>;
};

function storeIn(area: () => Area): Store {
  return {
    read: async (key) => (await area().get(key))[key],
    write: (key, value) => area().set({ [key]: value }),
    remove: (key) => area().remove(key),
    writeAll: (values) => area().set(values),
  };
}

export const localStore: Store = storeIn(() => browser.storage.local);
export const sessionStore: Store = storeIn(() => browser.storage.session);

/**
 * Closes both stores to content scripts where the browser can (Chromium; Firefox has no such switch, its `session` is
 * closed already and its `local` stays readable, which is why nothing secret lies there).
 */
export async function closeStoresToPages(): Promise<void> {
  for (const area of [browser.storage.local, browser.storage.session]) {
    const { setAccessLevel } = area as { setAccessLevel?: (o: object) => Promise<void> };
    await setAccessLevel?.call(area, { accessLevel: 'TRUSTED_CONTEXTS' });
  }
}

import type { Store } from './store.ts';

export type HeldStore = Store & {
  /** Whether the value of this key is in the background's own memory alone, because the browser had no room for it. */
  isHeld(key: string): boolean;
};

/**
 * The same store, which a browser with no room left does not break: what it refuses is held in the background's own
 * memory until there is room again or the background ends. For `session` alone, which promises no more than memory;
 * what must outlive the browser has to be refused with a word. `held` is called whenever something is held: the
 * background should not go to sleep then.
 */
export function heldStore(store: Store, held: () => void): HeldStore {
  const kept = new Map<string, unknown>();

  async function attempt(keys: readonly string[], change: () => Promise<void>, hold: () => void) {
    try {
      await change();
      for (const key of keys) kept.delete(key);
    } catch {
      hold();
      held();
    }
  }

  return {
    read: async (key) => (kept.has(key) ? structuredClone(kept.get(key)) : store.read(key)),
    write: (key, value) =>
      attempt(
        [key],
        () => store.write(key, value),
        () => kept.set(key, structuredClone(value)),
      ),
    writeAll: (values) =>
      attempt(
        Object.keys(values),
        () => store.writeAll(values),
        () => {
          for (const [key, value] of Object.entries(values)) kept.set(key, structuredClone(value));
        },
      ),
    // What lies there is older than what was taken away, and must not come up again.
    remove: (key) =>
      attempt(
        [key],
        () => store.remove(key),
        () => kept.set(key, undefined),
      ),
    isHeld: (key) => kept.get(key) !== undefined,
  };
}

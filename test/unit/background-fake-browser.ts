import type {
  ClearOrder,
  ClipboardAccess,
} from '../../extension/background/clipboard/clipboard-access.ts';
import { sha256 } from '../../extension/background/clipboard/sha256.ts';
import type { Store } from '../../extension/platform/store.ts';

/** A store as browsers have it: what goes in is copied, and must be data. */
export function fakeStore(): Store & { all(): Record<string, unknown> } {
  const values = new Map<string, string>();
  const asText = (key: string, value: unknown) => {
    const text = JSON.stringify(value);
    if (text === undefined) throw new Error(`${key} is not data`);
    return text;
  };
  return {
    read: async (key) => {
      const value = values.get(key);
      return value === undefined ? undefined : JSON.parse(value);
    },
    write: async (key, value) => {
      values.set(key, asText(key, value));
    },
    writeAll: async (all) => {
      const texts = Object.entries(all).map(([key, value]) => [key, asText(key, value)] as const);
      for (const [key, text] of texts) values.set(key, text);
    },
    remove: async (key) => void values.delete(key),
    all: () => Object.fromEntries([...values].map(([key, value]) => [key, JSON.parse(value)])),
  };
}

export function fakeAlarms() {
  const set = new Map<string, number>();
  return {
    set: async (name: string, when: number) => void set.set(name, when),
    clear: async (name: string) => void set.delete(name),
    at: (name: string) => set.get(name) ?? null,
  };
}

/**
 * A clipboard that the test can look at, fill as the user would, and make fail. It keeps to the permission: a look
 * without it is the test's failure, not a silent success.
 */
export function fakeClipboard({ withTimer }: { withTimer: boolean }) {
  const state = {
    text: '',
    mayRead: false,
    refuses: false,
    /** How often it was emptied. */
    cleared: 0,
    released: 0,
    timer: null as (ClearOrder & { deadline: number }) | null,
    writing: 0,
  };
  const access: ClipboardAccess = {
    async write(text) {
      state.writing += 1;
      if (state.writing > 1) throw new Error('two writes at once');
      await Promise.resolve();
      state.writing -= 1;
      if (state.refuses) throw new Error('refused');
      state.text = text;
    },
    async clear({ compare }) {
      if (state.refuses) return 'failed';
      if (compare !== null) {
        if (!state.mayRead) throw new Error('looked at the clipboard without permission');
        if ((await sha256(state.text)) !== compare) return 'not-ours';
      }
      state.text = '';
      state.cleared += 1;
      return 'cleared';
    },
    async clearAt(order) {
      state.timer = withTimer ? order : null;
      return withTimer;
    },
    async release() {
      state.timer = null;
      state.released += 1;
    },
  };
  return { access, state };
}

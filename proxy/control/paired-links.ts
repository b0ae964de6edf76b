import { importLinkKeys, type LinkKeyBytes, type LinkKeys } from '../../shared/link/keys.ts';
import { type ReplayVerdict, replayGuard } from '../../shared/link/replay.ts';
import { plainLine } from '../../shared/plain-line.ts';
import type { PairedBrowser } from './context.ts';
import type { LinkRecord, LinkStore } from './link-store.ts';

/** "Last use" goes to the store at most this often: each write seals the whole store again. */
const LAST_USE_STEP_MS = 60_000;

/** A link that a request can be checked against. */
export type LiveLink = {
  browser: PairedBrowser;
  keys: LinkKeys;
  replay(nonce: string, time: number, now: number): ReplayVerdict;
};

/** The proxy's links while it runs: read from the store at the start and at each reload, kept as key objects. */
export type PairedLinks = {
  load(): Promise<void>;
  find(id: string): LiveLink | undefined;
  hasOrigin(origin: string): boolean;
  /** True while no browser is paired. */
  isEmpty(): boolean;
  list(): PairedBrowser[];
  /** Rejects when the store does; the link does not stand then. */
  add(link: NewLink): Promise<PairedBrowser>;
  /** Ends the link at once; rejects when the store could not forget it as well. */
  remove(id: string): Promise<PairedBrowser | null>;
  /** Marks a link as used now. */
  used(id: string): void;
};

export type NewLink = { id: string; name: string; origin: string; keys: LinkKeyBytes };

type Entry = LiveLink & { record: LinkRecord; storedUse: number };

export function pairedLinks(store: LinkStore, now: () => number): PairedLinks {
  const entries = new Map<string, Entry>();
  /** Ended, and still in what a load under way has read of the store. */
  const ended = new Set<string>();
  const startedAt = now();

  async function enter(record: LinkRecord): Promise<PairedBrowser> {
    const { keys: bytes, ...browser } = record;
    const keys = await importLinkKeys(bytes);
    // A damaged record is no link; it stays in the store, where a person may look at it.
    if (keys !== null && !ended.has(record.id)) {
      entries.set(record.id, {
        browser,
        keys,
        replay: replayGuard(startedAt),
        record,
        storedUse: Date.parse(record.lastUsedAt),
      });
    }
    return browser;
  }

  function freeName(wanted: string): string {
    const taken = new Set([...entries.values()].map((entry) => entry.browser.name));
    if (!taken.has(wanted)) return wanted;
    let number = 2;
    while (taken.has(`${wanted} ${number}`)) number += 1;
    return `${wanted} ${number}`;
  }

  let last: Promise<unknown> = Promise.resolve();
  /** One change at a time: a "last use" written late must not bring a link back that was ended meanwhile. */
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = last.then(change, change);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function load(): Promise<void> {
    const records = await store.list();
    const stored = new Set(records.map((record) => record.id));
    for (const id of entries.keys()) if (!stored.has(id)) entries.delete(id);
    // A link that stands keeps its nonces: reloading must not make old requests fresh again.
    for (const record of records) if (!entries.has(record.id)) await enter(record);
  }

  async function add(link: NewLink): Promise<PairedBrowser> {
    const at = new Date(now()).toISOString();
    const record = { ...link, name: freeName(link.name), pairedAt: at, lastUsedAt: at };
    await store.put(record);
    return enter(record);
  }

  async function storeUse(id: string): Promise<void> {
    const entry = entries.get(id);
    if (entry === undefined) return;
    try {
      await store.put({ ...entry.record, lastUsedAt: entry.browser.lastUsedAt });
    } catch {
      // The time of last use is a convenience; what the store lacks of it is shown from memory.
    }
  }

  return {
    load: () => inTurn(load),
    find: (id) => entries.get(id),
    hasOrigin: (origin) => [...entries.values()].some((entry) => entry.browser.origin === origin),
    isEmpty: () => entries.size === 0,
    list: () =>
      [...entries.values()]
        .map((entry) => entry.browser)
        .sort((one, other) => other.lastUsedAt.localeCompare(one.lastUsedAt)),
    add: (link) => inTurn(() => add(link)),
    async remove(id) {
      const entry = entries.get(id);
      if (entry === undefined) return null;
      ended.add(id);
      entries.delete(id);
      try {
        await inTurn(async () => store.remove(id));
      } finally {
        ended.delete(id);
      }
      return entry.browser;
    },
    used(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      const at = now();
      entry.browser = { ...entry.browser, lastUsedAt: new Date(at).toISOString() };
      if (at - entry.storedUse < LAST_USE_STEP_MS) return;
      entry.storedUse = at;
      void inTurn(() => storeUse(id));
    },
  };
}

/** A browser's name as it may stand in a terminal: no control or direction characters, spaces collapsed. */
export function cleanBrowserName(name: string): string {
  return plainLine(name) || 'Browser';
}

import * as v from 'valibot';
import { type LinkRecord, type LinkStore, memoryLinkStore } from '../control/link-store.ts';
import { Problem } from '../problem.ts';
import type { SecretStore } from './secret-store.ts';

const recordSchema = v.object({
  id: v.string(),
  name: v.string(),
  origin: v.string(),
  pairedAt: v.string(),
  lastUsedAt: v.string(),
  keys: v.object({
    requestMac: v.string(),
    answerMac: v.string(),
    requestSeal: v.string(),
    answerSeal: v.string(),
  }),
});

/**
 * The proxy's side of the links, kept beside the PATs: read from all stores, and written to the one that a link came
 * from. A new one goes to what `forNew` gives, or where that is null to memory, where it ends with this process.
 * A store that cannot be read now keeps the links that it gave before; `unreadable` says why.
 */
export function storedLinks(options: {
  stores: readonly SecretStore[];
  forNew(): Promise<SecretStore | null>;
  unreadable(problem: Problem): void;
}): LinkStore {
  const memory = memoryLinkStore();
  const lastRead = new Map<SecretStore, LinkRecord[]>();
  /** Null is memory. */
  const homes = new Map<string, SecretStore | null>();

  const readFrom = async (store: SecretStore): Promise<LinkRecord[]> => {
    try {
      const entries = await store.list('link');
      const records = entries.map(({ text }) => v.parse(recordSchema, JSON.parse(text)));
      lastRead.set(store, records);
      for (const { id } of records) homes.set(id, store);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      options.unreadable(error);
    }
    return lastRead.get(store) ?? [];
  };

  return {
    async list() {
      const found = await Promise.all(options.stores.map(readFrom));
      return [...found.flat(), ...(await memory.list())];
    },
    async put(record) {
      const known = homes.get(record.id);
      const store = known === undefined ? await options.forNew() : known;
      if (store === null) {
        homes.set(record.id, null);
        return memory.put(record);
      }
      const use = { profile: record.id, origin: record.origin, kind: 'link' as const };
      const note = { createdAt: record.pairedAt, expiresAt: null, patId: null };
      await store.put(use, note, JSON.stringify(record));
      homes.set(record.id, store);
    },
    async remove(id) {
      await memory.remove(id);
      homes.delete(id);
      for (const store of options.stores) await store.remove('link', id);
    },
  };
}

import type { LinkKeyBytes } from '../../shared/link/keys.ts';

/** The proxy's side of one link. `keys` are secret: they belong into the sealed store and nowhere else. */
export type LinkRecord = {
  /** 32 hex digits, made by the proxy. */
  id: string;
  /** What the browser calls itself, cleaned of control characters and made unique: "Firefox", "Chromium 2". */
  name: string;
  /** `chrome-extension://…` or `moz-extension://…`, without a trailing slash. */
  origin: string;
  /** ISO date-time. */
  pairedAt: string;
  /** ISO date-time of the last authentic request; to the minute once it has been stored. */
  lastUsedAt: string;
  keys: LinkKeyBytes;
};

/**
 * Where the proxy keeps its side of the links. A rejection is a failed store: pairing then fails with
 * `link.store`, and the error's message goes to the log, never over the wire.
 */
export type LinkStore = {
  list(): LinkRecord[] | Promise<LinkRecord[]>;
  /** Adds the record, or replaces the one with the same id. */
  put(record: LinkRecord): void | Promise<void>;
  remove(id: string): void | Promise<void>;
};

/** A store that ends with the process; for a proxy whose sealed store is not open. */
export function memoryLinkStore(): LinkStore {
  const records = new Map<string, LinkRecord>();
  return {
    list: () => [...records.values()],
    put: (record) => void records.set(record.id, record),
    remove: (id) => void records.delete(id),
  };
}

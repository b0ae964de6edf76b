import type { LinkKeys } from '../../shared/link/keys.ts';

/** The extension's side of its link. The keys cannot be read out, only used. */
export type StoredLink = {
  id: string;
  /** Control port on 127.0.0.1. */
  port: number;
  /** ms since 1970. */
  pairedAt: number;
  keys: LinkKeys;
};

/** Where the one link is kept. */
export type LinkKeyStore = {
  read(): Promise<StoredLink | null>;
  write(link: StoredLink): Promise<void>;
  remove(): Promise<void>;
};

const DATABASE = 'tokenleash-link';
const STORE = 'link';
const KEY = 'proxy';

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

async function withStore<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await openDatabase();
  try {
    const transaction = database.transaction(STORE, mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await settled(act(transaction.objectStore(STORE)));
    // A request that succeeded is not written yet; the transaction's end is.
    await done;
    return result;
  } finally {
    database.close();
  }
}

/**
 * IndexedDB of the extension's own origin: the one place that keeps a non-extractable CryptoKey past a restart, and
 * that no content script can open (research/extension.md §3.4).
 */
export const indexedDbLinkKeys: LinkKeyStore = {
  async read() {
    return ((await withStore('readonly', (store) => store.get(KEY))) as StoredLink) ?? null;
  },
  async write(link) {
    await withStore('readwrite', (store) => store.put(link, KEY));
  },
  async remove() {
    await withStore('readwrite', (store) => store.delete(KEY));
  },
};

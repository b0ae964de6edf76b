import { isName, NAME_RULE, shownName } from '../profiles/name.ts';
import type { Access } from '../profiles/profile.ts';
import type { Client } from './client.ts';
import { hashPhantomToken, makePhantomToken } from './phantom-token.ts';

/** What callers of the unix socket are called in the audit log, so no client may be called that. */
export const SOCKET_CALLER = 'socket';

export type NewClient = {
  name: string;
  /** Null follows the current profile. */
  profile: string | null;
  access: Access;
  mint: boolean;
  /** ms from now, or null for no expiry. */
  ttlMs: number | null;
};

/** `token` is the phantom token; it is kept nowhere. */
export type MadeClient = { client: Client; token: string };

/** Why this cannot be a client's name, as a sentence, or null when it can. */
export function clientNameFault(name: string): string | null {
  if (name === SOCKET_CALLER) {
    return `No client can be called "${name}": callers of the unix socket are.`;
  }
  return isName(name) ? null : `"${shownName(name)}" cannot be a client's name: ${NAME_RULE}.`;
}

/** A client and its phantom token, for a name that `clientNameFault` has nothing against. */
export function makeClient(wanted: NewClient, now: number): MadeClient {
  const token = makePhantomToken();
  const { name, profile, access, mint, ttlMs } = wanted;
  const expiresAt = ttlMs === null ? null : new Date(now + ttlMs).toISOString();
  const createdAt = new Date(now).toISOString();
  const tokenHash = hashPhantomToken(token);
  return { client: { name, profile, access, mint, expiresAt, createdAt, tokenHash }, token };
}

export function isExpired(client: Client, now: number): boolean {
  // A date that cannot be read counts as past: NaN is not greater than anything.
  return client.expiresAt !== null && !(Date.parse(client.expiresAt) > now);
}

export type ClientTable = {
  byTokenHash(hash: string): Client | undefined;
  byName(name: string): Client | undefined;
  list(): Client[];
  /** Replaces all clients; returns the names whose old token is worth nothing any more (for `closeClient`). */
  replace(clients: readonly Client[]): string[];
};

/** The clients of a running proxy, found by the hash of what they send. */
export function createClientTable(initial: readonly Client[] = []): ClientTable {
  let byHash = new Map<string, Client>();
  let byName = new Map<string, Client>();

  const replace = (clients: readonly Client[]) => {
    const before = [...byName.values()];
    byHash = new Map(clients.map((client) => [client.tokenHash, client]));
    byName = new Map(clients.map((client) => [client.name, client]));
    return before.filter((client) => !byHash.has(client.tokenHash)).map((client) => client.name);
  };

  replace(initial);
  return {
    byTokenHash: (hash) => byHash.get(hash),
    byName: (name) => byName.get(name),
    list: () => [...byName.values()],
    replace,
  };
}

/** A store of ours: what every one of them can do, whatever it seals its entries with. */

export type EntryKind = 'pat' | 'link';

/** What an entry is bound to. `profile` is the id of the browser for a link. */
export type EntryUse = { profile: string; origin: string; kind: EntryKind };

/** What may be known of an entry without opening it. */
export type EntryNote = {
  createdAt: string;
  /** ISO date-time, or null for never or unknown. */
  expiresAt: string | null;
  /** Unleash's id of the PAT. */
  patId: string | null;
};

export type EntryListing = EntryUse & EntryNote;

export type SecretStore = {
  /** The sealed text, or null where there is no such entry. Throws a Problem for one that does not open. */
  get(use: EntryUse): Promise<string | null>;
  /** Every entry of this kind, whatever its origin, opened. */
  list(kind: EntryKind): Promise<(EntryListing & { text: string })[]>;
  /** Stores or replaces the one entry of this kind and profile. */
  put(use: EntryUse, note: EntryNote, text: string): Promise<void>;
  /** Says whether there was one. */
  remove(kind: EntryKind, profile: string): Promise<boolean>;
};

export const entryId = (kind: EntryKind, profile: string): string => `${kind}:${profile}`;

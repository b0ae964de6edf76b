import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as v from 'valibot';
import { AGAIN_ELSEWHERE, EXIT, Problem, quoteForShell } from '../problem.ts';
import { exclusively } from '../runtime/exclusively.ts';
import type { Paths } from '../runtime/paths.ts';
import { readPrivate, writePrivate } from '../runtime/private-file.ts';
import { KeychainProblem, type Keyring } from './keyring.ts';
import { type EntryListing, type EntryUse, entryId, type SecretStore } from './secret-store.ts';

/**
 * Secrets in the system's keychain. What an entry is for stands inside it, so one copied to another name, or asked
 * for another server, does not open.
 *
 * Beside it `keychain.json` lists what is kept there, without a secret: a keychain cannot be asked what it holds
 * without opening it, and what is to be wiped has to be known. An entry is listed before it is stored and until it
 * is gone.
 */
export type Keychain = SecretStore & {
  /** Writes, reads and deletes an entry; the Problem that stands against using it, or null. */
  probe(): Promise<Problem | null>;
  /** As `remove`, but asks the keychain for one that our list does not name too: the list may have been lost. */
  removeUnlisted(kind: EntryUse['kind'], profile: string): Promise<boolean>;
};

const FORMAT = 'tokenleash-keychain';

const useSchema = v.object({
  profile: v.string(),
  origin: v.string(),
  kind: v.picklist(['pat', 'link']),
});
const listingSchema = v.object({
  ...useSchema.entries,
  createdAt: v.string(),
  expiresAt: v.nullable(v.string()),
  patId: v.nullable(v.string()),
});
const indexSchema = v.object({
  format: v.literal(FORMAT),
  version: v.literal(1),
  entries: v.array(listingSchema),
});
const valueSchema = v.object({ version: v.literal(1), use: useSchema, text: v.string() });

export const keychainIndex = (paths: Paths): string => join(paths.data, 'keychain.json');

/** What lies in the keychain by our own list, without asking it; null where nothing ever did. */
export async function listKeychain(paths: Paths): Promise<EntryListing[] | null> {
  const path = keychainIndex(paths);
  const text = await readPrivate(path, 'owner-only');
  if (text === null) return null;
  const read = v.safeParse(indexSchema, json(text));
  if (read.success) return read.output.entries;
  throw new Problem(
    `${path} is damaged. It was left as it is; the keychain itself is not touched.`,
    `mv ${quoteForShell(path)} ${quoteForShell(`${path}.damaged`)}`,
  );
}

/** Nothing is asked of the keychain before the first call. */
export function createKeychain(paths: Paths, keyring: Keyring): Keychain {
  // Two folders of Tokenleash (TOKENLEASH_HOME) share one keychain and must not share its entries.
  const mark = createHash('sha256').update(paths.data).digest('hex').slice(0, 12);
  const nameOf = (kind: EntryUse['kind'], profile: string) => `${entryId(kind, profile)}@${mark}`;
  const index = keychainIndex(paths);
  const saveIndex = (entries: readonly EntryListing[]) =>
    writePrivate(index, `${JSON.stringify({ format: FORMAT, version: 1, entries }, null, 2)}\n`);
  const others = async (kind: EntryUse['kind'], profile: string) =>
    ((await listKeychain(paths)) ?? []).filter(
      (entry) => entry.kind !== kind || entry.profile !== profile,
    );

  const opened = (
    use: Pick<EntryUse, 'kind' | 'profile'>,
    value: string,
  ): EntryUse & { text: string } => {
    const read = v.safeParse(valueSchema, json(value));
    const stored = read.success ? read.output : null;
    if (stored?.use.kind === use.kind && stored.use.profile === use.profile)
      return { ...stored.use, text: stored.text };
    throw new Problem(
      `The entry "${nameOf(use.kind, use.profile)}" in the keychain was changed or copied there, so it does not open.`,
      `tokenleash profile remove ${quoteForShell(use.profile)}`,
      EXIT.credential,
    );
  };

  const removeEntry = (kind: EntryUse['kind'], profile: string): Promise<boolean> =>
    exclusively(index, async () => {
      const listed = await listKeychain(paths);
      const [gone] = await keyring([{ act: 'delete', name: nameOf(kind, profile) }]);
      if (listed !== null) await saveIndex(await others(kind, profile));
      return (
        gone === true ||
        listed?.some((one) => one.kind === kind && one.profile === profile) === true
      );
    });

  return {
    async probe() {
      const name = `probe:${randomBytes(6).toString('hex')}@${mark}`;
      const value = randomBytes(16).toString('base64url');
      try {
        const [, found] = await keyring([
          { act: 'set', name, value },
          { act: 'get', name },
          { act: 'delete', name },
        ]);
        if (found === value) return null;
        return new KeychainProblem(
          'The keychain does not give back what is put into it.',
          AGAIN_ELSEWHERE,
        );
      } catch (error) {
        if (error instanceof Problem) return error;
        throw error;
      }
    },
    async get(use) {
      const [value] = await keyring([{ act: 'get', name: nameOf(use.kind, use.profile) }]);
      if (typeof value !== 'string') return null;
      const found = opened(use, value);
      return found.origin === use.origin ? found.text : null;
    },
    async list(kind) {
      const listed = ((await listKeychain(paths)) ?? []).filter((entry) => entry.kind === kind);
      if (listed.length === 0) return [];
      const values = await keyring(
        listed.map(({ profile }) => ({ act: 'get', name: nameOf(kind, profile) })),
      );
      return listed.flatMap((entry, at) => {
        const value = values[at];
        // Listed and not there: it was about to be stored, or was taken out by hand.
        return typeof value === 'string' ? [{ ...entry, ...opened(entry, value) }] : [];
      });
    },
    async put(use, note, text) {
      const value = JSON.stringify({ version: 1, use, text });
      await exclusively(index, async () => {
        await saveIndex([...(await others(use.kind, use.profile)), { ...use, ...note }]);
        await keyring([{ act: 'set', name: nameOf(use.kind, use.profile), value }]);
      });
    },
    async remove(kind, profile) {
      const listed = await listKeychain(paths);
      if (!listed?.some((entry) => entry.kind === kind && entry.profile === profile)) return false;
      return await removeEntry(kind, profile);
    },
    removeUnlisted: removeEntry,
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

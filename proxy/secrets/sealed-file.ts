import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import * as v from 'valibot';
import { AGAIN, EXIT, Problem, quoteForShell } from '../problem.ts';
import { exclusively } from '../runtime/exclusively.ts';
import { readPrivate, writePrivate } from '../runtime/private-file.ts';
import {
  type EntryKind,
  type EntryListing,
  type EntryUse,
  entryId,
  type SecretStore,
} from './secret-store.ts';

/**
 * Secrets in a file, sealed under a passphrase.
 *
 * scrypt makes a key from the passphrase; that key seals one random data key; the data key seals each entry with
 * AES-256-GCM. What an entry is for (profile, origin, kind) is authenticated with it, so an entry moved to another
 * profile or origin does not open. The cost of scrypt is kept in the file, so that it can rise later.
 */

/** N=2^17, r=8: 128 MiB and about half a second on a slow machine of 2026. */
const SCRYPT = { name: 'scrypt', N: 131_072, r: 8, p: 1 } as const;
/**
 * A key of 256 random bits needs no cost to make guessing dear: next to no time and memory, so that a proxy that starts
 * unattended starts at once and small.
 */
const SCRYPT_FOR_RANDOM = { ...SCRYPT, N: 16 } as const;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const IV_BYTES = 12;
const FORMAT = 'tokenleash-secrets';

const base64 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/));
const sealedSchema = v.object({ alg: v.literal('A256GCM'), iv: base64, ct: base64, tag: base64 });
const entrySchema = v.object({
  ...sealedSchema.entries,
  aad: v.object({ profile: v.string(), origin: v.string(), kind: v.picklist(['pat', 'link']) }),
  createdAt: v.string(),
  expiresAt: v.nullable(v.string()),
  patId: v.nullable(v.string()),
});
const isPowerOfTwo = (number: number): boolean => (number & (number - 1)) === 0;
const power = v.pipe(v.number(), v.integer(), v.minValue(1));
const fileSchema = v.object({
  format: v.literal(FORMAT),
  version: v.literal(1),
  kdf: v.object({
    name: v.literal('scrypt'),
    // A planted file must not make us take all memory: 1 GiB at most.
    N: v.pipe(power, v.minValue(2), v.maxValue(1_048_576), v.check(isPowerOfTwo)),
    r: v.pipe(power, v.maxValue(8)),
    p: v.pipe(power, v.maxValue(4)),
    salt: base64,
  }),
  key: sealedSchema,
  entries: v.record(v.string(), entrySchema),
});

type Sealed = v.InferOutput<typeof sealedSchema>;
type SealedFile = v.InferOutput<typeof fileSchema>;

export type SealedStore = SecretStore & { readonly path: string };

/** What lies in a sealed file, without opening it; null where there is no file. */
export async function listSealedFile(path: string): Promise<EntryListing[] | null> {
  const file = await load(path);
  if (file === null) return null;
  return Object.values(file.entries).map(({ aad, createdAt, expiresAt, patId }) => ({
    ...aad,
    createdAt,
    expiresAt,
    patId,
  }));
}

/** Removes an entry; needs no passphrase, as whoever may write the file may remove it anyway. */
export async function removeSealedEntry(
  path: string,
  kind: EntryKind,
  profile: string,
): Promise<boolean> {
  if ((await load(path)) === null) return false;
  return await exclusively(path, async () => {
    const file = await load(path);
    const id = entryId(kind, profile);
    if (file === null || !Object.hasOwn(file.entries, id)) return false;
    const { [id]: _, ...entries } = file.entries;
    await save(path, { ...file, entries });
    return true;
  });
}

/**
 * Opens a sealed file with its passphrase. With `create`, a missing file is made at the first `put`: opening alone
 * writes nothing. `isRandom` says that the passphrase is 256 random bits, which no cost of scrypt makes harder to
 * guess. Throws a Problem with exit code 4 for a wrong passphrase.
 */
export async function openSealedFile(
  path: string,
  passphrase: string,
  options: { create: boolean; isRandom?: boolean },
): Promise<SealedStore> {
  const found = await load(path);
  if (found === null) {
    if (!options.create)
      throw new Problem(`There is no ${path}.`, 'tokenleash profile list', EXIT.credential);
    const key = await freshKey(passphrase, options.isRandom ? SCRYPT_FOR_RANDOM : SCRYPT);
    return storeOf(path, key, passphrase);
  }
  const dataKey = open(await passphraseKey(passphrase, found.kdf), found.key, KEY_USE);
  if (dataKey === null) throw wrongPassphrase(path);
  return storeOf(path, { kdf: found.kdf, key: found.key, dataKey });
}

/** Seals the data key anew under another passphrase; the entries stay as they are. */
export async function changePassphrase(path: string, old: string, fresh: string): Promise<void> {
  await exclusively(path, async () => {
    const file = await load(path);
    if (file === null) throw new Problem(`There is no ${path}.`, 'tokenleash profile list');
    const dataKey = open(await passphraseKey(old, file.kdf), file.key, KEY_USE);
    if (dataKey === null) throw wrongPassphrase(path);
    const { kdf, key } = await wrap(dataKey, fresh);
    await save(path, { ...file, kdf, key });
  });
}

function wrongPassphrase(path: string): Problem {
  return new Problem(
    `The passphrase does not open ${path}: it has to be the one that this file was made with.`,
    AGAIN,
    EXIT.credential,
  );
}

type OpenKey = Pick<SealedFile, 'kdf' | 'key'> & { dataKey: Buffer };

/** `passphrase` is that of a file that is still to be made: another command may be the first to make it. */
function storeOf(path: string, key: OpenKey, passphrase: string | null = null): SealedStore {
  let { kdf, key: sealedKey, dataKey } = key;

  const opened = (id: string, entry: SealedFile['entries'][string]): string => {
    // The name in the file is not sealed; what it stands for is, and both have to agree.
    const matches = id === entryId(entry.aad.kind, entry.aad.profile);
    const text = matches ? open(dataKey, entry, useBytes(entry.aad)) : null;
    if (text === null)
      throw new Problem(
        `The entry "${id}" in ${path} was changed or moved there, so it does not open.`,
        `tokenleash profile remove ${quoteForShell(entry.aad.profile)}`,
        EXIT.credential,
      );
    return text.toString('utf8');
  };

  return {
    path,
    async get(use) {
      const file = await load(path);
      const id = entryId(use.kind, use.profile);
      const entry = file && Object.hasOwn(file.entries, id) ? file.entries[id] : undefined;
      if (!entry || entry.aad.origin !== use.origin) return null;
      return opened(id, entry);
    },
    async list(kind) {
      const file = await load(path);
      return Object.entries(file?.entries ?? {})
        .filter(([, entry]) => entry.aad.kind === kind)
        .map(([id, entry]) => ({
          ...entry.aad,
          createdAt: entry.createdAt,
          expiresAt: entry.expiresAt,
          patId: entry.patId,
          text: opened(id, entry),
        }));
    },
    async put(use, note, text) {
      await exclusively(path, async () => {
        const file = (await load(path)) ?? {
          format: FORMAT,
          version: 1,
          kdf,
          key: sealedKey,
          entries: {},
        };
        if (passphrase !== null && file.key.ct !== sealedKey.ct) {
          const theirs = open(await passphraseKey(passphrase, file.kdf), file.key, KEY_USE);
          if (theirs !== null) ({ kdf, key: sealedKey, dataKey } = { ...file, dataKey: theirs });
        }
        if (file.key.ct !== sealedKey.ct && !sameDataKey(file, dataKey))
          throw new Problem(`${path} was made anew by another command since it was opened.`, AGAIN);
        const entry = {
          ...seal(dataKey, Buffer.from(text, 'utf8'), useBytes(use)),
          aad: use,
          ...note,
        };
        await save(path, {
          ...file,
          entries: { ...file.entries, [entryId(use.kind, use.profile)]: entry },
        });
      });
    },
    remove: (kind, profile) => removeSealedEntry(path, kind, profile),
  };
}

/** After a change of passphrase the wrapped key differs and the data key is the same: an entry tells. */
function sameDataKey(file: SealedFile, dataKey: Buffer): boolean {
  const entry = Object.values(file.entries)[0];
  return entry !== undefined && open(dataKey, entry, useBytes(entry.aad)) !== null;
}

type Cost = typeof SCRYPT | typeof SCRYPT_FOR_RANDOM;

async function freshKey(passphrase: string, cost: Cost): Promise<OpenKey> {
  const dataKey = randomBytes(KEY_BYTES);
  return { ...(await wrap(dataKey, passphrase, cost)), dataKey };
}

async function wrap(
  dataKey: Buffer,
  passphrase: string,
  cost: Cost = SCRYPT,
): Promise<Pick<SealedFile, 'kdf' | 'key'>> {
  const kdf = { ...cost, salt: randomBytes(SALT_BYTES).toString('base64') };
  return { kdf, key: seal(await passphraseKey(passphrase, kdf), dataKey, KEY_USE) };
}

function passphraseKey(passphrase: string, kdf: SealedFile['kdf']): Promise<Buffer> {
  const { N, r, p } = kdf;
  // The same passphrase typed on two systems may come composed or decomposed.
  const text = passphrase.normalize('NFC');
  // What scrypt itself needs (128 * N * r, RFC 7914) and room beside it, which counts for a small N.
  const maxmem = 256 * N * r + 1024 * 1024;
  return new Promise((done, failed) => {
    scrypt(text, Buffer.from(kdf.salt, 'base64'), KEY_BYTES, { N, r, p, maxmem }, (error, key) =>
      error ? failed(error) : done(key),
    );
  });
}

const KEY_USE = Buffer.from(`${FORMAT} 1 key`, 'utf8');

/** One text for one use: JSON in a fixed order of fields. */
function useBytes(use: EntryUse): Buffer {
  const { profile, origin, kind } = use;
  return Buffer.from(JSON.stringify([FORMAT, 1, { profile, origin, kind }]), 'utf8');
}

function seal(key: Buffer, text: Buffer, use: Buffer): Sealed {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(use);
  const ct = Buffer.concat([cipher.update(text), cipher.final()]);
  return {
    alg: 'A256GCM',
    iv: iv.toString('base64'),
    ct: ct.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  };
}

/** The sealed bytes, or null where key, use or bytes are not what they were sealed with. */
function open(key: Buffer, sealed: Sealed, use: Buffer): Buffer | null {
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64'), {
      authTagLength: 16,
    });
    cipher.setAAD(use).setAuthTag(Buffer.from(sealed.tag, 'base64'));
    return Buffer.concat([cipher.update(Buffer.from(sealed.ct, 'base64')), cipher.final()]);
  } catch {
    return null;
  }
}

async function load(path: string): Promise<SealedFile | null> {
  const text = await readPrivate(path, 'owner-only');
  if (text === null) return null;
  const checked = v.safeParse(fileSchema, json(text));
  if (checked.success) return checked.output;
  const where = (checked.issues[0].path ?? []).map((step) => String(step.key)).join('.');
  throw new Problem(
    `${path} is damaged${where ? ` (at "${where}")` : ': it is not the JSON that it should be'}. It was left as it is.`,
    `mv ${quoteForShell(path)} ${quoteForShell(`${path}.damaged`)}`,
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function save(path: string, file: SealedFile): Promise<void> {
  await writePrivate(path, `${JSON.stringify(file, null, 2)}\n`);
}

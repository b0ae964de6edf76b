import { link, open, rm } from 'node:fs/promises';
import { codeOf, EXIT, fileProblem, Problem, quoteForShell } from '../problem.ts';
import { requireProfile } from '../profiles/change-profiles.ts';
import { changedFields } from '../profiles/changed-fields.ts';
import { readConfig } from '../profiles/config-file.ts';
import { confirmAddress } from '../profiles/confirmed-addresses.ts';
import type { Profile, SecretSource, StoreName } from '../profiles/profile.ts';
import {
  asOneChange,
  fingerprint,
  freshPath,
  type Place,
  setFields,
} from '../profiles/unfinished.ts';
import { reloadRunning } from '../runtime/control-client.ts';
import { storeKeyOf } from '../secrets/open-stores.ts';
import { readWhenUsed } from '../secrets/read-when-used.ts';
import type { StoredSecret } from '../secrets/secret.ts';
import { isKept } from '../secrets/secret-keeper.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { getPat, putPat } from '../secrets/stored-pat.ts';
import { requirePassphraseWay } from './ask-passphrase.ts';
import { chooseStore } from './choose-store.ts';
import { answer, type Command, type Io, tell } from './command.ts';
import { finishEarlierChanges } from './finish-changes.ts';
import { handToProxy, noMemory, requireMemory } from './hand-to-proxy.ts';
import { openStore } from './open-stores.ts';
import { parseUsedSource, placeWords } from './source-words.ts';
import { addressOf, tryToken } from './try-token.ts';
import { readTypedPat } from './typed-pat.ts';

type ProfileMoveOptions = { name: string; to: string; unattended: boolean };

export const command: Command<ProfileMoveOptions> = {
  arguments: [{ name: 'name', description: 'the profile', required: true, values: 'profiles' }],
  options: [
    {
      flags: '--to <place>',
      description:
        'keychain, sealed-file or memory; or env:VAR, file:PATH, exec:"CMD", op://VAULT/ITEM/FIELD or systemd:NAME',
      required: true,
      flagOnly: true,
      values: ['keychain', 'sealed-file', 'memory'],
    },
    {
      flags: '--unattended',
      description: 'open the sealed file by a key file beside it, with no passphrase',
      fallback: false,
      flagOnly: true,
    },
  ],
  help: `The token lies in the old place or in the new one, wherever this is interrupted, and never in both.
What is read from the environment, a program or systemd cannot be taken away there.`,
  run,
};

const STORES: readonly string[] = ['keychain', 'sealed-file', 'memory'];

async function run({ name, to, unattended }: ProfileMoveOptions, io: Io): Promise<number> {
  await finishEarlierChanges(io);
  const { profiles } = await readConfig(io.paths);
  const before = requireProfile(profiles, name, 'profile move');
  const typed = `tokenleash profile move ${quoteForShell(name)} --to ${quoteForShell(to)}`;
  const source = STORES.includes(to)
    ? keptSource(before.source, to as StoreName)
    : parseUsedSource(to, '--to', `tokenleash profile move ${quoteForShell(name)} --help`);
  const after = { ...before, source, unattended: unattended && to === 'sealed-file' };
  const fields = changedFields(before, after);
  if (Object.keys(fields).length === 0)
    throw new Problem(
      `The token of profile "${name}" is there already: ${placeWords(source)}.`,
      `tokenleash profile show ${quoteForShell(name)}`,
      EXIT.usage,
    );
  if (isKept(source)) await moveToStore(before, after, fields, io, typed);
  else await moveToUsed(before, after, fields, io, typed);
  await reloadRunning(io.paths);
  answer(
    io,
    `Profile "${name}": token from ${placeWords(source)}, no longer ${placeWords(before.source)}.`,
  );
  if (!isKept(before.source) && before.source.from !== 'file')
    tell(io, `It still lies where ${placeWords(before.source)} has it from. Take it away there.`);
  return EXIT.ok;
}

/** A token that came from the browser goes on coming from there. */
const keptSource = (before: SecretSource, store: StoreName): SecretSource => ({
  from: before.from === 'browser' ? 'browser' : 'stored',
  store,
});

type Fields = ReturnType<typeof changedFields>;

async function moveToStore(
  before: Profile,
  after: Profile,
  fields: Fields,
  io: Io,
  typed: string,
): Promise<void> {
  const { name } = before;
  const key = storeKeyOf(after);
  if (key === null) await requireMemory(io);
  if (key === 'keychain') await chooseStore('keychain', io);
  if (key === 'attended') requirePassphraseWay(io, typed);
  const secret = await secretToMove(before, io, typed);
  const store = key === null ? null : await openStore(io, key, typed);
  // The proxy knows it before the config says where it lies: no request meets a profile without a token.
  const told = secret !== null && (await handToProxy(name, secret, io));
  if (key === null && secret !== null && !told) throw noMemory();
  const from = placeOf(before, secret);
  const to: Place | null = key === null ? null : { store: key };
  await asOneChange(io, { does: 'move', profile: name, from, to }, async () => {
    if (store !== null && secret !== null) await put(store, name, secret, io);
    await setFields(io.paths, name, fields);
  });
}

const put = (store: SecretStore, name: string, secret: StoredSecret, io: Io) =>
  putPat(store, name, secret, new Date(io.now()).toISOString());

async function moveToUsed(
  before: Profile,
  after: Profile,
  fields: Fields,
  io: Io,
  typed: string,
): Promise<void> {
  const { name, url } = before;
  const { source } = after;
  if (isKept(source)) return;
  const read = await readWhenUsed(source, url, io.env, io.now());
  // A file that is not there yet is written; nothing else can be.
  const writes = !read.ok && read.absent === true && source.from === 'file' ? source.path : null;
  if (!read.ok && writes === null) {
    if (read.said) tell(io, `It says: ${read.said}`);
    throw new Problem(`${read.message} Nothing was moved.`, read.hint, EXIT.credential);
  }
  if (read.ok) await tryToken(addressOf(before), read.secret.secret, before, io, typed);
  const secret = writes === null ? null : await secretToMove(before, io, typed);
  if (writes !== null && secret === null)
    throw new Problem(
      `Profile "${name}" has no token to move yet.`,
      `tokenleash profile show ${quoteForShell(name)}`,
      EXIT.credential,
    );
  if (writes !== null)
    tell(io, `Warning: ${writes} holds the token in clear, for this user to read.`);
  const inFile = before.source.from === 'file' ? await secretToMove(before, io, typed) : null;
  const from = placeOf(before, inFile);
  const to = writes === null || secret === null ? null : filePlace(writes, secret.secret);
  await asOneChange(io, { does: 'move', profile: name, from, to }, async () => {
    if (writes !== null && secret !== null) await writeFresh(writes, secret.secret);
    await confirmAddress(io.paths, after);
    await setFields(io.paths, name, fields);
  });
}

const filePlace = (file: string, pat: string): Place => ({ file, sha256: fingerprint(pat) });

/** What has to be taken away once the config names another place; null where nothing can be. */
function placeOf(profile: Profile, secret: StoredSecret | null): Place | null {
  const key = storeKeyOf(profile);
  if (key !== null) return { store: key };
  return profile.source.from === 'file' && secret !== null
    ? filePlace(profile.source.path, secret.secret)
    : null;
}

/** The token as it lies now; null where a profile waits for one from the browser. */
async function secretToMove(profile: Profile, io: Io, typed: string): Promise<StoredSecret | null> {
  const { name, url, source } = profile;
  if (!isKept(source)) {
    const read = await readWhenUsed(source, url, io.env, io.now());
    if (read.ok) return read.secret;
    throw new Problem(`${read.message} Nothing was moved.`, read.hint, EXIT.credential);
  }
  const key = storeKeyOf(profile);
  if (key === null) return await askAgain(profile, io, typed);
  if (key === 'attended') requirePassphraseWay(io, typed);
  const found = await getPat(await openStore(io, key, typed), name, url);
  if (found !== null || source.from === 'browser') return found;
  throw new Problem(
    `${placeWords(source)} holds no token of profile "${name}" for ${url}. Nothing was moved.`,
    `tokenleash profile login ${quoteForShell(name)}`,
    EXIT.credential,
  );
}

/** The proxy gives a token in its memory out to nobody. */
async function askAgain(profile: Profile, io: Io, typed: string): Promise<StoredSecret> {
  tell(io, 'The proxy gives no token out of its memory: pipe it in, or paste it again.');
  const pat = await readTypedPat(io, typed);
  const { owner } = await tryToken(addressOf(profile), pat, profile, io, typed);
  return { secret: pat, id: null, expiresAt: null, owner, origin: profile.url };
}

/**
 * A file that was not there, mode 0600, in a folder that is there and stays as it is. It is there whole or not at
 * all; one that came to be meanwhile is not written over.
 */
async function writeFresh(path: string, pat: string): Promise<void> {
  const fresh = freshPath(path);
  try {
    // What an earlier, killed move left; and in a folder of others nothing of theirs is written to.
    await rm(fresh, { force: true });
    const handle = await open(fresh, 'wx', 0o600);
    try {
      await handle.writeFile(`${pat}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(fresh, path);
    await rm(fresh, { force: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT')
      throw new Problem(
        `The folder of ${path} is not there. Nothing was moved.`,
        `ls -ld ${quoteForShell(path)}`,
      );
    throw fileProblem('write', path, error);
  }
}

import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { Problem, quoteForShell } from '../problem.ts';
import { exclusively } from '../runtime/exclusively.ts';
import type { Paths } from '../runtime/paths.ts';
import { readPrivate, writePrivate } from '../runtime/private-file.ts';
import { storeKeyOf } from '../secrets/open-stores.ts';
import { listStored, removeStored, STORE_KEYS } from '../secrets/stored-entries.ts';
import { type Config, readConfig, updateConfig } from './config-file.ts';
import type { Profile } from './profile.ts';

/**
 * A change of a profile that is two writes, one to a store and one to config.yaml, is noted before the first and
 * struck out after the last. Killed anywhere between, the next command finds the note and brings store and config to
 * the state before the change, or to the one after it: never a token in two places, never a profile whose token is
 * for another server.
 */
const storeKey = v.picklist(STORE_KEYS);
/** Where a token may lie. Of a file the token's SHA-256 is noted, so that no other file is ever taken away. */
const placeSchema = v.union([
  v.object({ store: storeKey }),
  v.object({ file: v.string(), sha256: v.string() }),
]);
const changeSchema = v.variant('does', [
  v.object({ does: v.literal('add'), profile: v.string(), store: storeKey }),
  v.object({
    does: v.literal('move'),
    profile: v.string(),
    from: v.nullable(placeSchema),
    to: v.nullable(placeSchema),
  }),
  v.object({
    does: v.literal('address'),
    profile: v.string(),
    store: storeKey,
    /** The fields of config.yaml that change with it; null takes one out. */
    fields: v.record(v.string(), v.nullable(v.union([v.string(), v.boolean()]))),
  }),
]);
const noteSchema = v.object({ version: v.literal(1), change: changeSchema });

export type Place = v.InferOutput<typeof placeSchema>;
export type Change = v.InferOutput<typeof changeSchema>;

export const fingerprint = (pat: string): string => createHash('sha256').update(pat).digest('hex');

/** Where a file is written before it stands under its own name, whole. */
export const freshPath = (file: string): string => `${file}.tokenleash-new`;

const notePath = (paths: Paths): string => join(paths.data, 'unfinished.json');

export type World = { paths: Paths; env: NodeJS.ProcessEnv };

/**
 * Runs a change that can be interrupted anywhere. `action` writes first the store and then config.yaml; what has to
 * be taken away after it is taken away here. Throws a Problem where an earlier change cannot be finished.
 */
export async function asOneChange(
  world: World,
  change: Change,
  action: () => Promise<void>,
): Promise<void> {
  const path = notePath(world.paths);
  await exclusively(path, async () => {
    await finishNoted(world);
    await writePrivate(path, `${JSON.stringify({ version: 1, change })}\n`);
    try {
      await action();
    } finally {
      await finishNoted(world);
    }
  });
}

/**
 * Finishes, or takes back, what a killed command left. Cheap where there is nothing. A Problem that stands against it
 * (a locked keychain) is given to `failed` and stays noted.
 */
export async function finishChanges(
  world: World,
  failed: (problem: Problem) => void,
): Promise<void> {
  const path = notePath(world.paths);
  try {
    if ((await readPrivate(path, 'owner-only')) === null) return;
    await exclusively(path, () => finishNoted(world));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    failed(error);
  }
}

/** Holds the lock. */
async function finishNoted(world: World): Promise<void> {
  const path = notePath(world.paths);
  const text = await readPrivate(path, 'owner-only');
  if (text === null) return;
  const read = v.safeParse(noteSchema, json(text));
  if (!read.success)
    throw new Problem(`${path} is damaged. It was left as it is.`, `rm ${quoteForShell(path)}`);
  await finish(read.output.change, world);
  await rm(path, { force: true });
}

async function finish(change: Change, world: World): Promise<void> {
  const config = await readConfig(world.paths);
  const profile = config.profiles.find(({ name }) => name === change.profile);
  switch (change.does) {
    case 'add':
      if (!profile) await clear({ store: change.store }, change.profile, world);
      return;
    case 'move':
      if (change.to && 'file' in change.to) await rm(freshPath(change.to.file), { force: true });
      for (const place of [change.from, change.to])
        if (place && !(profile && liesAt(profile, place)))
          await clear(place, change.profile, world);
      return;
    case 'address': {
      const entries = (await listStored(world.paths, change.store)) ?? [];
      const entry = entries.find(
        ({ kind, profile: of }) => kind === 'pat' && of === change.profile,
      );
      // The token says which it is: stored for the new address, the config follows it.
      if (profile && entry?.origin === change.fields.url && profile.url !== change.fields.url)
        await setFields(world.paths, change.profile, change.fields);
    }
  }
}

const liesAt = (profile: Profile, place: Place): boolean =>
  'store' in place
    ? storeKeyOf(profile) === place.store
    : profile.source.from === 'file' && profile.source.path === place.file;

async function clear(place: Place, profile: string, { paths, env }: World): Promise<void> {
  if ('store' in place) {
    await removeStored(paths, env, place.store, { kind: 'pat', profile, own: true });
    return;
  }
  const text = await readPrivate(place.file, 'owner-only');
  if (text !== null && fingerprint(text.trim()) === place.sha256)
    await rm(place.file, { force: true });
}

/** Sets fields of a profile in config.yaml, in its own words; null takes one out. */
export async function setFields(
  paths: Paths,
  name: string,
  fields: Record<string, string | boolean | null>,
): Promise<Config> {
  return await updateConfig(paths, (config, document) => {
    // Taken away meanwhile by another command: nothing to set.
    if (!config.profiles.some((profile) => profile.name === name)) return;
    for (const [field, value] of Object.entries(fields)) {
      if (value === null) document.deleteIn(['profiles', name, field]);
      else document.setIn(['profiles', name, field], value);
    }
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

import { storeKeyOf } from '../secrets/open-stores.ts';
import { addProfile, requireFreeName } from './change-profiles.ts';
import { readConfig } from './config-file.ts';
import type { Profile } from './profile.ts';
import { asOneChange, type World } from './unfinished.ts';

/**
 * Adds a profile with a token of its own, which `put` stores: both or neither. Throws a Problem where the name was
 * taken meanwhile; nothing is stored then.
 */
export async function addWithToken(
  world: World,
  profile: Profile,
  put: () => Promise<void>,
): Promise<void> {
  const { name } = profile;
  const { paths } = world;
  const key = storeKeyOf(profile);
  if (key === null) {
    // Memory cannot fail, and has no undo that outlives us: it comes last.
    await addProfile(paths, profile);
    await put();
    return;
  }
  await asOneChange(world, { does: 'add', profile: name, store: key }, async () => {
    // Another command may have taken the name meanwhile; the entry there is its own.
    requireFreeName(await readConfig(paths), name);
    // The token first: a profile whose token could not be stored would be one that looks ready.
    await put();
    await addProfile(paths, profile);
  });
}

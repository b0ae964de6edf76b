import { EXIT, Problem } from '../problem.ts';
import { removeProfile, requireProfile } from '../profiles/change-profiles.ts';
import { readConfig } from '../profiles/config-file.ts';
import { reloadRunning } from '../runtime/control-client.ts';
import { type StoreKey, storeKeyOf } from '../secrets/open-stores.ts';
import { removeStored, STORE_KEYS } from '../secrets/stored-entries.ts';
import { answer, type Command, type Io, tell } from './command.ts';
import { finishEarlierChanges } from './finish-changes.ts';

export const command: Command<{ name: string }> = {
  arguments: [{ name: 'name', description: 'the profile', required: true, values: 'profiles' }],
  help: 'The token itself stays valid in Unleash until it is deleted there.',
  run,
};

async function run({ name }: { name: string }, io: Io): Promise<number> {
  await finishEarlierChanges(io);
  const { profiles } = await readConfig(io.paths);
  const own = storeKeyOf(requireProfile(profiles, name, 'profile remove'));
  // The profile first: were the token gone and the profile not, the proxy would refuse for no visible reason.
  const config = await removeProfile(io.paths, name);
  const { removed, failed } = await removeTokens(name, own, io);
  await reloadRunning(io.paths);
  const left = own === null ? undefined : failed.get(own);
  if (left)
    throw new Problem(
      `Profile "${name}" is removed, and its stored token is not: ${left.message}`,
      left.next,
      left.exit,
    );
  answer(io, `Profile "${name}" is removed${removed ? ', and its stored token with it' : ''}.`);
  for (const { message } of failed.values())
    tell(io, `Note: another store could not be looked through. ${message}`);
  if (config.profiles.length > 0 && config.current === null)
    tell(io, 'No profile is the current one now. Type: tokenleash profile use NAME');
  return EXIT.ok;
}

/** Takes a profile's token out of every store of ours; one that is damaged does not keep it in the others. */
async function removeTokens(
  profile: string,
  own: StoreKey | null,
  io: Io,
): Promise<{ removed: boolean; failed: Map<StoreKey, Problem> }> {
  const failed = new Map<StoreKey, Problem>();
  let removed = false;
  for (const key of STORE_KEYS) {
    try {
      const entry = { kind: 'pat', profile, own: key === own } as const;
      removed = (await removeStored(io.paths, io.env, key, entry)) || removed;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      failed.set(key, error);
    }
  }
  return { removed, failed };
}

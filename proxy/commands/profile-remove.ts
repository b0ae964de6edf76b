import { revokeClientsOf } from '../clients/store.ts';
import { EXIT, Problem } from '../problem.ts';
import { removeProfile, requireProfile } from '../profiles/change-profiles.ts';
import { forgetClientRules } from '../profiles/change-rules.ts';
import { readConfig } from '../profiles/config-file.ts';
import { forgetAddress } from '../profiles/confirmed-addresses.ts';
import { reloadRunning } from '../runtime/control-client.ts';
import { type StoreKey, storeKeyOf } from '../secrets/open-stores.ts';
import { removeStored, STORE_KEYS } from '../secrets/stored-entries.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION, tell } from './command.ts';
import { finishEarlierChanges } from './finish-changes.ts';

type ProfileRemoveOptions = { name: string; json: boolean | undefined };

export const command: Command<ProfileRemoveOptions> = {
  arguments: [{ name: 'name', description: 'the profile', required: true, values: 'profiles' }],
  options: [JSON_OPTION],
  help: 'Clients of this profile lose their phantom tokens. The token itself stays valid in Unleash until it is deleted there.',
  run,
};

async function run({ name, json }: ProfileRemoveOptions, io: Io): Promise<number> {
  await finishEarlierChanges(io);
  const { profiles } = await readConfig(io.paths);
  const profile = requireProfile(profiles, name, 'profile remove');
  const own = storeKeyOf(profile);
  // A phantom token is for this server, and must not come to open another one of the same name.
  const revoked = await revokeClientsOf(io.paths.state, name);
  await forgetClientRules(io.paths, revoked);
  // The profile first: were the token gone and the profile not, the proxy would refuse for no visible reason.
  const config = await removeProfile(io.paths, name);
  await forgetAddress(io.paths, profile, config.profiles);
  const { removed, failed } = await removeTokens(name, own, io);
  await reloadRunning(io.paths);
  const left = own === null ? undefined : failed.get(own);
  if (left)
    throw new Problem(
      `Profile "${name}" is removed, and its stored token is not: ${left.message}`,
      left.next,
      left.exit,
    );
  if (json) answerJson(io, { removed: name, storedToken: removed, revokedClients: revoked });
  else {
    answer(io, `Profile "${name}" is removed${removed ? ', and its stored token with it' : ''}.`);
    for (const client of revoked) answer(io, `Client "${client}" of this profile is revoked.`);
  }
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

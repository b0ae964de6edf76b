import { readClients, revokeClientsOf } from '../clients/store.ts';
import { answer, type Io, tell } from '../commands/command.ts';
import { finishEarlierChanges } from '../commands/finish-changes.ts';
import { EXIT, Problem, quoteForShell } from '../problem.ts';
import { removeProfile, requireProfile } from '../profiles/change-profiles.ts';
import { forgetClientRules } from '../profiles/change-rules.ts';
import { readConfig } from '../profiles/config-file.ts';
import { forgetAddress } from '../profiles/confirmed-addresses.ts';
import { reloadRunning } from '../runtime/control-client.ts';
import { removeStored, STORE_KEYS } from '../secrets/stored-entries.ts';
import { confirmForgetting } from './confirm.ts';
import { whatStays } from './what-stays.ts';

/** Wipes a profile's stored token, its clients and the profile, in this order: killed in between, it can be repeated. */
export async function forgetProfile(name: string, io: Io, yes: boolean): Promise<number> {
  await finishEarlierChanges(io);
  const { profiles } = await readConfig(io.paths);
  const profile = requireProfile(profiles, name, 'forget');
  const clients = (await readClients(io.paths.state)).filter((client) => client.profile === name);
  const typed = `tokenleash forget ${quoteForShell(name)}`;
  const what = [
    `profile "${name}" (${profile.url}) and its stored token`,
    ...clients.map((client) => `client "${client.name}" and its phantom token`),
  ];
  await confirmForgetting(io, what, typed, yes);

  const { removed, failed } = await removeToken(name, io);
  if (removed) answer(io, 'Wiped: the stored token.');
  const revoked = await revokeClientsOf(io.paths.state, name);
  for (const client of revoked) answer(io, `Wiped: client "${client}".`);
  await forgetClientRules(io.paths, revoked);
  const config = await removeProfile(io.paths, name);
  await forgetAddress(io.paths, profile, config.profiles);
  answer(io, `Wiped: profile "${name}".`);
  const reloaded = await reloadRunning(io.paths);

  for (const { message, next } of failed) tell(io, `Not wiped: ${message} Type: ${next}`);
  const running = reloaded
    ? ['The memory of the running proxy may hold it until it ends. Type: tokenleash stop']
    : [];
  for (const sentence of [...whatStays([profile]), ...running]) tell(io, `Left: ${sentence}`);
  return failed.length > 0 ? EXIT.failure : EXIT.ok;
}

/** Out of every store of ours: an older one may still have it, and one that fails does not keep it in the others. */
async function removeToken(
  profile: string,
  io: Io,
): Promise<{ removed: boolean; failed: Problem[] }> {
  const failed: Problem[] = [];
  let removed = false;
  for (const key of STORE_KEYS) {
    try {
      const entry = { kind: 'pat', profile } as const;
      removed = (await removeStored(io.paths, io.env, key, entry)) || removed;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      failed.push(error);
    }
  }
  return { removed, failed };
}

import type { ProfileState, ProxyStatus } from '../../shared/link/messages.ts';
import type { LocalStatus } from '../control/context.ts';
import type { Profile } from '../profiles/profile.ts';
import { stateOf } from '../profiles/profile-state.ts';
import { callControl } from '../runtime/control-client.ts';
import { storeKeyOf } from '../secrets/open-stores.ts';
import { isProgram, readWhenUsed } from '../secrets/read-when-used.ts';
import { isKept } from '../secrets/secret-keeper.ts';
import type { EntryListing } from '../secrets/secret-store.ts';
import { listStored } from '../secrets/stored-entries.ts';
import type { Io } from './command.ts';

export type StateAndNote = { state: ProfileState; owner: string | null; expiresAt: string | null };

/** What the running proxy says of itself, or null where none runs. */
export async function localStatus(io: Io): Promise<LocalStatus | null> {
  return (await callControl(io.paths, 'GET', '/local/status')) as LocalStatus | null;
}

/**
 * Each profile's state: the running proxy's word, which has met the servers, else what the files tell. Never opens a
 * secret and asks for no passphrase.
 */
export async function profileStates(
  profiles: readonly Profile[],
  io: Io,
): Promise<Map<string, StateAndNote>> {
  const running = await localStatus(io);
  const known = new Map(running?.profiles.map((profile) => [profile.name, profile]));
  const listings = {
    attended: await listStored(io.paths, 'attended'),
    unattended: await listStored(io.paths, 'unattended'),
    keychain: await listStored(io.paths, 'keychain'),
  };
  const states = new Map<string, StateAndNote>();
  for (const profile of profiles) {
    const said: ProxyStatus['profiles'][number] | undefined = known.get(profile.name);
    if (said) {
      const { state, owner, expiresAt } = said;
      states.set(profile.name, { state, owner, expiresAt });
      continue;
    }
    const key = storeKeyOf(profile);
    const secret = await seen(profile, (key && listings[key]) ?? [], io);
    states.set(profile.name, {
      state: stateOf(secret, undefined, io.now()),
      owner: null,
      expiresAt: secret?.expiresAt ?? null,
    });
  }
  return states;
}

/** What can be seen of a secret from outside, or null where there is none. */
async function seen(
  profile: Profile,
  stored: readonly EntryListing[],
  io: Io,
): Promise<{ expiresAt: string | null } | null> {
  const { source, name, url } = profile;
  if (isKept(source)) {
    if (source.store === 'memory') return null;
    const entry = stored.find(
      ({ kind, profile: of, origin }) => kind === 'pat' && of === name && origin === url,
    );
    return entry ?? null;
  }
  // Listing runs no foreign program: it may ask a person, cost time, or be none of today's business.
  if (isProgram(source)) return { expiresAt: null };
  const read = await readWhenUsed(source, url, io.env, io.now());
  return read.ok ? { expiresAt: null } : null;
}

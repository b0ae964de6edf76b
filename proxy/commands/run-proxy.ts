import { hashPhantomToken, makePhantomToken } from '../clients/phantom-token.ts';
import { requireCurrent, requireProfile } from '../profiles/change-profiles.ts';
import { readConfig } from '../profiles/config-file.ts';
import type { Access } from '../profiles/profile.ts';
import { takeLease } from '../runtime/lease-port.ts';
import { leaseSocket } from '../runtime/paths.ts';
import { findRunning, requireRunning } from '../runtime/running-proxy.ts';
import { isOwnSocketFolder } from '../runtime/socket-folder.ts';
import { type Io, tell } from './command.ts';
import { finishEarlierChanges } from './finish-changes.ts';

/** Whom the token is for. `profile` null is the current one. */
export type Wanted = { name: string; profile: string | null; access: Access };

/** A proxy and a phantom token for it, which is worth nothing after `end`, or when this process is gone. */
export type ProxyForRun = { url: string; token: string; end(): Promise<void> };

/** The proxy that runs, with a lease of it; else one of our own, in this process and for this program alone. */
export async function proxyForRun(wanted: Wanted, io: Io): Promise<ProxyForRun> {
  await finishEarlierChanges(io);
  const config = await readConfig(io.paths);
  if (wanted.profile !== null) requireProfile(config.profiles, wanted.profile, 'run --profile');
  else if (config.profiles.length === 0) requireCurrent(config);
  if ((await findRunning(io.paths)) !== null) return await leased(wanted, io);
  const name = wanted.profile ?? requireCurrent(config).name;
  // The whole proxy; where one runs it need not be loaded.
  const { ownProxy } = await import('./run-own-proxy.ts');
  return await ownProxy({ ...wanted, profile: requireProfile(config.profiles, name) }, io);
}

async function leased(wanted: Wanted, io: Io): Promise<ProxyForRun> {
  const { address } = await requireRunning(io.paths);
  // Where the folder is gone, the connection below says so.
  isOwnSocketFolder(io.paths);
  const token = makePhantomToken();
  const lease = await takeLease(
    leaseSocket(io.paths),
    { ...wanted, tokenHash: hashPhantomToken(token) },
    () => tell(io, 'The proxy has ended; the phantom token of this program is worth nothing now.'),
  );
  return { url: address.url, token, end: async () => lease.end() };
}

import { Problem } from '../problem.ts';
import { callControl } from '../runtime/control-client.ts';
import { findRunning } from '../runtime/running-proxy.ts';
import type { StoredSecret } from '../secrets/secret.ts';
import type { Io } from './command.ts';

/**
 * Tells a running proxy of a new token: it may not have the sealed file open, and need not ask for the passphrase.
 * Says whether one was there.
 */
export async function handToProxy(profile: string, secret: StoredSecret, io: Io): Promise<boolean> {
  // A token is offered to nobody but the process that holds these folders.
  if ((await findRunning(io.paths)) === null) return false;
  return (await callControl(io.paths, 'POST', '/local/put-secret', { profile, secret })) !== null;
}

/** For the memory store, which is the running proxy's. Throws a Problem where none runs. */
export async function requireMemory(io: Io): Promise<void> {
  if ((await findRunning(io.paths)) === null) throw noMemory();
}

export const noMemory = () =>
  new Problem(
    'The memory store lives in the running proxy, and none is running. Nothing was stored.',
    'tokenleash start',
  );

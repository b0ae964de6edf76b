import inspector from 'node:inspector';
import type { Problem } from '../problem.ts';
import { hostileEnvironment } from '../runtime/node-environment.ts';
import type { Io } from './command.ts';

const ignore = (): void => undefined;

/**
 * Why this process must not hold a token, or null. Asked first of all and once more when the stores are open: while a
 * person types the passphrase, anybody who may signal this process could have opened an inspector in it.
 */
export function processFault(io: Io): Problem | null {
  // Without a handler this signal opens Node's inspector on a port that any user of this machine can reach.
  if (!process.listeners('SIGUSR1').includes(ignore)) process.on('SIGUSR1', ignore);
  return hostileEnvironment(process.execArgv, io.env, inspector.url() !== undefined);
}

/** Throws it. */
export function requireSafeProcess(io: Io): void {
  const fault = processFault(io);
  if (fault) throw fault;
}

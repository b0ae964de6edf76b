import { setTimeout as after } from 'node:timers/promises';
import { EXIT, Problem } from '../problem.ts';
import { callControl } from '../runtime/control-client.ts';
import { findRunning } from '../runtime/running-proxy.ts';
import { answer, type Command, type Io } from './command.ts';

/** The drain (10 s at most) and some. */
const PATIENCE_MS = 15_000;
const POLL_MS = 50;

export const command: Command<Record<string, never>> = {
  help: 'Requests in flight may finish, for 10 s at most. With none running it does nothing and exits 0.',
  run,
};

async function run(_: Record<string, never>, io: Io): Promise<number> {
  answer(io, (await endRunning(io)) ? 'The proxy has ended.' : 'No proxy is running.');
  return EXIT.ok;
}

/** Ends the running proxy and waits for its end; says whether there was one. Throws a Problem for one that stays. */
export async function endRunning(io: Io): Promise<boolean> {
  const running = await findRunning(io.paths);
  if (running === null) return false;
  const asked = await callControl(io.paths, 'POST', '/local/stop', {}).catch(() => null);
  // One that still starts, or whose socket was removed under it, has no ear but for signals.
  if (asked === null) process.kill(running.pid, 'SIGTERM');
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    if ((await findRunning(io.paths))?.pid !== running.pid) return true;
    await after(POLL_MS);
  }
  throw new Problem(`The proxy (process ${running.pid}) does not end.`, `kill -9 ${running.pid}`);
}

import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import type { LocalPairing } from '../control/context.ts';
import { callControl } from '../runtime/control-client.ts';
import { answer, type Io, tell } from './command.ts';
import { pairedBrowsers } from './paired-browsers.ts';

const POLL_MS = 500;

/**
 * The way from a proxy that waits for its first token to a browser that hands one over: a code to paste, a new one at
 * Enter when it was not used in time. For a person before the terminal of `start`; ends once a browser is paired.
 */
export async function pairFirstBrowser(io: Io): Promise<void> {
  for (;;) {
    const known = new Set((await pairedBrowsers(io)).map(({ id }) => id));
    const made = (await callControl(io.paths, 'POST', '/local/pair', {})) as LocalPairing | null;
    if (made === null) return;
    tell(io, 'Paste this code in the extension, under Proxy. It is good once, for 60 s:');
    answer(io, made.code);
    while (io.now() < Date.parse(made.expiresAt)) {
      await after(POLL_MS);
      const paired = (await pairedBrowsers(io)).find(({ id }) => !known.has(id));
      if (!paired) continue;
      tell(io, `Paired with ${paired.name}. Now choose "New PAT for the proxy" there.`);
      return;
    }
    tell(io, 'Nobody used the code within 60 s. Press Enter for a new one.');
    await enter(io);
  }
}

/** Ctrl-C stays the terminal's own: it is not read here. */
async function enter(io: Io): Promise<void> {
  io.stdin.resume();
  await once(io.stdin, 'data');
  io.stdin.pause();
}

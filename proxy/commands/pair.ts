import { setTimeout as after } from 'node:timers/promises';
import type { LocalPairing } from '../control/context.ts';
import { EXIT, Problem } from '../problem.ts';
import { callControl } from '../runtime/control-client.ts';
import { requireRunning } from '../runtime/running-proxy.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION, tell } from './command.ts';
import { endPaired, listPaired, pairedBrowsers } from './paired-browsers.ts';

type PairOptions = {
  list: boolean | undefined;
  end: string | undefined;
  json: boolean | undefined;
};

export const command: Command<PairOptions> = {
  options: [
    { flags: '--list', description: 'list the paired browsers', flagOnly: true },
    {
      flags: '--end <browser>',
      description: 'end the pairing with this browser, by name or id',
      flagOnly: true,
    },
    JSON_OPTION,
  ],
  help: 'Paste the code in the extension, under Proxy. It is good once, for 60 s.',
  run,
};

const POLL_MS = 500;

async function run({ list, end, json = false }: PairOptions, io: Io): Promise<number> {
  if (list && end !== undefined)
    throw new Problem('--list and --end do not go together.', 'tokenleash pair --help', EXIT.usage);
  if (list) return await listPaired(io, json);
  if (end !== undefined) return await endPaired(io, end, json);
  return await pairBrowser(io, json);
}

async function pairBrowser(io: Io, json: boolean): Promise<number> {
  const { address } = await requireRunning(io.paths);
  const before = await pairedBrowsers(io);
  const pairing = (await callControl(io.paths, 'POST', '/local/pair', {})) as LocalPairing | null;
  if (pairing === null) throw new Problem('No proxy is running.', 'tokenleash start');
  const { code, control, expiresAt } = pairing;
  if (json) {
    answerJson(io, { code, control, expiresAt });
    return EXIT.ok;
  }
  answer(io, code);
  tell(io, 'Paste it in the extension, under Proxy, within 60 s.');
  if (!address.keepsLinks)
    tell(io, 'No sealed file is open, so the pairing lasts until this proxy ends.');
  // Nobody waits on a script's behalf: it has its code.
  if (!io.stdout.isTTY) return EXIT.ok;
  const known = new Set(before.map(({ id }) => id));
  while (io.now() < Date.parse(expiresAt)) {
    await after(POLL_MS);
    const made = (await pairedBrowsers(io)).find(({ id }) => !known.has(id));
    if (made) {
      tell(io, `Paired with ${made.name}.`);
      return EXIT.ok;
    }
  }
  throw new Problem('Nobody used the code within 60 s.', 'tokenleash pair');
}

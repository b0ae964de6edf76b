import { EXIT } from '../problem.ts';
import { readConfig } from '../profiles/config-file.ts';
import type { Profile } from '../profiles/profile.ts';
import { findRunning } from '../runtime/running-proxy.ts';
import { answer, type Io } from './command.ts';
import { localStatus, profileStates, type StateAndNote } from './profile-states.ts';

/** What to type, and what it gives. */
type Next = readonly [typed: string, gives: string];
type Standing = { said: string[]; next: readonly Next[] };

/** What `tokenleash` alone prints: how things stand, and what to type next. Reads only; nothing has to run. */
export async function whereYouStand(io: Io): Promise<number> {
  const { said, next } = await standing(io);
  for (const line of said) answer(io, line);
  answer(io, '');
  const all = [...next, HELP];
  const width = Math.max(...all.map(([typed]) => typed.length));
  all.forEach(([typed, gives], at) => {
    answer(io, `${at === 0 ? 'Type: ' : '      '}${typed.padEnd(width)}  ${gives}`);
  });
  return EXIT.ok;
}

async function standing(io: Io): Promise<Standing> {
  const { profiles, current } = await readConfig(io.paths);
  if (profiles.length === 0)
    return {
      said: [
        'Tokenleash keeps your Unleash token away from local programs. There is no profile yet.',
      ],
      next: [
        ['tokenleash start', 'asks for your Unleash and its token, and starts the proxy'],
        ['tokenleash profile add NAME --url URL', 'adds them without starting'],
      ],
    };
  const profile = profiles.find(({ name }) => name === current);
  const running = await findRunning(io.paths);
  const status = running?.address ? await localStatus(io) : null;
  const served = profiles.find(({ name }) => name === status?.profile) ?? profile;
  const state = served && (await profileStates([served], io)).get(served.name);
  const said = [
    running?.address
      ? `The proxy runs at ${running.address.url} (process ${running.pid}).`
      : running
        ? `The proxy (process ${running.pid}) is starting.`
        : 'No proxy is running.',
    served && state
      ? `Profile "${served.name}": ${served.url}, ${served.access}, ${state.state}.`
      : `No profile is the current one; there are ${profiles.map(({ name }) => `"${name}"`).join(', ')}.`,
  ];
  const next = running ? [...nextFor(served, state, profiles), ...WITH_PROXY] : START;
  return { said, next };
}

const HELP: Next = ['tokenleash --help', 'shows all commands'];
const START: readonly Next[] = [['tokenleash start', 'starts the proxy']];
const WITH_PROXY: readonly Next[] = [
  ['tokenleash run -- CMD', 'runs a program with a token of its own'],
  ['tokenleash env', 'prints exports for this shell'],
  ['tokenleash status', 'says more'],
];

/** What stands in the way of the first request. */
function nextFor(
  profile: Profile | undefined,
  state: StateAndNote | undefined,
  profiles: readonly Profile[],
): Next[] {
  if (!profile)
    return [[`tokenleash profile use ${profiles[0]?.name}`, 'makes it the current one']];
  if (state?.state === 'ready') return [];
  if (profile.source.from === 'browser' && state?.state === 'waiting-for-secret')
    return [['tokenleash pair', 'connects the browser that its token comes from']];
  return [[`tokenleash profile show ${profile.name}`, 'says more of its token']];
}

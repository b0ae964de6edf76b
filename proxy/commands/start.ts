import { resolve } from 'node:path';
import { keylessFault } from '../data/peer-user.ts';
import { EXIT, Problem, quoteForShell } from '../problem.ts';
import { requireProfile } from '../profiles/change-profiles.ts';
import { type Config, readConfig } from '../profiles/config-file.ts';
import type { Profile } from '../profiles/profile.ts';
import { nodeWarning } from '../runtime/node-environment.ts';
import { dataSocket } from '../runtime/paths.ts';
import { type StartedProxy, startProxy } from '../runtime/proxy.ts';
import { claimRuntime } from '../runtime/running-proxy.ts';
import { makeSocketFolder } from '../runtime/socket-folder.ts';
import { withoutTokens } from '../secrets/without-tokens.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION, tell } from './command.ts';
import { EXPOSED_OPTIONS, type ExposedOptions } from './exposed-options.ts';
import { finishEarlierChanges } from './finish-changes.ts';
import { openAudit } from './open-audit.ts';
import { openNeededStores } from './open-stores.ts';
import { PROFILE_OPTION, parsePort, READ_ONLY_OPTION } from './option-types.ts';
import { goOnWithoutReader } from './reader-gone.ts';
import { requireSafeProcess } from './safe-process.ts';
import { hasTerminal } from './terminal.ts';

type StartOptions = {
  port: number;
  controlPort: number;
  socket: string | undefined;
  profile: string | undefined;
  readOnly: boolean;
  keyless: boolean;
  metrics: boolean;
  json: boolean | undefined;
} & ExposedOptions;

const DEFAULT_PORT = 4280;
const DEFAULT_CONTROL_PORT = 4281;
/** What is in flight when the proxy is told to end may take so long. */
const DRAIN_MS = 10_000;

export const command: Command<StartOptions> = {
  options: [
    {
      flags: '--port <port>',
      description: `TCP port for local programs, 0 to have one picked (default: ${DEFAULT_PORT})`,
      parse: parsePort,
      fallback: DEFAULT_PORT,
    },
    {
      flags: '--control-port <port>',
      description: `TCP port for the paired browser (default: ${DEFAULT_CONTROL_PORT})`,
      parse: parsePort,
      fallback: DEFAULT_CONTROL_PORT,
    },
    { flags: '--socket <path>', description: 'unix socket for local programs' },
    ...EXPOSED_OPTIONS,
    PROFILE_OPTION,
    READ_ONLY_OPTION,
    {
      flags: '--keyless',
      description: 'programs of this user need no token (Linux only)',
      fallback: false,
    },
    {
      flags: '--metrics',
      description: 'show figures for Prometheus at /metrics of the control port',
      fallback: false,
    },
    { ...JSON_OPTION, description: 'first print one JSON line with the addresses' },
  ],
  help: 'It stays in the foreground; Ctrl-C or `tokenleash stop` ends it. It listens on this machine only, but\nfor --listen: who has a phantom token can use it there. The control port stays on this machine.',
  run,
};

async function run(options: StartOptions, io: Io): Promise<number> {
  requireSafeProcess(io);
  goOnWithoutReader();
  const keylessUser = options.keyless ? ownUser() : null;
  const exposed =
    options.listen === undefined
      ? null
      : (await import('./exposed-address.ts')).exposedAddress(options);
  const warning = nodeWarning(process.version);
  if (warning) tell(io, `Warning: ${warning}`);
  await finishEarlierChanges(io);
  const { config, first } = await configWithProfile(io);
  const current = options.profile ?? config.current;
  if (options.profile !== undefined)
    requireProfile(config.profiles, options.profile, 'profile use');

  const claim = await claimRuntime(io.paths);
  try {
    const stores = await openNeededStores(config.profiles, io);
    requireSafeProcess(io);
    const ending = listenForEnd(io);
    const socket = await socketPath(options.socket, io);
    const proxy = await startProxy({
      paths: io.paths,
      env: io.env,
      now: io.now,
      stores,
      port: options.port,
      controlPort: options.controlPort,
      onlyClient: null,
      socket,
      exposed,
      profile: options.profile ?? null,
      readOnly: options.readOnly,
      keylessUser,
      audit: openAudit(io),
      metrics: options.metrics ? (await import('../control/metrics.ts')).createMetrics() : null,
      log: (sentence) => tell(io, withoutTokens(sentence)),
      stop: () => ending.end(EXIT.ok),
    }).catch(async (error) => {
      const { listenProblem } = await import('./listen-problem.ts');
      throw listenProblem(error, options);
    });
    await claim.publish(proxy.address);
    announce(proxy, config, current, options, io);
    if (first) goOnFrom(first, io);
    const exit = await ending.reason;
    tell(io, 'Ending: requests in flight may finish. Ctrl-C again ends at once.');
    await proxy.end(DRAIN_MS);
    return exit;
  } finally {
    await claim.release();
  }
}

/** `first` is the profile that was asked for and made just now. */
async function configWithProfile(io: Io): Promise<{ config: Config; first: Profile | null }> {
  const config = await readConfig(io.paths);
  if (config.profiles.length > 0) return { config, first: null };
  if (!io.stdin.isTTY || !hasTerminal(io))
    throw new Problem(
      'There is no profile yet, and no terminal to ask on.',
      'tokenleash profile add NAME --url https://unleash.example.com',
      EXIT.usage,
    );
  const { addFirstProfile } = await import('./first-profile.ts');
  const first = await addFirstProfile(io);
  return { config: await readConfig(io.paths), first };
}

/** Who has just made their first profile is shown the next step: the browser that gives its token, or a request. */
function goOnFrom({ source }: Profile, io: Io): void {
  if (source.from !== 'browser') {
    tell(io, `Try it there: ${FIRST_REQUEST}`);
    return;
  }
  // A pairing that fails is no reason to end a proxy that works.
  const pairing = import('./first-pairing.ts').then((each) => each.pairFirstBrowser(io));
  pairing.catch((error) => {
    tell(io, error instanceof Error ? withoutTokens(error.message) : 'The pairing failed.');
    tell(io, 'In another terminal type: tokenleash pair');
  });
}

const FIRST_REQUEST =
  'tokenleash run -- sh -c \'curl -H "Authorization: $UNLEASH_PAT" "$UNLEASH_URL/api/admin/projects"\'';

/** The socket that was asked for, else one in our own folder; Windows has none. */
async function socketPath(asked: string | undefined, io: Io): Promise<string | null> {
  const folder = makeSocketFolder(io.paths);
  if (folder.fallback)
    tell(
      io,
      `The path of ${io.paths.runtime} is too long for a socket; the sockets lie in ${folder.path}.`,
    );
  if (asked !== undefined) return resolve(asked);
  return process.platform === 'win32' ? null : dataSocket(io.paths);
}

/** Our own uid; throws a Problem where nobody says who is at the other end of a connection. */
function ownUser(): number {
  const user = process.getuid?.();
  const fault = keylessFault(process.platform, user);
  if (user !== undefined && fault === null) return user;
  throw new Problem(fault ?? '', 'tokenleash client add NAME', EXIT.usage);
}

/** Resolves with the exit code when the proxy is told to end; a second signal ends the process at once. */
function listenForEnd(io: Io): { reason: Promise<number>; end(exit: number): void } {
  let end: (exit: number) => void = () => undefined;
  const reason = new Promise<number>((done) => {
    let ending = false;
    end = (exit) => {
      if (ending && exit !== EXIT.ok) process.exit(exit);
      ending = true;
      done(exit);
    };
  });
  process.on('SIGINT', () => end(EXIT.interrupted));
  process.on('SIGTERM', () => end(EXIT.terminated));
  process.on('SIGHUP', () => end(EXIT.terminated));
  process.on('uncaughtException', (error) => {
    tell(io, withoutTokens(`tokenleash: A defect of ours ended the proxy: ${error.message}`));
    tell(io, 'Type: tokenleash start');
    process.exit(EXIT.failure);
  });
  return { reason, end: (exit) => end(exit) };
}

function announce(
  proxy: StartedProxy,
  config: Config,
  current: string | null,
  options: StartOptions,
  io: Io,
): void {
  const { url, control, socket, exposed } = proxy.address;
  if (options.json) {
    answerJson(io, { event: 'listening', url, control, socket, ...(exposed ? { exposed } : {}) });
    return;
  }
  answer(io, `Tokenleash listens on ${url}`);
  if (exposed)
    tell(io, `Warning: ${exposed} can be reached from beyond this machine, by whoever gets there.`);
  const profile = config.profiles.find(({ name }) => name === current);
  if (profile)
    tell(
      io,
      `Profile "${profile.name}": ${profile.url}, ${options.readOnly ? 'read' : profile.access}`,
    );
  else tell(io, 'No profile is the current one. Type: tokenleash profile use NAME');
  tell(io, `Control port ${control}${socket === null ? '' : `, socket ${quoteForShell(socket)}`}`);
  tell(io, 'In another terminal: tokenleash run -- CMD, tokenleash pair. Ctrl-C ends it.');
}

import { setTimeout as after } from 'node:timers/promises';
import { EXIT, Problem } from '../problem.ts';
import { callControl } from '../runtime/control-client.ts';
import { type Address, findRunning } from '../runtime/running-proxy.ts';
import { type ServerAnswer, serverAnswer } from '../runtime/server-answer.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION, tell } from './command.ts';
import { parseTimeout } from './option-types.ts';

type WaitOptions = { timeout: number; server: boolean; json: boolean | undefined };

const TIMEOUT_MS = 30_000;
const POLL_MS = 100;
/** A server is not asked as often as the proxy. */
const SERVER_POLL_MS = 1000;
/** Only who waits so long is told that there is something to wait for. */
const PATIENCE_MS = 1000;

export const command: Command<WaitOptions> = {
  options: [
    {
      flags: '--timeout <time>',
      description: 'give up after this: 90s, 5m, or seconds; 0 looks once (default: 30s)',
      parse: parseTimeout,
      fallback: TIMEOUT_MS,
    },
    {
      flags: '--server',
      description: 'also wait until the server of the current profile takes its token',
      fallback: false,
    },
    JSON_OPTION,
  ],
  help: `Ends when a proxy is ready: exit code 0. When none became ready in time: 1; with --server also 3 when the
server cannot be reached and 4 when the token is missing or refused.
  tokenleash start & tokenleash wait && tokenleash run -- terraform plan`,
  helpsWithBrokenConfig: true,
  run,
};

/** What a look found: everything there, or what is missing. */
type Look = { address: Address | null; server: ServerAnswer | null; missing: Problem | null };

async function run(options: WaitOptions, io: Io): Promise<number> {
  const begun = performance.now();
  let told = false;
  for (;;) {
    const look = await lookOnce(options.server, io);
    const waited = performance.now() - begun;
    if (look.missing === null || waited >= options.timeout) return end(look, options, io);
    if (!told && waited >= PATIENCE_MS) {
      told = true;
      tell(io, `Waiting: ${look.missing.message}`);
    }
    const pause = look.server === null ? POLL_MS : SERVER_POLL_MS;
    await after(Math.min(pause, options.timeout - waited));
  }
}

function end({ address, server, missing }: Look, { json }: WaitOptions, io: Io): number {
  if (json) {
    const { url = null, control = null, socket = null } = address ?? {};
    const code = server?.code ?? null;
    answerJson(io, { ready: missing === null, url, control, socket, code });
  } else if (missing === null) answer(io, `The proxy is ready at ${address?.url}.`);
  if (missing !== null) throw missing;
  return EXIT.ok;
}

async function lookOnce(withServer: boolean, io: Io): Promise<Look> {
  const address = (await findRunning(io.paths))?.address ?? null;
  if (address === null || !(await isReady(io))) {
    const message = address === null ? 'No proxy is running.' : 'The proxy is not ready.';
    const next = address === null ? 'tokenleash start' : 'tokenleash status';
    return { address: null, server: null, missing: new Problem(message, next) };
  }
  if (!withServer) return { address, server: null, missing: null };
  const server = await serverAnswer(address);
  return { address, server, missing: server.problem };
}

/** False while it starts or drains. */
async function isReady(io: Io): Promise<boolean> {
  return (await callControl(io.paths, 'GET', '/readyz').catch(() => null)) !== null;
}

import { summary } from '../numbers.mjs';
import { BASE, SOCKET_RELAY } from '../peers.mjs';
import { endProgram } from '../processes.mjs';
import { directTarget, targetOf } from '../stage.mjs';

const WARM_REQUESTS = 20_000;
const WARM_CONNECTIONS = 16;

/**
 * Requests per second and latency, interleaved: all run, one at a time is under load, round after round; ratios are
 * taken within a round. `direct` is no proxy at all; what a proxy adds to the median latency is its own less direct's.
 * What passes bytes and does nothing else runs with them, as the bound of what there is to gain.
 *
 * @param {import('../stage.mjs').Stage} stage
 * @param {import('../peers.mjs').Peer[]} peers
 * @param {{ connections: number[], rounds: number, warmMs: number, sliceMs: number }} sizes
 * @param {(text: string) => void} note
 */
export async function measureRate(stage, peers, sizes, note) {
  const started = [];
  const targets = { direct: directTarget(stage) };
  try {
    for (const peer of [...peers, SOCKET_RELAY]) {
      const running = await peer.start(stage);
      started.push(running);
      targets[peer.name] = targetOf(running);
    }
    note('warming up');
    // As many requests for each, so that each is as far with its JIT.
    const count = Math.min(WARM_REQUESTS, sizes.sliceMs * 10);
    for (const target of Object.values(targets))
      await stage.order('requests', { target, connections: WARM_CONNECTIONS, count });
    const result = {};
    for (const connections of sizes.connections) {
      const rounds = [];
      for (let round = 1; round <= sizes.rounds; round += 1) {
        note(`${connections} connections, round ${round} of ${sizes.rounds}`);
        rounds.push(await measureRound(stage, targets, connections, sizes));
      }
      result[connections] = compare(rounds, Object.keys(targets));
    }
    return result;
  } finally {
    await Promise.all(started.map(({ child }) => endProgram(child)));
  }
}

async function measureRound(stage, targets, connections, { warmMs, sliceMs }) {
  const round = {};
  for (const [name, target] of Object.entries(targets))
    round[name] = await stage.order('slice', { target, connections, warmMs, ms: sliceMs });
  return round;
}

function compare(rounds, names) {
  const within = (take) => summary(rounds.map(take));
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        perSecond: within((round) => round[name].perSecond),
        perSecondToBase: within((round) => round[name].perSecond / round[BASE].perSecond),
        perSecondToDefault: within(
          (round) => round[name].perSecond / round['http-proxy-default'].perSecond,
        ),
        p50: within((round) => round[name].p50 * 1000),
        p99: within((round) => round[name].p99 * 1000),
        addedP50: within((round) => added(round, name) * 1000),
        addedP50ToBase: within((round) => added(round, name) / added(round, BASE)),
      },
    ]),
  );
}

const added = (round, name) => round[name].p50 - round.direct.p50;

import { cpuSeconds, memory } from '../machine.mjs';
import { summary } from '../numbers.mjs';
import { BASE } from '../peers.mjs';
import { endProgram } from '../processes.mjs';
import { directTarget, targetOf } from '../stage.mjs';

/**
 * One long answer and one long request through each peer, round after round, each in a fresh process, so that the
 * peak of its memory is this transfer's.
 *
 * @param {import('../stage.mjs').Stage} stage
 * @param {import('../peers.mjs').Peer[]} peers
 * @param {{ bytes: number, rounds: number }} sizes
 * @param {(text: string) => void} note
 */
export async function measureBulk(stage, peers, { bytes, rounds }, note) {
  const result = { bytes };
  for (const way of ['down', 'up']) {
    const all = [];
    for (let round = 1; round <= rounds; round += 1) {
      const measured = { direct: { seconds: await direct(stage, way, bytes) } };
      for (const peer of peers) {
        note(`${way}, ${peer.label}, round ${round} of ${rounds}`);
        measured[peer.name] = await transfer(stage, peer, way, bytes);
      }
      all.push(measured);
    }
    result[way] = compare(all, peers, bytes);
  }
  return result;
}

const direct = (stage, way, bytes) => stage.order(way, { target: directTarget(stage), bytes });

async function transfer(stage, peer, way, bytes) {
  const running = await peer.start(stage);
  try {
    const target = targetOf(running);
    // Its first request costs what a program's start costs, and is no part of the transfer.
    await stage.order('requests', { target, connections: 1, count: 50 });
    const before = cpuSeconds(running.pid);
    const seconds = await stage.order(way, { target, bytes });
    const cpu = cpuSeconds(running.pid) - before;
    return { seconds, cpu, peak: memory(running.pid).peak };
  } finally {
    await endProgram(running.child);
  }
}

function compare(rounds, peers, bytes) {
  const within = (take) => summary(rounds.map(take));
  const mib = bytes / 1024 / 1024;
  return Object.fromEntries(
    ['direct', ...peers.map(({ name }) => name)].map((name) => [
      name,
      {
        mibPerSecond: within((round) => mib / round[name].seconds),
        speedToBase: within((round) => round[BASE].seconds / round[name].seconds),
        ...(name === 'direct'
          ? {}
          : {
              cpuToBase: within((round) => round[name].cpu / Math.max(round[BASE].cpu, 0.01)),
              peakMib: within((round) => round[name].peak),
            }),
      },
    ]),
  );
}

import { memory } from '../machine.mjs';
import { HELLO_WORLD } from '../peers.mjs';
import { endProgram } from '../processes.mjs';
import { targetOf } from '../stage.mjs';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Memory (RSS, MiB) of each peer: as it stands after its start and one request, with idle connections, and after
 * many requests.
 *
 * @param {import('../stage.mjs').Stage} stage
 * @param {import('../peers.mjs').Peer[]} peers
 * @param {{ idleConnections: number, requests: number, settleMs: number }} sizes
 * @param {(text: string) => void} note
 */
export async function measureMemory(stage, peers, sizes, note) {
  const result = {};
  for (const peer of [HELLO_WORLD, ...peers]) {
    note(peer.label);
    result[peer.name] = await measurePeer(stage, peer, sizes);
  }
  const floor = result[HELLO_WORLD.name].idle;
  for (const found of Object.values(result))
    found.idleToHelloWorld = Number((found.idle / floor).toPrecision(4));
  return { idleConnections: sizes.idleConnections, requests: sizes.requests, peers: result };
}

async function measurePeer(stage, peer, { idleConnections, requests, settleMs }) {
  const running = await peer.start(stage);
  const now = async () => {
    await wait(settleMs);
    return Math.round(memory(running.pid).now * 10) / 10;
  };
  try {
    const target = targetOf(running);
    await stage.order('requests', { target, connections: 1, count: 1 });
    const idle = await now();
    await stage.order('hold', { target, connections: idleConnections });
    const connected = await now();
    await stage.order('release');
    await stage.order('requests', { target, connections: 16, count: requests });
    return { idle, connected, used: await now(), peak: memory(running.pid).peak };
  } finally {
    await stage.order('release');
    await endProgram(running.child);
  }
}

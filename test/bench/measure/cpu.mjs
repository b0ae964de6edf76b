import { cpuSeconds } from '../machine.mjs';
import { median, summary } from '../numbers.mjs';
import { BASE } from '../peers.mjs';
import { endProgram } from '../processes.mjs';
import { targetOf } from '../stage.mjs';

/** Beyond it the run says nothing: the same program beside itself has to cost the same. */
export const CONTROL_LIMIT = { low: 0.95, high: 1.05 };

/** What the kernel's clock can tell; a window must be far longer for its ratio to mean anything. */
const LEAST_SECONDS = 0.01;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * CPU time per request, paired: each peer and a fresh base of the same age run at the same time on the same core,
 * each under its own load. The first pair is the base beside itself.
 *
 * @param {import('../stage.mjs').Stage} stage
 * @param {import('../peers.mjs').Peer[]} peers
 * @param {{ connections: number, warmMs: number, windowMs: number, windows: number }} sizes
 * @param {(text: string) => void} note
 */
export async function measureCpu(stage, peers, sizes, note) {
  const base = peers.find(({ name }) => name === BASE);
  const others = peers.filter((peer) => peer !== base);
  const result = {};
  for (const peer of [base, ...others]) {
    note(`${peer.label} beside the base`);
    result[peer.name] = await measurePair(stage, base, peer, sizes);
  }
  const control = result[BASE].ratio.median;
  const isVoid = control < CONTROL_LIMIT.low || control > CONTROL_LIMIT.high;
  return { connections: sizes.connections, control, void: isVoid, peers: result };
}

async function measurePair(stage, base, peer, { connections, warmMs, windowMs, windows }) {
  const pair = { base: await base.start(stage), peer: await peer.start(stage) };
  try {
    for (const [name, running] of Object.entries(pair))
      await stage.order('open', { name, target: targetOf(running), connections });
    await wait(warmMs);
    const ratios = [];
    const costs = { base: [], peer: [] };
    for (let at = 0; at < windows; at += 1) {
      const before = await take(stage, pair);
      await wait(windowMs);
      const after = await take(stage, pair, before);
      const cost = (name) =>
        Math.max(after[name].cpu - before[name].cpu, LEAST_SECONDS) /
        (after[name].requests - before[name].requests);
      costs.base.push(cost('base') * 1e6);
      costs.peer.push(cost('peer') * 1e6);
      ratios.push(cost('peer') / cost('base'));
    }
    return { ratio: summary(ratios), microseconds: Number(median(costs.peer).toPrecision(4)) };
  } finally {
    await stage.order('closeAll');
    await Promise.all(Object.values(pair).map(({ child }) => endProgram(child)));
  }
}

async function take(stage, pair, earlier = {}) {
  const before = Object.fromEntries(
    Object.entries(earlier).map(([name, { requests }]) => [name, requests]),
  );
  const counts = await stage.order('counts', { before });
  return Object.fromEntries(
    Object.entries(pair).map(([name, { pid }]) => [
      name,
      { requests: counts[name], cpu: cpuSeconds(pid) },
    ]),
  );
}

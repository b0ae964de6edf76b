import { summary } from '../numbers.mjs';
import { HELLO_WORLD } from '../peers.mjs';
import { endProgram, runProgram } from '../processes.mjs';
import { targetOf } from '../stage.mjs';

/**
 * From a program's start to its first good answer, and what the short commands take beside a Node that does
 * nothing; interleaved, the ratios within a round.
 *
 * @param {import('../stage.mjs').Stage} stage
 * @param {import('../peers.mjs').Peer[]} peers
 * @param {{ rounds: number }} sizes
 * @param {(text: string) => void} note
 */
export async function measureStart(stage, peers, { rounds }, note) {
  const candidates = [HELLO_WORLD, ...peers];
  const commands = {
    node: [process.execPath, '-e', '0'],
    version: [process.execPath, stage.program, '--version'],
    run: [process.execPath, stage.program, 'run', '--', 'true'],
  };
  // With a proxy running, as a user has it who types `run`.
  const proxy = await peers.find(({ name }) => name === 'tokenleash').start(stage);
  const short = [];
  try {
    for (let round = 1; round <= rounds; round += 1) {
      note(`short commands, round ${round} of ${rounds}`);
      const measured = {};
      for (const [name, words] of Object.entries(commands))
        measured[name] = (await runProgram('proxy', words, { env: stage.env })).ms;
      short.push(measured);
    }
  } finally {
    await endProgram(proxy.child);
  }
  const starts = [];
  for (let round = 1; round <= rounds; round += 1) {
    note(`first answer, round ${round} of ${rounds}`);
    const measured = {};
    for (const peer of candidates) measured[peer.name] = await firstAnswer(stage, peer);
    starts.push(measured);
  }
  return {
    firstAnswer: compare(starts, HELLO_WORLD.name),
    commands: compare(short, 'node'),
  };
}

async function firstAnswer(stage, peer) {
  const begun = performance.now();
  const running = await peer.start(stage);
  try {
    await stage.order('requests', { target: targetOf(running), connections: 1, count: 1 });
    return performance.now() - begun;
  } finally {
    await endProgram(running.child);
  }
}

function compare(rounds, base) {
  return Object.fromEntries(
    Object.keys(rounds[0]).map((name) => [
      name,
      {
        ms: summary(rounds.map((round) => round[name])),
        toBase: summary(rounds.map((round) => round[name] / round[base])),
      },
    ]),
  );
}

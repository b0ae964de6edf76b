// npm run bench: the built proxy beside others, measured in one run. Method: docs/performance.md.
import { StepFailed } from '../../scripts/report.mjs';
import { HELP, readArguments } from './arguments.mjs';
import { writeDocs } from './docs.mjs';
import { canWatchProcesses, describeMachine } from './machine.mjs';
import { measureBulk } from './measure/bulk.mjs';
import { measureCpu } from './measure/cpu.mjs';
import { measureMemory } from './measure/memory.mjs';
import { measureRate } from './measure/rate.mjs';
import { measureStart } from './measure/start.mjs';
import { findPeers } from './peers.mjs';
import { tables } from './report.mjs';
import { setStage } from './stage.mjs';
import { judge } from './targets.mjs';

const MEASURES = {
  cpu: ['CPU per request', measureCpu],
  rate: ['Requests per second and latency', measureRate],
  bulk: ['Long transfers', measureBulk],
  memory: ['Memory', measureMemory],
  start: ['Starts', measureStart],
};

/** On stderr, since stdout is for the result. @param {string} line */
function tell(line) {
  process.stderr.write(`${line}\n`);
}

/** Tells what goes on, and how long it took. */
async function tellStep(name, run) {
  const begun = performance.now();
  tell(`${name} …`);
  const result = await run((text) => tell(`  ${text}`));
  tell(`${name}: ${Math.round((performance.now() - begun) / 1000)} s`);
  return result;
}

async function main() {
  const options = readArguments(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  if (!canWatchProcesses)
    throw new StepFailed(
      'The benchmark reads CPU time and memory from /proc, so it needs Linux.',
      'Run it in a Linux machine or container.',
    );
  const peers = findPeers();
  const stage = await setStage(tell);
  const sections = {};
  try {
    for (const name of options.sections) {
      const [title, measure] = MEASURES[name];
      sections[name] = await tellStep(title, (note) =>
        measure(stage, peers, options.sizes[name], note),
      );
    }
  } finally {
    await stage.end();
  }
  const result = {
    version: 1,
    date: new Date().toISOString(),
    extent: options.extent,
    machine: describeMachine(),
    peers: Object.fromEntries(peers.map(({ name, label }) => [name, label])),
    sections,
    targets: judge(sections),
  };
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : tables(result));
  if (options.writeDocs)
    tell(`Wrote the tables into ${writeDocs('npm run bench', tables(result))}`);
}

try {
  await main();
} catch (error) {
  tell(error instanceof StepFailed ? error.message : String(error?.stack ?? error));
  if (error?.hint) tell(error.hint);
  process.exitCode = 1;
}
// What a program under load left open must not keep the terminal.
process.exit();

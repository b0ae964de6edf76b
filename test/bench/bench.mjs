// npm run bench: the built proxy beside others, measured in one run. Method: docs/performance.md.
import { StepFailed } from '../../scripts/report.mjs';
import { HELP, readArguments } from './arguments.mjs';
import { canWatchProcesses } from './machine.mjs';
import { measureBulk } from './measure/bulk.mjs';
import { measureCpu } from './measure/cpu.mjs';
import { measureMemory } from './measure/memory.mjs';
import { measureRate } from './measure/rate.mjs';
import { measureStart } from './measure/start.mjs';
import { findPeers } from './peers.mjs';
import { tables } from './report.mjs';
import { runBench, tell } from './run.mjs';
import { setStage } from './stage.mjs';
import { judge } from './targets.mjs';

const MEASURES = {
  cpu: ['CPU per request', measureCpu],
  rate: ['Requests per second and latency', measureRate],
  bulk: ['Long transfers', measureBulk],
  memory: ['Memory', measureMemory],
  start: ['Starts', measureStart],
};

/** Tells what goes on, and how long it took. */
async function tellStep(name, run) {
  const begun = performance.now();
  tell(`${name} …`);
  const result = await run((text) => tell(`  ${text}`));
  tell(`${name}: ${Math.round((performance.now() - begun) / 1000)} s`);
  return result;
}

async function measure({ sections: wanted, sizes }) {
  if (!canWatchProcesses)
    throw new StepFailed(
      'The benchmark reads CPU time and memory from /proc, so it needs Linux.',
      'Run it in a Linux machine or container.',
    );
  const found = findPeers();
  const stage = await setStage(tell);
  const sections = {};
  try {
    for (const name of wanted) {
      const [title, measureOne] = MEASURES[name];
      sections[name] = await tellStep(title, (note) => measureOne(stage, found, sizes[name], note));
    }
  } finally {
    await stage.end();
  }
  return { sections, peers: Object.fromEntries(found.map(({ name, label }) => [name, label])) };
}

await runBench({ command: 'npm run bench', help: HELP, readArguments, measure, judge, tables });

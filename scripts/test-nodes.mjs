// npm run test:nodes: the proxy's tests on each Node that it supports. The last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { NODE_VERSIONS, nodeProgram } from '../test/nodes/node.mjs';
import { cacheFolder, ensurePackages, requireNode, root } from './install.mjs';
import { duration, say, sinceStart } from './report.mjs';

const HELP = `npm run test:nodes                unit, conformance and integration tests on Node ${NODE_VERSIONS.join(', ')}
npm run test:nodes -- 22 24       only on these
`;
const PROJECTS = ['unit', 'conformance', 'integration'];

/** Runs the tests on that Node; gives what vitest counted. */
async function runOn(major, installed) {
  // Some tests run the proxy as another user, who cannot look into the cache of root.
  const folder = mkdtempSync(join(tmpdir(), `tokenleash-node-${major}-`));
  chmodSync(folder, 0o755);
  const node = join(folder, basename(installed));
  copyFileSync(installed, node);
  try {
    return await count(major, node);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

async function count(major, node) {
  const report = `${cacheFolder}/test-node-${major}.json`;
  rmSync(report, { force: true });
  const words = [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...PROJECTS.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const code = await new Promise((resolve, reject) => {
    // The servers that the tests talk to run on the Node of this script: which one the proxy runs on is the question.
    const env = { ...process.env, TOKENLEASH_TEST_SERVER_NODE: process.execPath };
    const child = spawn(node, words, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env });
    child.on('error', reject);
    child.on('close', resolve);
  });
  const result = JSON.parse(readFileSync(report, 'utf8'));
  // A file that could not be loaded or an error outside a test fails no test of its own.
  const unseen = code !== 0 && result.numFailedTests === 0 ? 1 : 0;
  const skipped = result.numPendingTests + result.numTodoTests;
  return { passed: result.numPassedTests, failed: result.numFailedTests + unseen + skipped };
}

async function main() {
  requireNode();
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((word) => !NODE_VERSIONS.includes(word));
  if (unknown.length > 0) {
    process.stdout.write(HELP);
    return wanted.some((word) => ['-h', '--help'].includes(word)) ? 0 : 2;
  }
  mkdirSync(cacheFolder, { recursive: true });
  await ensurePackages();
  const { build } = await import('./build.mjs');
  await build({ extension: true, e2e: true, proxy: true });
  const total = { passed: 0, failed: 0 };
  const lines = [];
  for (const major of wanted.length > 0 ? wanted : NODE_VERSIONS) {
    say(`\n── Node ${major} ──`);
    const counted = await nodeProgram(major, say)
      .then((node) => runOn(major, node))
      .catch((error) => {
        say(error.message);
        return { passed: 0, failed: 1 };
      });
    total.passed += counted.passed;
    total.failed += counted.failed;
    lines.push(`Node ${major}: ${counted.passed} passed, ${counted.failed} failed`);
  }
  say(`\n${lines.join('\n')}\nTook ${duration(sinceStart())}.`);
  say(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

process.exit(await main());

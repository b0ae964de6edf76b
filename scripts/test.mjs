// npm test: installs what is missing, then types, lint, unit, conformance, integration, end-to-end tests, and the shell blocks of the docs.
// The last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { cacheFolder, ensurePackages, requireNode, root, runLogged } from './install.mjs';
import { duration, StepFailed, say, sinceStart, step } from './report.mjs';

const HELP = `npm test                  everything
npm test -- unit          only these: types, lint, unit, conformance, integration, e2e, docs
npm run test:versions     the extension in the admin UI of every supported version
npm run test:soak         the proxy at work for half an hour: SOAK_MINUTES=5 npm run test:soak for less
`;

const PROJECTS = ['unit', 'conformance', 'integration', 'e2e', 'docs'];
/** Not part of everything: they take longer than anybody waits for. */
const ON_DEMAND = ['versions', 'soak'];
let passed = 0;
let failed = 0;
/** What failed, said again at the very end: of a long log, often its end alone is kept. */
const failures = [];

/** A check that counts as one test. */
async function check(name, run) {
  try {
    await step(name, run);
    passed += 1;
  } catch (error) {
    failed += 1;
    const message = error instanceof StepFailed ? error.message : String(error?.stack ?? error);
    failures.push(`${name}\n${message}`);
    say(message);
    if (error?.hint) say(error.hint);
  }
}

/** The failed tests of vitest's report: file, name, and the first lines of what went wrong. */
function failedTests(project, result) {
  return result.testResults.flatMap((file) => {
    const name = relative(root, file.name);
    const own = file.assertionResults
      .filter((one) => one.status === 'failed')
      .map((one) => `${project} ${name}: ${one.fullName}\n${excerpt(one.failureMessages[0])}`);
    if (own.length > 0 || file.status !== 'failed') return own;
    return [`${project} ${name}: the file itself\n${excerpt(file.message)}`];
  });
}

function excerpt(message = '') {
  const lines = message.split('\n').filter((line) => !line.includes('/node_modules/'));
  return lines
    .slice(0, 12)
    .map((line) => `    ${line.slice(0, 400)}`)
    .join('\n');
}

/** One project of vitest.config.ts, its lines passed on as they come; counts its tests. */
async function runProject(project) {
  say(`\n── ${project} ──`);
  const report = `${cacheFolder}/test-${project}.json`;
  rmSync(report, { force: true });
  const code = await new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--project',
        project,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ],
      // In production, Vitest gives tests of pages no modules of Node.
      {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, NODE_ENV: 'test' },
      },
    );
    child.on('close', resolve);
  });
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    failures.push(`vitest wrote no report for ${project} (exit ${code}).`);
    failed += 1;
    return;
  }
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  failures.push(...failedTests(project, result));
  // A file that could not be loaded, a skipped test or an error outside a test fails no test of its own.
  const broken = result.testResults.filter(
    (file) =>
      file.status === 'failed' && file.assertionResults.every((one) => one.status !== 'failed'),
  ).length;
  const skipped = result.numPendingTests + result.numTodoTests;
  if (skipped > 0)
    failures.push(`${skipped} skipped in ${project}: a skipped test counts as failed here.`);
  failed += broken + skipped;
  if (code !== 0 && result.numFailedTests + broken + skipped === 0) {
    failures.push(`${project}: vitest ended with ${code}; an error outside a test, told above.`);
    failed += 1;
  }
}

async function main() {
  requireNode();
  const wanted = process.argv.slice(2);
  if (wanted.includes('--help') || wanted.includes('-h')) {
    process.stdout.write(HELP);
    return;
  }
  const unknown = wanted.filter(
    (name) => !['types', 'lint', ...PROJECTS, ...ON_DEMAND].includes(name),
  );
  if (unknown.length > 0)
    throw new StepFailed(`There is no group of tests named ${unknown.join(', ')}.`, HELP);
  const runs = (name) => wanted.length === 0 || wanted.includes(name);

  mkdirSync(cacheFolder, { recursive: true });
  await ensurePackages();
  const projects = [...PROJECTS.filter(runs), ...ON_DEMAND.filter((name) => wanted.includes(name))];
  if (projects.includes('e2e') || projects.includes('versions')) {
    const { ensureBrowser } = await import('./browsers.mjs');
    for (const kind of ['chromium', 'firefox']) say(`✓ ${kind}: ${await ensureBrowser(kind)}`);
  }
  if (projects.includes('integration')) {
    const { ensureKeychain } = await import('./keychain.mjs');
    await ensureKeychain();
  }
  if (projects.length > 0) {
    const { build } = await import('./build.mjs');
    await build({ extension: true, e2e: true, proxy: true });
  }
  if (runs('types'))
    await check('Types (tsc)', () =>
      runLogged(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit'], {
        log: 'types',
      }),
    );
  if (runs('lint')) {
    await check('Lint (biome)', () =>
      runLogged(
        process.execPath,
        ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '.'],
        { log: 'lint' },
      ),
    );
  }
  for (const project of projects) await runProject(project);
}

try {
  await main();
} catch (error) {
  failed += 1;
  say(error instanceof StepFailed ? error.message : String(error?.stack ?? error));
  if (error?.hint) say(error.hint);
}
if (!process.argv.includes('--help') && !process.argv.includes('-h')) {
  if (failures.length > 0) say(`\nWhat failed:\n\n${failures.join('\n\n')}`);
  say(`\nTook ${duration(sinceStart())}.`);
  say(`${passed} passed, ${failed} failed`);
}
process.exit(failed === 0 ? 0 : 1);

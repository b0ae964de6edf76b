// npm run package: what is given to others, in dist/packages.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from './build.mjs';
import { ensurePackages, requireNode, root, runLogged } from './install.mjs';
import { StepFailed, say, step } from './report.mjs';
import { zipExtension } from './zip-extension.mjs';

const HELP = `npm run package                builds, and writes to dist/packages:
                               a zip for each browser's store, the npm package of the proxy, the source
                               that Firefox's store asks for, and SHA256SUMS
npm run package -- --built     packs what is in dist, without building
npm run package -- --out DIR   to another folder; only files of these names are replaced there
`;

const git = async (...words) =>
  (await promisify(execFile)('git', words, { cwd: root })).stdout.trim();

/** @param {string[]} words @returns {{ built: boolean, out: string } | null} null: asks for help */
function readWords(words) {
  let built = false;
  let out = join(root, 'dist/packages');
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === '--help' || word === '-h') return null;
    if (word === '--built') built = true;
    else if (word === '--out' && words[at + 1]) {
      at += 1;
      out = resolve(words[at]);
    } else throw new StepFailed(`There is no option ${word}, or it lacks its value.`, HELP);
  }
  return { built, out };
}

/** Of the last commit. Null where there is none, or where what is built may differ from it. */
async function archiveSource(file) {
  try {
    if ((await git('status', '--porcelain')) !== '') return null;
    await git('archive', '--format=zip', '--prefix=tokenleash/', `--output=${file}`, 'HEAD');
    return file;
  } catch {
    return null;
  }
}

/** @param {string} out @param {string} version @returns {Promise<string>} its file */
async function packProxy(out, version) {
  await runLogged('npm', ['pack', '--ignore-scripts', '--pack-destination', out], {
    log: 'npm-pack',
  });
  return join(out, `tokenleash-${version}.tgz`);
}

async function main() {
  requireNode();
  const wish = readWords(process.argv.slice(2));
  if (wish === null) return void process.stdout.write(HELP);
  const { built, out } = wish;
  await ensurePackages();
  if (!built) await build({ extension: true, proxy: true });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  await mkdir(out, { recursive: true });
  // Those of another version would be summed up with them.
  for (const name of await readdir(out))
    if (/^tokenleash-.*\.(?:zip|tgz)$|^SHA256SUMS$/.test(name)) await rm(join(out, name));

  const files = [];
  for (const target of ['chromium', 'firefox']) {
    const file = join(out, `tokenleash-${target}-${version}.zip`);
    const folder = join(root, 'dist', target);
    if ((await stat(folder).catch(() => null)) === null)
      throw new StepFailed(`There is no dist/${target}.`, 'Type: npm run package');
    await step(`Pack dist/${target}`, () => zipExtension(folder, file));
    files.push(file);
  }
  files.push(await step('Pack the proxy for npm', () => packProxy(out, version)));
  const source = await step('Pack the source', () =>
    archiveSource(join(out, `tokenleash-source-${version}.zip`)),
  );
  if (source !== null) files.push(source);

  const lines = [];
  for (const file of files) {
    const bytes = await readFile(file);
    const sum = createHash('sha256').update(bytes).digest('hex');
    const name = relative(out, file);
    lines.push(`${sum}  ${name}\n`);
    say(`${name}  ${(bytes.length / 1000).toFixed(1)} kB`);
  }
  await writeFile(join(out, 'SHA256SUMS'), lines.join(''));
  say(`\nIn ${relative(process.cwd(), out) || '.'}, with their sums in SHA256SUMS.`);
  if (source === null)
    say(
      'Without the source: there are changes that are not committed, or no git. Commit them, then: npm run package',
    );
}

try {
  await main();
} catch (error) {
  say(error instanceof StepFailed ? error.message : String(error?.stack ?? error));
  if (error?.hint) say(error.hint);
  process.exit(1);
}

// npm run setup: builds the proxy and puts `tokenleash` on the PATH.
import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { build } from './build.mjs';
import { ensurePackages, requireNode, root, runLogged } from './install.mjs';
import { StepFailed, say, step } from './report.mjs';

const program = join(root, 'dist/proxy/tokenleash.js');

/** Where npm keeps what is installed for everybody, if this user may write there; else the user's own folder. */
async function putOnPath() {
  const prefix = (await runLogged('npm', ['prefix', '--global'], { log: 'npm-prefix' })).trim();
  try {
    accessSync(prefix, constants.W_OK);
    await runLogged('npm', ['link', '--no-fund', '--no-audit', '--offline'], { log: 'npm-link' });
    return process.platform === 'win32' ? prefix : join(prefix, 'bin');
  } catch (error) {
    if (process.platform === 'win32') throw error;
    const folder = join(homedir(), '.local/bin');
    mkdirSync(folder, { recursive: true });
    link(join(folder, 'tokenleash'));
    return folder;
  }
}

/** Replaces a link of an earlier setup, and nothing else. */
function link(path) {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isSymbolicLink() && readlinkSync(path).endsWith('tokenleash.js')) rmSync(path);
  else if (there) throw new StepFailed(`${path} is there already.`, `Look at it: ls -l ${path}`);
  symlinkSync(program, path);
}

async function main() {
  requireNode();
  await ensurePackages();
  await build({ proxy: true });
  const folder = await step('Put tokenleash on the PATH', putOnPath);
  if (!(process.env.PATH ?? '').split(delimiter).includes(folder)) {
    say(`It is in ${folder}, which is not on your PATH yet. Type:`);
    say(`  export PATH="${folder}:$PATH"`);
  }
  say('Now type: tokenleash');
}

try {
  await main();
} catch (error) {
  say(error instanceof StepFailed ? error.message : String(error?.stack ?? error));
  if (error?.hint) say(error.hint);
  process.exitCode = 1;
}

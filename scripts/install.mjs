// Installs the packages of package-lock.json when they are missing or out of date. Imports nothing from them.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StepFailed, step } from './report.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const cacheFolder = `${root}.cache`;
const stamp = `${root}node_modules/.installed-from`;

const MINIMUM = [20, 19];

/** Ends the program with a sentence when this Node is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  process.stderr.write(
    `Tokenleash needs Node ${MINIMUM.join('.')} or later; this is ${process.versions.node}.\nInstall a newer Node, e.g. \`nvm install 22\`, and try again.\n`,
  );
  process.exit(1);
}

/** Runs a program, its output to a log file; throws with the log's last lines when it fails. */
export function runLogged(command, args, { log, env = process.env, cwd = root } = {}) {
  mkdirSync(cacheFolder, { recursive: true });
  const path = `${cacheFolder}/${log}.log`;
  return new Promise((resolve, reject) => {
    const lines = [];
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => lines.push(data));
    child.on('error', (error) =>
      reject(new StepFailed(`${command} could not be started: ${error.message}`)),
    );
    child.on('close', (code) => {
      const text = Buffer.concat(lines).toString();
      writeFileSync(path, text);
      if (code === 0) return resolve(text);
      const tail = text.trim().split('\n').slice(-12).join('\n');
      reject(
        new StepFailed(
          `${command} ${args.join(' ')} ended with ${code}:\n${tail}`,
          `The whole log is in .cache/${log}.log`,
        ),
      );
    });
  });
}

/** `npm ci`, unless what is installed is what package-lock.json says. Prefers npm's cache, so a second run needs no network. */
export async function ensurePackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  await step('Install packages (npm ci)', async () => {
    await runLogged(
      'npm',
      ['ci', '--no-fund', '--no-audit', '--prefer-offline', '--loglevel=error'],
      {
        log: 'npm-ci',
        env: { ...process.env, PUPPETEER_SKIP_DOWNLOAD: '1' },
      },
    );
    writeFileSync(stamp, wanted);
  });
}

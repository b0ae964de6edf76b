// The programs of a benchmark: each in a process of its own, on its core, and all of them ended at the end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pinned } from './machine.mjs';

const END_LIMIT_MS = 15_000;
const KEPT_CHARS = 4_000;

const running = new Set();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a program and waits until it is ready: until it prints a line, which is given, or until `ready` says so.
 *
 * @param {'proxy' | 'others'} where
 * @param {string[]} words
 * @param {{ env?: NodeJS.ProcessEnv, ipc?: boolean, ready?: () => Promise<string> }} [options]
 * @returns {Promise<{ child: import('node:child_process').ChildProcess, pid: number, line: string }>}
 */
export async function startProgram(where, words, { env = process.env, ipc = false, ready } = {}) {
  const [command, ...rest] = pinned(where, words);
  const child = spawn(command, rest, {
    env,
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? ['ipc'] : [])],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  let said = '';
  child.stderr.on('data', (data) => {
    said = (said + data).slice(-KEPT_CHARS);
  });
  const line = await new Promise((resolve, reject) => {
    if (ready) ready().then(resolve, reject);
    else createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('close', (code) =>
      reject(new Error(`${words.join(' ')} ended with ${code}: ${said.trim()}`)),
    );
  });
  return { child, pid: child.pid, line };
}

/** Ends a program and waits until it has. @param {import('node:child_process').ChildProcess} child */
export async function endProgram(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
  await closed;
  clearTimeout(force);
}

/**
 * Runs a program to its end. Throws with what it said where that is not exit 0.
 *
 * @param {'proxy' | 'others'} where
 * @param {string[]} words
 * @param {{ env?: NodeJS.ProcessEnv, input?: string }} [options]
 * @returns {Promise<{ stdout: string, ms: number }>}
 */
export async function runProgram(where, words, { env = process.env, input = '' } = {}) {
  const [command, ...rest] = pinned(where, words);
  const begun = performance.now();
  const child = spawn(command, rest, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  child.once('close', () => running.delete(child));
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (data) => {
      text[name] += data;
    });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  const ms = performance.now() - begun;
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${text.stderr.trim()}`);
  return { stdout: text.stdout, ms };
}

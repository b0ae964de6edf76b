import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the supervisor says of an Unleash that runs. */
export type StartedInstance = { instance: string; port: number; postgres: string };

type Answer = { id: number; progress?: string; done?: StartedInstance; failed?: string };
type Waiting = {
  progress: (line: string) => void;
  resolve: (done: StartedInstance | undefined) => void;
  reject: (error: Error) => void;
};

const waiting = new Map<number, Waiting>();
let supervisor: ChildProcess | undefined;
let lastId = 0;

/**
 * Sends one request to this process's supervisor, which is started at the first one. Only a
 * request under way keeps this process alive; the supervisor itself ends when this process does.
 */
export function askSupervisor(
  request: { start: { version: string; env: Record<string, string> } } | { stop: string },
  progress: (line: string) => void = () => {},
): Promise<StartedInstance | undefined> {
  supervisor ??= startSupervisor();
  const { channel } = supervisor;
  const id = ++lastId;
  return new Promise<StartedInstance | undefined>((resolve, reject) => {
    waiting.set(id, { progress, resolve, reject });
    channel?.ref();
    supervisor?.send({ id, ...request }, (error) => {
      if (error) settle(id, (entry) => entry.reject(error));
    });
  });
}

function startSupervisor(): ChildProcess {
  const file = path.join(path.dirname(fileURLToPath(import.meta.url)), 'supervisor.mjs');
  // `test:nodes` runs the tests on other Nodes; the servers need one that they support.
  const node = process.env.TOKENLEASH_TEST_SERVER_NODE ?? process.execPath;
  const child = spawn(node, [file], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
  });
  child.unref();
  child.on('message', (answer: Answer) => {
    const { id, progress, done, failed } = answer;
    if (progress !== undefined) waiting.get(id)?.progress(progress);
    else if (failed !== undefined) settle(id, (entry) => entry.reject(new Error(failed)));
    else settle(id, (entry) => entry.resolve(done));
  });
  child.once('exit', () => {
    supervisor = undefined;
    for (const id of [...waiting.keys()]) {
      settle(id, (entry) => entry.reject(new Error('The supervisor of the real Unleash ended')));
    }
  });
  child.channel?.unref();
  return child;
}

function settle(id: number, end: (entry: Waiting) => void): void {
  const entry = waiting.get(id);
  if (!entry) return;
  waiting.delete(id);
  if (waiting.size === 0) supervisor?.channel?.unref();
  end(entry);
}

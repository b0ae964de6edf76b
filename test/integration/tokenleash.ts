import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildProxy } from '../../scripts/build-proxy.mjs';

export type Result = { code: number | null; stdout: string; stderr: string };

export type Started = {
  url: string;
  control: string;
  socket: string | null;
  child: ChildProcess;
  stderr(): string;
  /** Sends the signal and gives the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
};

/** The command line as it is shipped, built anew, with its files in a folder of its own. */
export async function freshTokenleash() {
  const base = mkdtempSync(join(tmpdir(), 'tl-'));
  const program = join(base, 'dist', 'tokenleash.js');
  await buildProxy({ outDir: join(base, 'dist') });
  const started = new Set<Started>();
  let homes = 0;

  /** The same program with another, empty set of folders, on this Node or another. */
  const at = (home: string, more: NodeJS.ProcessEnv = {}, node = process.execPath) => {
    const env: NodeJS.ProcessEnv = { ...process.env };
    for (const name of Object.keys(env)) if (name.startsWith('TOKENLEASH_')) delete env[name];
    // Node and the questions' library decide about colours by these, whatever the terminal is.
    for (const name of ['CI', 'FORCE_COLOR']) delete env[name];
    Object.assign(env, { TOKENLEASH_HOME: home, NO_COLOR: '1' }, more);

    const run = async (words: string[], input = ''): Promise<Result> => {
      const child = spawn(node, [program, ...words], { env });
      const result = collect(child);
      // A program that has already said no does not read.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
      const [code] = await once(child, 'close');
      return { code, ...result() };
    };

    const start = async (words: string[] = ['--port', '0', '--control-port', '0']) => {
      const child = spawn(node, [program, 'start', '--json', ...words], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const output = collect(child);
      const lines = createInterface({ input: child.stdout });
      const first = await new Promise<string>((done, failed) => {
        lines.once('line', done);
        child.once('close', (code) =>
          failed(new Error(`start ended with ${code}: ${output().stderr}`)),
        );
      });
      const proxy: Started = {
        ...JSON.parse(first),
        child,
        stderr: () => output().stderr,
        async end(signal = 'SIGTERM') {
          started.delete(proxy);
          if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
          child.kill(signal);
          const [code] = await once(child, 'close');
          return code;
        },
      };
      started.add(proxy);
      return proxy;
    };
    return { home, env, program, run, start };
  };

  return {
    program,
    at,
    fresh: (more: NodeJS.ProcessEnv = {}, node = process.execPath) =>
      at(join(base, `h${++homes}`), more, node),
    async end() {
      for (const proxy of started) await proxy.end('SIGKILL');
      await removed(base);
    },
  };
}

/** A shell of a test may write in its home until its very end, which may come after that of the terminal it ran in. */
async function removed(folder: string): Promise<void> {
  for (let left = 100; ; left -= 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function collect(child: ChildProcess): () => { stdout: string; stderr: string } {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  return () => ({ ...text });
}

/** One request to the data port; the status and the error code of the proxy, if it refused. */
export function ask(
  url: string,
  token: string | null,
  path = '/api/admin/projects',
): Promise<{ status: number; code: string | undefined; body: string }> {
  return new Promise((done, failed) => {
    const headers = token === null ? {} : { authorization: token };
    request(url + path, { headers, agent: false }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      answer.on('error', failed);
      answer.on('end', () => {
        const code = answer.headers['x-tokenleash-error'] as string | undefined;
        done({ status: answer.statusCode ?? 0, code, body });
      });
    })
      .on('error', failed)
      .end();
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/proxy/tokenleash.js', import.meta.url));

export type CliResult = { code: number | null; stdout: string; stderr: string };

export type ListeningLine = { url: string; control: string; socket: string | null };

export type TokenleashCli = {
  /** Runs `tokenleash ARGS…` to its end. */
  run(args: string[], input?: string): Promise<CliResult>;
  /** Starts the proxy and waits until it listens. */
  start(args: string[]): Promise<ListeningLine & { process: ChildProcess; stop(): Promise<void> }>;
};

/** The built command line, with all its files in `home`. Nothing of the caller's own Tokenleash settings reaches it. */
export function tokenleashCli(home: string): TokenleashCli {
  const env: NodeJS.ProcessEnv = { ...process.env, TOKENLEASH_HOME: home, NO_COLOR: '1' };
  for (const name of Object.keys(env)) {
    if (name.startsWith('TOKENLEASH_') && name !== 'TOKENLEASH_HOME') delete env[name];
  }
  return {
    async run(args, input) {
      const child = spawn(process.execPath, [program, ...args], {
        env,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.stdin.on('error', () => {
        // The program may end before it has read its input; what it said tells why.
      });
      child.stdin.end(input ?? '');
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, stdout, stderr };
    },
    async start(args) {
      const child = spawn(process.execPath, [program, 'start', '--json', ...args], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr = (stderr + text).slice(-8000);
      });
      const lines = createInterface({ input: child.stdout });
      const first = await new Promise<string>((resolve, reject) => {
        lines.once('line', resolve);
        child.once('close', (code) =>
          reject(new Error(`tokenleash start ended with ${code}:\n${stderr}`)),
        );
      });
      const listening = JSON.parse(first) as ListeningLine;
      return {
        ...listening,
        process: child,
        async stop() {
          if (child.exitCode !== null || child.signalCode !== null) return;
          const closed = once(child, 'close');
          child.kill('SIGTERM');
          await closed;
        },
      };
    },
  };
}

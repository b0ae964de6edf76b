import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./bare-proxy.mjs', import.meta.url));

export type BareSettings = {
  /** How the credential is put in: by the event that its readme names, or by the option. */
  inject?: 'event' | 'headers';
  /** A keep-alive agent. */
  agent?: boolean;
  maxSockets?: number;
  ws?: boolean;
  proxyTimeout?: number;
  changeOrigin?: boolean;
};

export type BareProxy = {
  port: number;
  /** Still there? */
  isAlive(): boolean;
  /** What it wrote to stderr when it died. */
  lastWords(): string;
};

/** http-proxy 1.18.1 without any guard. Ends with the test, if it lives that long. */
export async function startBare(
  upstream: string,
  settings: BareSettings = {},
  authorization = 'the-injected-one',
): Promise<BareProxy> {
  const child = spawn(
    process.execPath,
    ['--no-deprecation', SCRIPT, upstream, JSON.stringify(settings)],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { BARE_AUTHORIZATION: authorization } },
  );
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk.toString();
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    port: Number(line.toString()),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    lastWords: () => words,
  };
}

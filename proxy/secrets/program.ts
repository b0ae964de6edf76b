import { spawn } from 'node:child_process';
import { codeOf, quoteForShell } from '../problem.ts';
import { withoutTokens } from './without-tokens.ts';

/** How long a program may take to give a token; it may have to ask a server of its own. */
export const PROGRAM_LIMIT_MS = 10_000;

/** What a program left behind may hold its output open; what it printed itself has come by then. */
const LINGERING_LIMIT_MS = 1_000;

/** A token and what stands around it in JSON are far smaller; what is longer is not an answer. */
const OUTPUT_LIMIT_BYTES = 64 * 1024;

/** So much of what a program says on stderr is worth showing: its first lines have the reason. */
const SAID_LIMIT_CHARACTERS = 500;

export type ProgramResult =
  | { ok: true; output: string }
  /** `message` says what went wrong in our words; `said` is what the program itself said, tokens masked. */
  | { ok: false; message: string; said: string };

/**
 * Runs a program to get a token from it: its words as they are, no shell, no stdin, `limitMs` at most. It runs in a
 * process group of its own, which ends as a whole when the time is up. What it prints is given to the caller alone.
 */
export function runSecretProgram(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  limitMs = PROGRAM_LIMIT_MS,
): Promise<ProgramResult> {
  const [program, ...rest] = words;
  if (!program) return Promise.resolve(failed('No program is named.', ''));
  const name = quoteForShell(program);
  return new Promise((done) => {
    // A group of its own: a script's children would live on, and hold its output open, if it alone were ended.
    const grouped = process.platform !== 'win32';
    const child = spawn(program, rest, {
      env: withoutOurs(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: grouped,
      windowsHide: true,
    });
    const output = collect(child.stdout, OUTPUT_LIMIT_BYTES, () =>
      settle(failed(`${name} printed too much to be a token.`, '')),
    );
    // More is read than shown: a token that begins near the end has to be seen whole to be masked.
    const said = collect(child.stderr, OUTPUT_LIMIT_BYTES, () => undefined);

    const end = () => {
      try {
        if (grouped && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    let settled = false;
    const settle = (result: ProgramResult) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      clearTimeout(lingering);
      // One that has ended by itself may have left a daemon on purpose, as `op` does.
      if (child.exitCode === null && child.signalCode === null) end();
      child.stdout.destroy();
      child.stderr.destroy();
      done(result);
    };
    const timer = setTimeout(
      () => settle(failed(`${name} gave no token within ${limitMs / 1000} s.`, said())),
      limitMs,
    );
    child.on('error', (error) => settle(failed(`${name} ${cannotRun(error)}.`, '')));
    let lingering: NodeJS.Timeout | undefined;
    child.on('exit', (code, signal) => {
      const ended = () => {
        if (code === 0) settle({ ok: true, output: output() });
        else settle(failed(`${name} ended with ${signal ?? `exit code ${code}`}.`, said()));
      };
      child.once('close', ended);
      lingering = setTimeout(ended, LINGERING_LIMIT_MS);
    });
  });
}

function failed(message: string, said: string): ProgramResult {
  return { ok: false, message, said: shown(said) };
}

/** What a program said, fit for a terminal and a log: no token, no control characters, no more than a few lines. */
function shown(text: string): string {
  const plain = withoutTokens(text)
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return plain.length > SAID_LIMIT_CHARACTERS ? `${plain.slice(0, SAID_LIMIT_CHARACTERS)}…` : plain;
}

const CANNOT_RUN: Record<string, string> = {
  ENOENT: 'was not found',
  EACCES: 'may not be run by this user',
  ENOEXEC: 'is no program (a script needs a first line such as #!/bin/sh)',
  ENOTDIR: 'was not found',
  E2BIG: 'was given too many arguments',
};

function cannotRun(error: unknown): string {
  const code = codeOf(error);
  return CANNOT_RUN[code] ?? `could not be run (${code || 'unknown reason'})`;
}

/** Our own settings are no business of a foreign program; one of them names the file with the passphrase. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('TOKENLEASH_')),
  );
}

/** What a stream has given so far, as text; calls `beyond` once it is longer than `limit`, and keeps no more. */
function collect(stream: NodeJS.ReadableStream, limit: number, beyond: () => void): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    if (length > limit) return;
    length += chunk.length;
    if (length > limit) beyond();
    else chunks.push(chunk);
  });
  stream.on('error', () => undefined);
  return () => Buffer.concat(chunks).toString('utf8');
}

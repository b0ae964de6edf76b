import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { expect } from 'vitest';
import { quoteForShell } from '../../proxy/problem.ts';

const children = new Set<ChildProcess>();

export const CTRL_C = '\x03';
export const ENTER = '\r';

/** A program on a terminal of its own (util-linux `script`), as a person sits before it. */
export function onTerminal(line: string, env: NodeJS.ProcessEnv) {
  // A terminal made from a pipe has no width, and every letter would stand on a line of its own.
  const sized = `stty cols 120 rows 40; ${line}`;
  const child = spawn('script', ['-qfec', sized, '/dev/null'], { env: { ...env, TERM: 'xterm' } });
  children.add(child);
  let seen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
  });
  const closed = once(child, 'close').then(([code]) => {
    children.delete(child);
    return code as number | null;
  });
  return {
    closed,
    seen: () => seen,
    /** Waits until the text was shown, so many times in all. */
    async sees(text: string, times = 1) {
      await expect
        .poll(() => (seen.split(text).length > times ? text : seen), { timeout: 60_000 })
        .toBe(text);
      // The prompt is drawn before it listens.
      await after(150);
    },
    type: (text: string) => child.stdin.write(text),
  };
}

/** Ends what a failed test left on its terminal. */
export function endTerminals(): void {
  for (const child of children) child.kill('SIGKILL');
}

/** The built command line as a line for a shell. */
export function words(cli: { program: string }, ...typed: string[]): string {
  return [process.execPath, cli.program, ...typed].map(quoteForShell).join(' ');
}

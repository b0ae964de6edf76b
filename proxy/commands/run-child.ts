import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { codeOf, EXIT, Problem, quoteForShell } from '../problem.ts';

/** What is sent to us alone and meant for the program. */
const PASSED_ON: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

/** What the keys of a terminal send to the program by themselves, as its terminal is ours. */
const OF_THE_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/**
 * Runs a program to its end and gives its exit code as a shell has it, 128 + the signal's number for one that a
 * signal ended. Terminal, input and output are the program's own, and so is our process group: window size, Ctrl-Z
 * and `fg` need nothing from us. Throws a Problem when there is no such program, or it cannot be run.
 */
export function runChild(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(program, words, { stdio: 'inherit', env });
    const pass = (signal: NodeJS.Signals) => void child.kill(signal);
    const ignore = () => undefined;
    // Where no terminal is behind us, nobody but us can have been sent an interrupt.
    const interrupted = hasControllingTerminal() ? ignore : pass;
    for (const signal of OF_THE_TERMINAL) process.on(signal, interrupted);
    for (const signal of PASSED_ON) process.on(signal, pass);
    const end = () => {
      for (const signal of OF_THE_TERMINAL) process.off(signal, interrupted);
      // A late signal for a program that is gone must not end us before its token is.
      for (const signal of PASSED_ON) {
        process.off(signal, pass);
        process.on(signal, ignore);
      }
    };
    child.on('error', (error) => {
      end();
      failed(spawnProblem(program, error));
    });
    child.on('exit', (code, signal) => {
      end();
      done(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

function hasControllingTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

/** Its exit code is a shell's, not one of ours: `run` stands in for the program. */
function spawnProblem(program: string, error: unknown): Problem {
  const missing = codeOf(error) === 'ENOENT';
  const shown = quoteForShell(program);
  const message = missing ? `There is no program ${shown}.` : `${shown} cannot be run.`;
  const next = missing ? `command -v ${shown}` : `ls -l ${shown}`;
  return new Problem(message, next, missing ? EXIT.notFound : EXIT.notRunnable);
}

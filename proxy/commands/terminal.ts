import { closeSync, openSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { ReadStream } from 'node:tty';
import { AGAIN, EXIT, Problem } from '../problem.ts';
import type { Io } from './command.ts';

/** Where a person can be asked: never on stdout, which may be data. */
export type Terminal = { input: Readable; output: Writable; close(): void };

/**
 * The terminal of the person who typed, or null. Where stdin carries a token, the answer is read from /dev/tty; a
 * program without a terminal on stderr is a script, even if some terminal stands far behind it.
 */
export function openTerminal(io: Io): Terminal | null {
  if (!io.stderr.isTTY) return null;
  if (io.stdin.isTTY) return { input: io.stdin, output: io.stderr, close: () => undefined };
  try {
    const file = openSync('/dev/tty', 'r');
    const input = new ReadStream(file);
    const close = () => {
      input.destroy();
      try {
        closeSync(file);
      } catch {
        // The stream has closed it.
      }
    };
    return { input, output: io.stderr, close };
  } catch {
    return null;
  }
}

/** Whether `openTerminal` would find one. */
export function hasTerminal(io: Io): boolean {
  const terminal = openTerminal(io);
  terminal?.close();
  return terminal !== null;
}

type Question = { message: string; validate?: (text: string) => string | undefined };

/** A line typed unseen. Ctrl-C ends the command with 130, nothing written. */
export async function askHidden(terminal: Terminal, question: Question): Promise<string> {
  const { password } = await import('@clack/prompts');
  return typed(await password({ ...asked(terminal, question), mask: '•' }));
}

/** A line typed in sight. */
export async function askLine(
  terminal: Terminal,
  question: Question & { placeholder?: string },
): Promise<string> {
  const { text } = await import('@clack/prompts');
  const { placeholder } = question;
  return typed(
    await text({ ...asked(terminal, question), ...(placeholder ? { placeholder } : {}) }),
  );
}

/** One of several. */
export async function askChoice<Value extends string>(
  terminal: Terminal,
  question: { message: string; options: { value: Value; label: string; hint?: string }[] },
): Promise<Value> {
  const { select } = await import('@clack/prompts');
  const { input, output } = terminal;
  const chosen = await select<string>({ ...question, input, output });
  return typed(chosen) as Value;
}

/** Yes or no; what Enter alone means is no. */
export async function askYes(terminal: Terminal, message: string): Promise<boolean> {
  const { confirm } = await import('@clack/prompts');
  const { input, output } = terminal;
  const chosen = await confirm({ message, initialValue: false, input, output });
  return typeof chosen === 'boolean' ? chosen : typed(chosen) === '';
}

function asked({ input, output }: Terminal, { message, validate }: Question) {
  return {
    message,
    input,
    output,
    validate: (text: string | undefined) => validate?.(text ?? ''),
  };
}

/** clack gives a symbol for Ctrl-C. */
function typed(given: string | symbol): string {
  if (typeof given === 'string') return given;
  throw new Problem('Stopped. Nothing was written.', AGAIN, EXIT.interrupted);
}

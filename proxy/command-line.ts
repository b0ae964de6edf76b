import process from 'node:process';
import type { CommandTable } from './commands/command.ts';
import { endsWithReader } from './commands/reader-gone.ts';
import { GROUPS } from './groups.ts';
import { readPlainWords } from './plain-words.ts';
import { AGAIN, EXIT, nextCommand, Problem } from './problem.ts';
import { createIo, runCommand } from './run-command.ts';
import { withoutTokens } from './secrets/without-tokens.ts';

/** Runs what was typed, says what went wrong, and ends the process with the exit code. */
export async function runCommandLine(table: CommandTable): Promise<void> {
  // A reader such as `head` that has seen enough is no failure of ours.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
      if (endsWithReader()) process.exit(EXIT.ok);
    });
  try {
    process.exitCode = await exitOf(table, process.argv.slice(2));
  } catch (error) {
    process.exitCode = report(error);
  }
  await Promise.all([process.stdout, process.stderr].map((stream) => drained(stream)));
  // What a command leaves open (an idle connection, a terminal) must not keep the process.
  process.exit();
}

const drained = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((done) => stream.write('', () => done()));

async function exitOf(table: CommandTable, typed: readonly string[]): Promise<number> {
  if (typed.length === 0) {
    const { whereYouStand } = await import('./commands/where-you-stand.ts');
    return await whereYouStand(await createIo(table));
  }
  if (typed[0] === COMPLETE) return await complete(table, typed.slice(1));
  const words = helpWords(typed);
  const name = typedName(table, words);
  const entry = table[name];
  if (entry !== undefined) {
    const { command } = await entry[1]();
    const plain = readPlainWords(name, command, words);
    if (plain !== null) return await runCommand(name, command, plain, await createIo(table));
  }
  const { runProgram } = await import('./program.ts');
  return await runProgram(table, [name], words);
}

/** What the scripts of `completion` call at Tab; no command that a person types. */
const COMPLETE = '__complete';

async function complete(table: CommandTable, words: readonly string[]): Promise<number> {
  const { completionAnswer } = await import('./commands/completion-candidates.ts');
  const io = await createIo(table);
  io.stdout.write(`${await completionAnswer(words, GROUPS, io)}\n`);
  return EXIT.ok;
}

/** `help start` is `start --help`. */
function helpWords(typed: readonly string[]): string[] {
  return typed[0] === 'help' ? [...typed.slice(1), '--help'] : [...typed];
}

/** The command that the words name (`start`, `profile rule add`), so that no other is loaded. */
function typedName(table: CommandTable, typed: readonly string[]): string {
  const words = typed.filter((word) => !word.startsWith('-'));
  const names = [3, 2, 1].map((count) => words.slice(0, count).join(' '));
  return names.find((name) => Object.hasOwn(table, name)) ?? '';
}

/** Says what went wrong and what to type next; gives the exit code. */
function report(error: unknown): number {
  const problem =
    error instanceof Problem
      ? error
      : new Problem(
          `Tokenleash met a defect of its own: ${error instanceof Error ? error.message : 'unknown'}. If it happens again, report it.`,
          AGAIN,
        );
  const next = nextCommand(problem.next, process.argv.slice(2));
  process.stderr.write(withoutTokens(`tokenleash: ${problem.message}\nType: ${next}\n`));
  return problem.exit;
}

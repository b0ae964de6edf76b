import process from 'node:process';
import { answer, type CommandTable } from './commands/command.ts';
import { GROUPS } from './groups.ts';
import { createOutputs, type Outputs } from './outputs.ts';
import { readPlainWords } from './plain-words.ts';
import { AGAIN, EXIT, nextCommand, Problem } from './problem.ts';
import { createIo, runCommand } from './run-command.ts';
import { withoutTokens } from './secrets/without-tokens.ts';

/** Runs what was typed, says what went wrong, and ends the process with the exit code. */
export async function runCommandLine(table: CommandTable): Promise<void> {
  const outputs = createOutputs();
  try {
    process.exitCode = await exitOf(table, process.argv.slice(2), outputs);
  } catch (error) {
    process.exitCode = report(error, outputs);
  }
  await outputs.drained();
  // What a command leaves open (an idle connection, a terminal) must not keep the process.
  process.exit();
}

async function exitOf(
  table: CommandTable,
  typed: readonly string[],
  outputs: Outputs,
): Promise<number> {
  if (typed.length === 0) {
    const { whereYouStand } = await import('./commands/where-you-stand.ts');
    return await whereYouStand(await createIo(table, outputs));
  }
  if (typed[0] === COMPLETE) return await complete(table, typed.slice(1), outputs);
  const words = helpWords(typed);
  const name = typedName(table, words);
  const entry = table[name];
  if (entry !== undefined) {
    const { command } = await entry[1]();
    const plain = readPlainWords(name, command, words);
    if (plain !== null)
      return await runCommand(name, command, plain, await createIo(table, outputs));
  }
  const { runProgram } = await import('./program.ts');
  return await runProgram(table, [name], words, outputs);
}

/** What the scripts of `completion` call at Tab; no command that a person types. */
const COMPLETE = '__complete';

async function complete(
  table: CommandTable,
  words: readonly string[],
  outputs: Outputs,
): Promise<number> {
  const { completionAnswer } = await import('./commands/completion-candidates.ts');
  const io = await createIo(table, outputs);
  answer(io, await completionAnswer(words, GROUPS, io));
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
function report(error: unknown, outputs: Outputs): number {
  const problem =
    error instanceof Problem
      ? error
      : new Problem(
          `Tokenleash met a defect of its own: ${error instanceof Error ? error.message : 'unknown'}. If it happens again, report it.`,
          AGAIN,
        );
  const next = nextCommand(problem.next, process.argv.slice(2));
  outputs.line('stderr', withoutTokens(`tokenleash: ${problem.message}\nType: ${next}`));
  return problem.exit;
}

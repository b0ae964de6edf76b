import { Command as Commander, CommanderError, Option as CommanderOption } from 'commander';
import { version } from '../package.json';
import type { Command, CommandTable } from './commands/command.ts';
import { environmentName } from './commands/settle.ts';
import { GROUPS } from './groups.ts';
import type { Outputs } from './outputs.ts';
import { EXIT } from './problem.ts';
import { createIo, runCommand } from './run-command.ts';
import { typedWrong } from './typed-wrong.ts';

/** One paragraph per line: commander breaks them to the terminal's width. */
export const ABOUT = [
  'Keeps a personal access token of Unleash on a leash: local programs get a phantom token, the proxy puts the real one into their admin API requests.',
  'Flags may stand in the environment (--control-port: TOKENLEASH_CONTROL_PORT) or in config.yaml. TOKENLEASH_HOME keeps all files in one folder.',
  "Exit codes: 0 ok, 1 failure, 2 usage, 3 server unreachable, 4 credential needed, 5 denied by policy; run returns its program's own.",
].join('\n\n');

/** Runs what was typed as commander reads it: help, wrong words and all that is not plain. Gives the exit code. */
export async function runProgram(
  table: CommandTable,
  inFull: readonly string[],
  words: readonly string[],
  outputs: Outputs,
): Promise<number> {
  let exit: number = EXIT.ok;
  const ended = (code: number) => {
    exit = code;
  };
  const program = await createProgram(table, inFull, { outputs, ended });
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    // Help was asked for, or a group was typed without one of its commands, which shows its help.
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return exit;
}

/**
 * The command line with the named commands in full and the others by name and summary. Exported for the docs, which
 * are written from it.
 */
export async function createProgram(
  table: CommandTable,
  inFull: readonly string[],
  run: { outputs: Outputs; ended(exit: number): void } | null = null,
): Promise<Commander> {
  const program = new Commander('tokenleash').description(ABOUT).version(version, '-V, --version');
  // The commands below take this over from it.
  if (run)
    program.configureOutput({ writeOut: (text) => run.outputs.stream('stdout').write(text) });
  program.enablePositionalOptions();
  // Help shows what can be typed, not the groups that it lies in.
  program.configureHelp({
    visibleCommands: (command) => leavesOf(command),
    subcommandTerm: (command) => nameBelow(command, program),
  });
  prepare(program, table, 'tokenleash');
  for (const [name, [summary, load]] of Object.entries(table)) {
    const words = name.split(' ');
    const made = groupOf(program, table, words.slice(0, -1))
      .command(words.at(-1) ?? '')
      .description(summary);
    prepare(made, table, `tokenleash ${name}`);
    if (inFull.includes(name)) register(made, name, (await load()).command, table, run);
  }
  return program;
}

/** The commands below one that do something themselves. */
function leavesOf(command: Commander): Commander[] {
  return command.commands.flatMap((each) => (each.commands.length > 0 ? leavesOf(each) : [each]));
}

/** `profile rule add` */
function nameBelow(command: Commander, top: Commander): string {
  const { parent } = command;
  return parent === null || parent === top
    ? command.name()
    : `${nameBelow(parent, top)} ${command.name()}`;
}

/** The command that holds the ones below it: `profile`, and `profile rule` within that. Made where it is not yet. */
function groupOf(program: Commander, table: CommandTable, words: readonly string[]): Commander {
  const last = words.at(-1);
  if (last === undefined) return program;
  const parent = groupOf(program, table, words.slice(0, -1));
  const known = parent.commands.find((command) => command.name() === last);
  if (known) return known;
  const name = words.join(' ');
  const made = parent.command(last).description(GROUPS[name] ?? '');
  prepare(made, table, `tokenleash ${name}`);
  return made;
}

/** Usage errors are Problems: what is wrong, then what to type. */
function prepare(command: Commander, table: CommandTable, typed: string): void {
  command
    .exitOverride((error: CommanderError) => {
      // Help and version come this way too; they are no error.
      if (error.code.startsWith('commander.help') || error.exitCode === 0) throw error;
      throw typedWrong(error, command, typed, table);
    })
    .helpCommand(false)
    .helpOption('-h, --help', 'show this')
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: () => undefined });
}

function register(
  made: Commander,
  name: string,
  command: Command<never>,
  table: CommandTable,
  run: { outputs: Outputs; ended(exit: number): void } | null,
): void {
  for (const { name: argument, description, required, variadic } of command.arguments ?? []) {
    const word = `${argument}${variadic ? '...' : ''}`;
    made.argument(required ? `<${word}>` : `[${word}]`, description);
    // What follows the program belongs to it, flags included.
    if (variadic) made.passThroughOptions();
  }
  for (const option of command.options ?? []) {
    const variable = option.flagOnly ? '' : ` [${environmentName(option)}]`;
    made.addOption(new CommanderOption(option.flags, option.description + variable));
  }
  if (command.help) made.addHelpText('after', `\n${command.help}`);
  if (run === null) return;
  made.action(async () => {
    const typed = { flags: made.opts(), values: made.processedArgs };
    run.ended(await runCommand(name, command, typed, await createIo(table, run.outputs)));
  });
}

import process from 'node:process';
import type { Command, CommandTable, Io } from './commands/command.ts';
import { settle } from './commands/settle.ts';
import type { Outputs } from './outputs.ts';
import { Problem } from './problem.ts';

/** What was typed of a command: its flags by camel-case name, its positional values in order. */
export type Typed = { flags: Record<string, unknown>; values: readonly unknown[] };

/** Runs a command with what was typed, and what environment and config.yaml say beside it. Gives the exit code. */
export async function runCommand(
  name: string,
  command: Command<never>,
  { flags, values }: Typed,
  io: Io,
): Promise<number> {
  let settings: ReturnType<typeof settingsOf> | undefined;
  const options = await settle(command.options ?? [], command.arguments ?? [], {
    flags,
    values,
    env: io.env,
    // Each option that was not typed asks for them.
    settings() {
      settings ??= settingsOf(io, command);
      return settings;
    },
    command: `tokenleash ${name}`,
  });
  return await command.run(options as never, io);
}

/** The world as this process has it. */
export async function createIo(commands: CommandTable, outputs: Outputs): Promise<Io> {
  const { resolvePaths } = await import('./runtime/paths.ts');
  const { env } = process;
  return {
    // Each of them is made when it is first asked for; most commands read nothing.
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return outputs.stream('stdout');
    },
    get stderr() {
      return outputs.stream('stderr');
    },
    line: outputs.line,
    env,
    paths: await resolvePaths(env),
    now: Date.now,
    commands,
  };
}

async function settingsOf(
  io: Io,
  { helpsWithBrokenConfig }: Command<never>,
): Promise<Record<string, string | number | boolean>> {
  const { readConfig } = await import('./profiles/config-file.ts');
  try {
    return (await readConfig(io.paths)).settings;
  } catch (error) {
    if (helpsWithBrokenConfig && error instanceof Problem) return {};
    throw error;
  }
}

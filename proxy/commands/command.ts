import type { Readable, Writable } from 'node:stream';
import type { Paths } from '../runtime/paths.ts';

/** The world as a command sees it; a test passes its own. */
export type Io = {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable & { isTTY?: boolean };
  /** Writes a line to one of them, without making the stream for it. */
  line(to: 'stdout' | 'stderr', text: string): void;
  env: NodeJS.ProcessEnv;
  paths: Paths;
  /** Wall clock, ms since 1970. */
  now(): number;
  /** Every command there is, for those that speak of the others. */
  commands: CommandTable;
};

/** By name, as it is typed: what `--help` says of a command in one line, and how to load it. */
export type CommandTable = Record<
  string,
  readonly [summary: string, load: () => Promise<{ command: Command<never> }>]
>;

/**
 * A flag. Its value is the flag's, else that of `TOKENLEASH_<FLAG>` in the environment, else that of `settings` in
 * config.yaml, else `fallback`.
 */
export type Option = {
  /** As commander has it: `--port <port>`, `--json`. */
  flags: string;
  description: string;
  /** Turns text into a value; throws a plain Error whose message says what it has to be. */
  parse?: (text: string) => unknown;
  fallback?: unknown;
  required?: boolean;
  /** Only ever the flag itself: a choice for one call, not a habit. */
  flagOnly?: boolean;
  /** What a shell offers at Tab. */
  values?: Values;
};

/** What may be typed in a place: names of ours, files, or one of these words. */
export type Values = 'profiles' | 'clients' | 'files' | readonly string[];

export type Argument = {
  name: string;
  description: string;
  required: boolean;
  variadic?: boolean;
  /** What a shell offers at Tab. */
  values?: Values;
};

/**
 * What a file of this folder exports: all that `--help` shows, and `run`, which resolves to the exit code. Arguments
 * come to `run` among the options, by their name.
 */
export type Command<Options> = {
  arguments?: readonly Argument[];
  options?: readonly Option[];
  /** Lines below the options in `--help`. */
  help?: string;
  /** It tells of a config.yaml that does not read, or ends what runs in spite of it: then its `settings` are none. */
  helpsWithBrokenConfig?: boolean;
  run(options: Options, io: Io): Promise<number>;
};

export const JSON_OPTION: Option = { flags: '--json', description: 'print one JSON object' };

/** Writes one line to stdout: the answer. */
export function answer(io: Io, text: string): void {
  io.line('stdout', text);
}

/** Writes one line to stderr: what a person should know beside the answer. */
export function tell(io: Io, text: string): void {
  io.line('stderr', text);
}

/** Prints the one JSON object of a `--json` command. */
export function answerJson(io: Io, body: Record<string, unknown>): void {
  answer(io, JSON.stringify({ version: 1, ...body }));
}

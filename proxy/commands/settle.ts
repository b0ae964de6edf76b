import { EXIT, Problem } from '../problem.ts';
import type { Argument, Option } from './command.ts';

export type Given = {
  /** Flags by camel-case name. */
  flags: Record<string, unknown>;
  /** Positional values in order. */
  values: readonly unknown[];
  env: NodeJS.ProcessEnv;
  /** `settings` of config.yaml; read only where flag and environment leave something open. */
  settings(): Promise<Record<string, string | number | boolean>>;
  /** `tokenleash start`, for the hint. */
  command: string;
};

/** `--control-port <port>` → `control-port`. */
export function longName(option: Option): string {
  return /--([a-z-]+)/.exec(option.flags)?.[1] ?? '';
}

export function environmentName(option: Option): string {
  return `TOKENLEASH_${longName(option).toUpperCase().replaceAll('-', '_')}`;
}

/** `control-port` → `controlPort`. */
export const camelName = (long: string): string =>
  long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/**
 * The values that a command runs with: flags, else environment, else config file, else default. Throws a usage
 * Problem that names where a wrong value came from, and never the value: it may be a token in the wrong place.
 */
export async function settle(
  options: readonly Option[],
  positional: readonly Argument[],
  given: Given,
): Promise<Record<string, unknown>> {
  const settled: Record<string, unknown> = {};
  positional.forEach(({ name }, at) => {
    settled[camelName(name)] = given.values[at];
  });
  for (const option of options)
    settled[camelName(longName(option))] = await settledValue(option, given);
  return settled;
}

async function settledValue(option: Option, given: Given): Promise<unknown> {
  const long = longName(option);
  const found = await findValue(option, given);
  if (found !== null) {
    const from = found.from === 'config' ? `config.yaml: settings → ${long}` : found.name;
    return parsed(option, found.value, from, given.command);
  }
  if (option.required)
    throw new Problem(`--${long} is missing.`, `${given.command} --help`, EXIT.usage);
  return option.fallback;
}

/** A value as it was given, and where: `name` is the flag, the variable or the key in `settings`. */
export type Found = { value: unknown; from: 'flag' | 'environment' | 'config'; name: string };

/** What was given for an option, in the order that counts; null where its default stands. Nothing is parsed. */
export async function findValue(
  option: Option,
  { flags, env, settings }: Pick<Given, 'flags' | 'env' | 'settings'>,
): Promise<Found | null> {
  const long = longName(option);
  const flag = flags[camelName(long)];
  if (flag !== undefined) return { value: flag, from: 'flag', name: `--${long}` };
  if (option.flagOnly) return null;
  const variable = environmentName(option);
  const text = env[variable];
  if (text !== undefined && text !== '')
    return { value: text, from: 'environment', name: variable };
  const set = await settings();
  return Object.hasOwn(set, long) ? { value: set[long], from: 'config', name: long } : null;
}

/** A found value as its command takes it; throws a usage Problem that does not repeat it. */
export function parseFound(option: Option, found: Found, command: string): unknown {
  return parsed(option, found.value, found.name, command);
}

/** The words for what an option is where nobody gave it: from its description, else its fallback. */
export function defaultWords(option: Option): string | null {
  const said = / \(default: (.*)\)$/s.exec(option.description)?.[1];
  if (said !== undefined) return said;
  const { fallback } = option;
  return fallback === undefined || fallback === null ? null : String(fallback);
}

function parsed(option: Option, value: unknown, from: string, command: string): unknown {
  const wrong = (rule: string) => new Problem(`${from} ${rule}.`, `${command} --help`, EXIT.usage);
  if (!option.flags.includes('<')) {
    if (typeof value === 'boolean') return value;
    const word = String(value).toLowerCase();
    if (['1', 'true', 'yes', 'on'].includes(word)) return true;
    if (['0', 'false', 'no', 'off'].includes(word)) return false;
    throw wrong('has to be true or false');
  }
  if (!option.parse) return String(value);
  try {
    return option.parse(String(value));
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : 'is not understood');
  }
}

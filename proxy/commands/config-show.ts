import { EXIT, Problem } from '../problem.ts';
import { readConfig } from '../profiles/config-file.ts';
import { nearestName } from '../profiles/name.ts';
import { configFile, type Paths } from '../runtime/paths.ts';
import { PASSPHRASE_VARIABLE } from '../secrets/passphrase.ts';
import { withoutTokens } from '../secrets/without-tokens.ts';
import {
  answer,
  answerJson,
  type Command,
  type Io,
  JSON_OPTION,
  type Option,
  tell,
} from './command.ts';
import { defaultWords, environmentName, findValue, longName, parseFound } from './settle.ts';
import { table } from './table.ts';

/** One value that commands run with: what it is, and who said so. */
type Shown = {
  name: string;
  value: string | number | boolean | null;
  from: 'environment' | 'config' | 'default';
  /** The variable, or config.yaml. */
  source: string | null;
  /** What is wrong with the value; it is not shown then. */
  problem: string | null;
  /** What stands in for a value that nobody gave: "for ever". */
  words: string | null;
  /** Commands that take it. */
  commands: string[];
};

/** A name that nothing reads. */
type Unknown = { name: string; source: string; near: string | null };

type Settings = Record<string, string | number | boolean>;

export const command: Command<{ json: boolean | undefined }> = {
  options: [JSON_OPTION],
  help: `Each value with where it came from: the environment, config.yaml or the default; a flag wins over all of them.
Names that nothing reads are pointed out.`,
  run,
};

async function run({ json }: { json: boolean | undefined }, io: Io): Promise<number> {
  const { settings } = await readConfig(io.paths);
  const takers = await optionTakers(io);
  const folders = foldersOf(io.paths, io.env);
  const shown = merged(await Promise.all(takers.map((each) => shownValue(each, settings, io))));
  const unknown = unknownNames(takers, settings, io);
  if (json) {
    const values = shown.map(({ words: _, ...each }) => each);
    answerJson(io, { file: configFile(io.paths), folders, settings: values, unknown });
    return EXIT.ok;
  }
  const rows = [
    ['config file', configFile(io.paths), ''],
    ...folders.map(({ name, path, source }) => [`${name} folder`, path, source ?? 'default']),
    ...shown.map((each) => [nameOf(each, shown), wordsOf(each), each.source ?? 'default']),
  ];
  answer(io, table(['NAME', 'VALUE', 'FROM'], rows));
  for (const { name, source, near } of unknown)
    tell(io, `Nothing reads ${name} (${source}).${near === null ? '' : ` Did you mean ${near}?`}`);
  return EXIT.ok;
}

/** The table has to fit a terminal; --json has them all. */
const COMMANDS_SHOWN = 3;

/** With its commands where another one has the same name and another default. */
function nameOf(one: Shown, shown: readonly Shown[]): string {
  const alone = shown.every((each) => each === one || each.name !== one.name);
  if (alone) return one.name;
  const more = one.commands.length > COMMANDS_SHOWN ? ', …' : '';
  return `${one.name} (${one.commands.slice(0, COMMANDS_SHOWN).join(', ')}${more})`;
}

/** What differs by its default alone is one where somebody gave a value. */
function merged(shown: readonly Shown[]): Shown[] {
  const first = new Map<string, Shown>();
  return shown.filter((each) => {
    const known = first.get(each.name);
    if (known === undefined || each.from === 'default') {
      first.set(each.name, each);
      return true;
    }
    known.commands.push(...each.commands);
    return false;
  });
}

function wordsOf({ value, words, problem }: Shown): string {
  if (problem !== null) return `(not usable: ${problem})`;
  return value === null ? (words ?? '-') : String(value);
}

type Taker = { option: Option; commands: string[] };

/** Every option that environment or config may give, once for each default that it has. */
async function optionTakers(io: Io): Promise<Taker[]> {
  const takers = new Map<string, Taker>();
  for (const [name, [, load]] of Object.entries(io.commands)) {
    for (const option of (await load()).command.options ?? []) {
      if (option.flagOnly) continue;
      const key = `${longName(option)} ${defaultWords(option)}`;
      const known = takers.get(key);
      if (known) known.commands.push(name);
      else takers.set(key, { option, commands: [name] });
    }
  }
  return [...takers.values()].sort((one, other) =>
    longName(one.option).localeCompare(longName(other.option)),
  );
}

async function shownValue({ option, commands }: Taker, settings: Settings, io: Io): Promise<Shown> {
  const name = longName(option);
  const found = await findValue(option, {
    flags: {},
    env: io.env,
    settings: async () => settings,
  });
  if (found === null) {
    const value = plainDefault(option);
    return {
      name,
      value,
      from: 'default',
      source: null,
      problem: null,
      words: defaultWords(option),
      commands,
    };
  }
  const from = found.from === 'config' ? 'config' : 'environment';
  const source = from === 'config' ? configFile(io.paths) : found.name;
  try {
    const parsed = parseFound(option, found, 'tokenleash');
    const value = asTyped(parsed, String(found.value));
    return { name, value, from, source, problem: null, words: null, commands };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { name, value: null, from, source, problem: error.message, words: null, commands };
  }
}

/** The value itself where there is one; words such as "for ever" stand for none. */
function plainDefault(option: Option): Shown['value'] {
  const { fallback } = option;
  if (typeof fallback === 'boolean' || typeof fallback === 'string') return fallback;
  return typeof fallback === 'number' ? asTyped(fallback, defaultWords(option) ?? '') : null;
}

/** A time is kept in ms, but read and typed as `30s`; a port is a number either way. */
function asTyped(parsed: unknown, text: string): string | number | boolean {
  if (typeof parsed === 'boolean') return parsed;
  return typeof parsed === 'number' && String(parsed) === text ? parsed : withoutTokens(text);
}

/** Read by name in other places than the commands' options. */
const OTHER_VARIABLES = ['TOKENLEASH_HOME', PASSPHRASE_VARIABLE];

/** What was meant for us and is read by nothing: a slip that would else go unseen. */
function unknownNames(takers: readonly Taker[], settings: Settings, io: Io): Unknown[] {
  const variables = [...takers.map(({ option }) => environmentName(option)), ...OTHER_VARIABLES];
  const names = takers.map(({ option }) => longName(option));
  const inEnvironment = Object.keys(io.env)
    .filter((name) => name.startsWith('TOKENLEASH_') && !variables.includes(name))
    .map((name) => ({ name, source: 'environment', near: nearestName(name, variables) }));
  const inConfig = Object.keys(settings)
    .filter((name) => !names.includes(name))
    .map((name) => ({ name, source: configFile(io.paths), near: nearestName(name, names) }));
  return [...inEnvironment, ...inConfig].map((each) => ({
    ...each,
    name: withoutTokens(each.name),
  }));
}

type Folder = { name: string; path: string; source: string | null };

function foldersOf(paths: Paths, env: NodeJS.ProcessEnv): Folder[] {
  return Object.entries(paths).map(([name, path]) => {
    const custom = `XDG_${name.toUpperCase()}_${name === 'runtime' ? 'DIR' : 'HOME'}`;
    const variables = ['TOKENLEASH_HOME', ...(process.platform === 'linux' ? [custom] : [])];
    return { name, path, source: variables.find((variable) => env[variable]) ?? null };
  });
}

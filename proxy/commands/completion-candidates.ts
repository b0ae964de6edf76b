import type { CommandTable, Io, Option, Values } from './command.ts';
import { longName } from './settle.ts';

/** A word that may stand at the cursor, and what it is in a few words. */
export type Candidate = { word: string; about: string };

/**
 * What a shell has to offer: these words, or what it knows itself: files, or a command line whose program is the word
 * of this index (`tokenleash` being 0).
 */
export type Offer = { candidates: Candidate[]; also: 'none' | 'files' | `command ${number}` };

const NOTHING: Offer = { candidates: [], also: 'none' };

/**
 * What may stand in place of `current`, after the words `typed`. Bash hands over `--flag=value` as three words.
 * Rejects where a file of ours does not read.
 */
export async function offerFor(
  typed: readonly string[],
  current: string,
  groups: Record<string, string>,
  io: Io,
): Promise<Offer> {
  const words = typed[0] === 'help' ? typed.slice(1) : typed;
  const name = commandNamed(words, io.commands);
  const load = io.commands[name]?.[1];
  if (!load) return starting(current, nextWords(words, groups, io.commands));
  const { command } = await load();
  const rest = words.slice(name.split(' ').length);
  const options = command.options ?? [];
  const takesProgram = (command.arguments ?? []).some(({ variadic }) => variadic);
  const given = readWords(rest, options, takesProgram);

  if (given.programAt !== null)
    return { candidates: [], also: `command ${typed.length - rest.length + given.programAt + 1}` };
  if (given.open) return await valuesOf(given.open.values ?? guessed(given.open), current, io);
  const inline = /^(--[a-z-]+)=(.*)$/s.exec(current);
  if (inline) return await inlineValues(inline[1] ?? '', inline[2] ?? '', options, io);
  if (current.startsWith('-')) return starting(current, flagsLeft(options, rest));
  if (takesProgram) return { candidates: [], also: `command ${typed.length + 1}` };
  const values = command.arguments?.[given.positional]?.values;
  return values ? await valuesOf(values, current, io) : NOTHING;
}

function commandNamed(words: readonly string[], table: CommandTable): string {
  const names = [3, 2, 1].map((count) => words.slice(0, count).join(' '));
  return names.find((name) => Object.hasOwn(table, name)) ?? '';
}

/** The words that may follow within a group: of `profile`, `add` and `rule`. */
function nextWords(
  words: readonly string[],
  groups: Record<string, string>,
  table: CommandTable,
): Candidate[] {
  const begin = words.map((word) => `${word} `).join('');
  const found = new Map<string, string>();
  for (const [name, [summary]] of Object.entries(table)) {
    if (!name.startsWith(begin)) continue;
    const [next = '', ...below] = name.slice(begin.length).split(' ');
    const about = below.length === 0 ? summary : (groups[begin + next] ?? '');
    if (!found.has(next)) found.set(next, about);
  }
  return [...found].map(([word, about]) => ({ word, about }));
}

type Given = {
  /** The flag before the cursor that still wants its value. */
  open: Option | null;
  /** Arguments so far. */
  positional: number;
  /** Where the program of `run` stands among the words, once "--" or it was typed. */
  programAt: number | null;
};

function readWords(
  words: readonly string[],
  options: readonly Option[],
  takesProgram: boolean,
): Given {
  let open: Option | null = null;
  let positional = 0;
  for (const [at, word] of words.entries()) {
    // Bash's own word for what stands between a flag and its value.
    if (word === '=' && open) continue;
    if (open) open = null;
    else if (word === '--' && takesProgram) return { open, positional, programAt: at + 1 };
    else if (word.startsWith('-')) open = wantsValue(word, options);
    else if (takesProgram) return { open, positional, programAt: at };
    else positional += 1;
  }
  return { open, positional, programAt: null };
}

const optionNamed = (flag: string, options: readonly Option[]): Option | null =>
  options.find((option) => `--${longName(option)}` === flag) ?? null;

function wantsValue(word: string, options: readonly Option[]): Option | null {
  const option = optionNamed(word, options);
  return option?.flags.includes('<') ? option : null;
}

/** What a flag's placeholder says of its value, where the flag itself says nothing. */
function guessed({ flags }: Option): Values {
  const placeholder = /<([a-z-]+)>/.exec(flags)?.[1] ?? '';
  if (placeholder === 'profile') return 'profiles';
  return placeholder === 'file' || placeholder === 'path' ? 'files' : [];
}

function flagsLeft(options: readonly Option[], typed: readonly string[]): Candidate[] {
  const help = { word: '--help', about: 'show help' };
  const left = options
    .map((option) => ({ word: `--${longName(option)}`, about: option.description }))
    .filter(({ word }) => !typed.includes(word));
  return [...left, help];
}

async function inlineValues(
  flag: string,
  current: string,
  options: readonly Option[],
  io: Io,
): Promise<Offer> {
  const option = wantsValue(flag, options);
  if (option === null) return NOTHING;
  const { candidates } = await valuesOf(option.values ?? guessed(option), current, io);
  // No shell would complete a file behind the "=" for us.
  return { candidates: candidates.map((each) => withFlag(flag, each)), also: 'none' };
}

const withFlag = (flag: string, { word, about }: Candidate): Candidate => ({
  word: `${flag}=${word}`,
  about,
});

async function valuesOf(values: Values, current: string, io: Io): Promise<Offer> {
  if (values === 'files') return { candidates: [], also: 'files' };
  if (values === 'profiles') return starting(current, await profileCandidates(io));
  if (values === 'clients') return starting(current, await clientCandidates(io));
  return starting(
    current,
    values.map((word) => ({ word, about: '' })),
  );
}

async function profileCandidates(io: Io): Promise<Candidate[]> {
  const { readConfig } = await import('../profiles/config-file.ts');
  const { profiles } = await readConfig(io.paths);
  return profiles.map(({ name, url }) => ({ word: name, about: url }));
}

async function clientCandidates(io: Io): Promise<Candidate[]> {
  const { readClients } = await import('../clients/store.ts');
  const clients = await readClients(io.paths.state);
  return clients.map(({ name, access }) => ({ word: name, about: access }));
}

function starting(current: string, candidates: readonly Candidate[]): Offer {
  return { candidates: candidates.filter(({ word }) => word.startsWith(current)), also: 'none' };
}

/**
 * The answer to a shell: a line for each word, a tab between it and what it is about, and a last line with ":" and
 * what the shell has to add. A file of ours that does not read offers nothing: no error belongs into a prompt.
 *
 * @param words as the scripts hand them over, the last one with a "=" before it
 */
export async function completionAnswer(
  words: readonly string[],
  groups: Record<string, string>,
  io: Io,
): Promise<string> {
  const current = words.at(-1)?.replace(/^=/, '') ?? '';
  const offer = await offerFor(words.slice(0, -1), current, groups, io).catch(() => NOTHING);
  const lines = offer.candidates.map(({ word, about }) => `${word}\t${about.replace(/\s+/g, ' ')}`);
  return [...lines, `:${offer.also}`].join('\n');
}

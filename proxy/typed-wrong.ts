import type { Command as Commander, CommanderError } from 'commander';
import type { CommandTable } from './commands/command.ts';
import { EXIT, Problem } from './problem.ts';
import { nearestName, shownName } from './profiles/name.ts';

/**
 * What commander found wrong as a usage Problem: the nearest command or flag where one is near, else the help of the
 * command. A word after `=` is never repeated: it may be a token.
 *
 * @param typed the command that was being read, as it is typed: `tokenleash profile`
 */
export function typedWrong(
  error: CommanderError,
  command: Commander,
  typed: string,
  table: CommandTable,
): Problem {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  if (error.code === 'commander.unknownCommand') return unknownCommand(quoted, typed, table);
  if (error.code === 'commander.unknownOption')
    return unknownFlag(quoted.split('=')[0] ?? '', command, typed);
  return new Problem(sentence(error.message), `${typed} --help`, EXIT.usage);
}

/** commander's "error: missing required argument 'name'" in the form of our own sentences. */
function sentence(message: string): string {
  const text = message.replace(/^error: /, '').replace(/\.$/, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function unknownCommand(word: string, typed: string, table: CommandTable): Problem {
  const above = typed.split(' ').slice(1);
  const full = [...above, word].join(' ');
  const near = nearestCommands(full, above, word, Object.keys(table));
  const [first] = near;
  const names = near.map((name) => `"${name}"`).join(' or ');
  return new Problem(
    `There is no command "${shownName(full)}".${first === undefined ? '' : ` Did you mean ${names}?`}`,
    first === undefined ? `${typed} --help` : `tokenleash ${first}`,
    EXIT.usage,
  );
}

/** The command next to what was typed, else all whose last word it is: `list` of `profile list` and `client list`. */
function nearestCommands(
  full: string,
  above: readonly string[],
  word: string,
  known: readonly string[],
): readonly string[] {
  const levels = new Set(known.flatMap((name) => prefixes(name)));
  const beside = [...levels].filter((name) => name.split(' ').length === above.length + 1);
  const near = nearestName(full, beside) ?? nearestName(full, known);
  if (near !== null) return [near];
  return known.filter((name) => name.includes(' ') && name.endsWith(` ${word}`));
}

/** `profile rule add`, `profile rule` and `profile`. */
function prefixes(name: string): string[] {
  const words = name.split(' ');
  return words.map((_, at) => words.slice(0, at + 1).join(' '));
}

function unknownFlag(flag: string, command: Commander, typed: string): Problem {
  const known = [...command.options.map(({ flags }) => flags.replace(/^-\w, /, '')), '--help'];
  const near = nearestName(flag, known.map(withoutValue));
  const meant = near === null ? '' : ` Did you mean ${near}?`;
  const misplaced =
    near === null && command.commands.length > 0 ? ' Flags stand after the command.' : '';
  const next = known.find((flags) => withoutValue(flags) === near) ?? '--help';
  return new Problem(
    `"${typed}" has no flag ${shownName(flag)}.${meant}${misplaced}`,
    `${typed} ${next}`,
    EXIT.usage,
  );
}

/** `--port <port>` → `--port` */
const withoutValue = (flags: string): string => flags.split(' ')[0] ?? '';

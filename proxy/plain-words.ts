import type { Command } from './commands/command.ts';
import { camelName, longName } from './commands/settle.ts';
import type { Typed } from './run-command.ts';

/** A flag that is there or not, or has one value; commander knows more kinds. */
const PLAIN_FLAG = /^--(?!no-)[a-z-]+(?: <[^>]*>)?$/;

/**
 * Reads a command line that has nothing but what the command declares: each flag whole and once, and `--` before the
 * words of another program. Null for all else, whatever is wrong included: that is for commander, which costs more
 * time than all else that a short command does.
 *
 * @param name the command, which `words` begin with
 */
export function readPlainWords(
  name: string,
  { options = [], arguments: places = [] }: Command<never>,
  words: readonly string[],
): Typed | null {
  const flags: Record<string, unknown> = {};
  const values: unknown[] = [];
  const names = name.split(' ');
  if (names.some((each, at) => words[at] !== each)) return null;
  const rest = words.slice(names.length);
  const takesAll = places.at(-1)?.variadic === true;
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    if (word === '--' && takesAll && places.length === 1 && rest.length > 0)
      return { flags, values: [rest] };
    if (!word.startsWith('-') && !takesAll && values.length < places.length) {
      values.push(word);
      continue;
    }
    const option = options.find((each) => word === `--${longName(each)}`);
    if (option === undefined || !PLAIN_FLAG.test(option.flags)) return null;
    const flag = camelName(longName(option));
    if (Object.hasOwn(flags, flag)) return null;
    const value = option.flags.includes('<') ? rest.shift() : true;
    if (value === undefined || (typeof value === 'string' && value.startsWith('-'))) return null;
    flags[flag] = value;
  }
  const isShort = takesAll || places.some(({ required }, at) => required && at >= values.length);
  return isShort ? null : { flags, values };
}

/** Of a map in a map in a map, as config.yaml has it. */
export type PlainMap = { [key: string]: string | number | boolean | PlainMap };

/**
 * One line: indentation, a key, a value or none. Keys and texts begin with a letter and hold nothing that means
 * something in YAML, so that neither can be anything else than what it looks like; a text may be a path or a URL.
 */
const LINE =
  /^((?: {2}){0,3})([A-Za-z][A-Za-z0-9._-]{0,62}):(?: (?:([A-Za-z/][A-Za-z0-9_./:@+-]*)|(0|[1-9]\d{0,8})))?$/;
/** A tab or a control character would be for the library to judge. */
const NO_LINE = /^ *(?:#\P{Cc}*)?$/u;
/** What YAML 1.2 takes for something else than text, and YAML 1.1 did; of these we know `true` and `false`. */
const SPECIAL = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** What every object has; such a key is an error, which the library's reader words. */
const NO_KEYS: object = { prototype: null };

/**
 * Reads the plainest YAML there is: maps, two blanks deeper each, of words, whole numbers and true or false, and
 * comments on lines of their own. Null for all else, broken YAML included; what it does read is what a whole reader of
 * YAML makes of it.
 */
export function readPlainYaml(text: string): PlainMap | null {
  const root: PlainMap = {};
  /** The maps that are open, the outermost first. */
  let open: PlainMap[] = [root];
  let last: PlainMap | null = null;
  for (const line of text.split('\n')) {
    if (NO_LINE.test(line)) continue;
    const [, indentation = '', key, word, number] = LINE.exec(line) ?? [];
    if (key === undefined || SPECIAL.test(key) || key in NO_KEYS) return null;
    const depth = indentation.length / 2;
    // Only right below a key without a value may a line be deeper.
    if (last === null ? depth >= open.length : depth !== open.length - 1) return null;
    open = open.slice(0, depth + 1);
    const map = open[depth];
    if (map === undefined || Object.hasOwn(map, key)) return null;
    last = null;
    if (number !== undefined) map[key] = Number(number);
    else if (word === 'true' || word === 'false') map[key] = word === 'true';
    else if (word !== undefined && !SPECIAL.test(word) && !word.endsWith(':')) map[key] = word;
    else if (word !== undefined) return null;
    else {
      last = {};
      map[key] = last;
      open.push(last);
    }
  }
  // A key with nothing below it is null.
  return last === null ? root : null;
}

/**
 * The first value of one header in Node's raw list (name, value, name, value …), or undefined. A list is looked
 * through faster than Node makes an object of it, which `headers` does for all of its lines.
 *
 * @param name in lower case
 */
export function valueIn(raw: readonly string[], name: string): string | undefined {
  for (let at = 0; at < raw.length; at += 2) {
    const found = raw[at] ?? '';
    if (found.length === name.length && found.toLowerCase() === name) return raw[at + 1];
  }
  return undefined;
}

/** The values of all lines of one header; the same list for all that have none. */
export function valuesIn(raw: readonly string[], name: string): readonly string[] {
  if (valueIn(raw, name) === undefined) return NONE;
  return raw.filter((_, at) => at % 2 === 1 && (raw[at - 1] ?? '').toLowerCase() === name);
}

const NONE: readonly string[] = [];

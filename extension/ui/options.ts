/** One line of a combobox's list. `label` is its accessible name. */
export type Option = {
  value: string;
  label: string;
  /** A full dot marks an environment of type production, a hollow one any other. */
  dot?: 'full' | 'hollow';
};

/** A label in three parts around the first match, so that the match can stand out. */
export type Highlighted = { before: string; match: string; after: string };

/** The options whose label holds every word of the query, in their own order. An empty query keeps all. */
export function matchingOptions(options: readonly Option[], query: string): Option[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter((option) => {
    const label = option.label.toLowerCase();
    return words.every((word) => label.includes(word));
  });
}

/** Where the query stands in a label; nothing stands out when it is not there as a whole. */
export function highlight(label: string, query: string): Highlighted {
  const wanted = query.trim().toLowerCase();
  const lower = label.toLowerCase();
  // Some letters change their length in lower case; then positions do not carry over.
  const at = wanted === '' || lower.length !== label.length ? -1 : lower.indexOf(wanted);
  if (at < 0) return { before: label, match: '', after: '' };
  const end = at + wanted.length;
  return { before: label.slice(0, at), match: label.slice(at, end), after: label.slice(end) };
}

/** The option that the text names in full, in any case of letters. */
export function optionNamed(options: readonly Option[], text: string): Option | undefined {
  const wanted = text.trim().toLowerCase();
  return options.find((option) => option.label.toLowerCase() === wanted);
}

/** Choices after one more click on `value`; the exclusive one and the others drive each other out. */
export function toggleChoice(
  chosen: readonly string[],
  value: string,
  exclusive: string,
  limit: number,
): string[] {
  if (chosen.includes(value)) return chosen.filter((entry) => entry !== value);
  if (value === exclusive || limit === 1) return [value];
  return [...chosen.filter((entry) => entry !== exclusive), value].slice(-limit);
}

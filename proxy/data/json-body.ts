import { valuesOf } from './exchange.ts';

/** `application/json`, with no charset or UTF-8: Unleash's parser would read others in their own way. */
const JSON_TYPE = /^application\/json *(?:; *charset *= *"?utf-8"? *)?$/i;

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The JSON of a body, as surely as Unleash's own parser reads it (body-parser: `JSON.parse`, objects and lists alone).
 *
 * @param lines the request's header lines: lower-case name, value, name, value …
 * @returns the value, or why it cannot be read, as the end of a sentence about the body
 */
export function readJsonBody(
  lines: readonly string[],
  bytes: Uint8Array,
): { value: unknown } | { fault: string } {
  const encodings = valuesOf(lines, 'content-encoding');
  if (encodings.some((encoding) => encoding.trim().toLowerCase() !== 'identity')) {
    return { fault: 'is encoded' };
  }
  const types = valuesOf(lines, 'content-type');
  if (types.length !== 1 || !JSON_TYPE.test((types[0] ?? '').trim())) {
    return { fault: 'is not said to be application/json' };
  }
  try {
    const value: unknown = JSON.parse(UTF_8.decode(bytes));
    if (typeof value === 'object' && value !== null) return { value };
  } catch {
    // Said below: what stands in it is the caller's.
  }
  return { fault: 'is not JSON' };
}

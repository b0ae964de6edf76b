import { lenient } from '../policy/compiled-rules.ts';
import type { Rule } from '../policy/rule.ts';

/** Any one segment of a path. */
export const ANY_SEGMENT = '[^/?]+';

/** What stands for itself in a path: RFC 3986's pchar without percent encoding and `;`. */
const PLAIN = /^[A-Za-z0-9._~!$&'()*+,=@:-]$/;

/** In brackets, so that no backslash has to survive the quoting of three languages. */
function literal(character: string): string {
  return /[.$()*+]/.test(character) ? `[${character}]` : character;
}

/** A segment that stands for itself. */
export function literalSegment(segment: string): string {
  return [...segment].map(literal).join('');
}

/** `maybe-allow`: a rule that allows if a body says so which no gateway reads; where it may be about a request, that is refused. */
export type About = Rule['verdict'] | 'maybe-allow';

/** A name of which a gateway does not know what it is. */
const ENCODED = '[^/?]*%[^/?]*';

/**
 * The regular expression of the segments that a rule's globs match, or null where none does. A gateway does not decode
 * percent encoding. So a name that has any is held to be what a `deny` is about, and never what an `allow` is about
 * unless it is refused for being it; the same goes for `*`, Unleash's word for all, but for the last.
 */
export function segmentPattern(globs: readonly string[], about: About): string | null {
  const deny = about === 'deny';
  const meant = deny ? globs.map(lenient) : globs;
  if (meant.some((glob) => /^\*+$/.test(glob))) return ANY_SEGMENT;
  const patterns = meant.flatMap((glob) => globPattern(glob, deny) ?? []);
  if (deny) return `(?:${[...patterns, ENCODED, '[*]'].join('|')})`;
  if (about === 'maybe-allow') patterns.push(ENCODED);
  return patterns.length === 0 ? null : `(?-i:${patterns.join('|')})`;
}

/** Null for a glob with a character that only stands encoded in a path. */
function globPattern(glob: string, deny: boolean): string | null {
  let pattern = '';
  for (const character of glob) {
    if (character === '*') pattern += deny ? '[^/?]*' : '[^/?%]*';
    else if (character === '?') pattern += deny ? '[^/?]' : '[^/?%*]';
    else if (PLAIN.test(character)) pattern += literal(character);
    else return null;
  }
  return pattern;
}

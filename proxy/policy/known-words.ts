import { allOperations } from '../../shared/unleash/operations/find.ts';
import { nearestName, shownName } from '../profiles/name.ts';
import { withoutTokens } from '../secrets/without-tokens.ts';
import { compileGlob } from './glob.ts';
import { RULE_ACCESS, RULE_SUBJECTS, type RuleSubject } from './rule.ts';

/** What a subject can be at all; null where only the server knows. */
function wordsOf(subject: RuleSubject): string[] | null {
  if (subject === 'access') return [...RULE_ACCESS];
  if (subject === 'operation') return [...new Set(allOperations().map(({ id }) => id))];
  if (subject === 'tag') return [...new Set(allOperations().flatMap(({ tags }) => tags))];
  return null;
}

/**
 * Why a rule with this glob would never match, as the end of a sentence about it, or null when it may. A rule that was
 * mistyped would let through what it was made to hold.
 */
export function globFault(subject: RuleSubject, glob: string): string | null {
  if (withoutTokens(glob) !== glob) return 'a token stands in it, which no rule needs';
  const words = wordsOf(subject);
  if (words === null || words.some(compileGlob(glob))) return null;
  const near = nearestName(glob, words);
  const meant = near === null ? `, ${howToSee(subject, words)}` : `; did you mean "${near}"`;
  return `"${shownName(glob)}" is no ${subject} that there is${meant}`;
}

function howToSee(subject: RuleSubject, words: readonly string[]): string {
  return subject === 'operation'
    ? 'see docs/policy.md or: tokenleash explain METHOD PATH'
    : `there are: ${words.join(', ')}`;
}

/** Why this is no subject of a rule, as the end of a sentence. */
export function subjectFault(word: string): string {
  const near = nearestName(word, RULE_SUBJECTS);
  const meant = near === null ? `there are: ${RULE_SUBJECTS.join(', ')}` : `did you mean "${near}"`;
  return `"${shownName(word)}" is nothing that a rule looks at; ${meant}`;
}

import * as v from 'valibot';
import { globFault, subjectFault } from '../policy/known-words.ts';
import { RULE_SUBJECTS, type Rule, type RuleSubject } from '../policy/rule.ts';

type Issue = { message: string; path: PropertyKey[] };

const VERDICTS = ['deny', 'allow'] as const;
const ONE_VERDICT = 'has to be one deny or one allow, such as: deny: { environment: production }';
const CONDITIONS =
  'has to be subjects and globs, such as { environment: production }; {} is every request';
const GLOBS = 'has to be text in quotes, or a list of them, of which none is empty';

/**
 * `deny: { environment: production }`, `allow: { flag: [checkout-*, search] }`; `deny: {}` is every request. What can
 * never match is no rule: it would let through what it was made to hold.
 */
const ruleSchema = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, Rule>(({ dataset, addIssue, NEVER }) => {
    const read = readRule(dataset.value);
    if (!('message' in read)) return read;
    // In the words of this file, at the key that is wrong.
    addIssue({ message: read.message, path: read.path.map((key) => pathItem(key)) as never });
    return NEVER;
  }),
);

/** The rules of a profile or a client, in their order. */
export const rulesSchema = v.optional(v.nullable(v.array(ruleSchema, 'has to be a list of rules')));

function pathItem(key: PropertyKey) {
  return { type: 'unknown', origin: 'value', input: undefined, key, value: undefined };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readRule(value: unknown): Rule | Issue {
  if (!isObject(value)) return { message: ONE_VERDICT, path: [] };
  const keys = Object.keys(value);
  const verdict = VERDICTS.find((each) => each === keys[0]);
  if (verdict === undefined || keys.length !== 1) return { message: ONE_VERDICT, path: [] };
  const conditions = value[verdict];
  if (!isObject(conditions)) return { message: CONDITIONS, path: [verdict] };
  const rule: { verdict: Rule['verdict'] } & Partial<Record<RuleSubject, readonly string[]>> = {
    verdict,
  };
  for (const [key, given] of Object.entries(conditions)) {
    const path = [verdict, key];
    const subject = RULE_SUBJECTS.find((each) => each === key);
    if (subject === undefined) return { message: subjectFault(key), path };
    const globs = typeof given === 'string' ? [given] : given;
    if (!isGlobs(globs)) return { message: GLOBS, path };
    const fault = globs.map((glob) => globFault(subject, glob)).find((each) => each !== null);
    if (fault) return { message: fault, path };
    rule[subject] = globs;
  }
  return rule;
}

function isGlobs(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((glob) => typeof glob === 'string' && glob.trim() !== '')
  );
}

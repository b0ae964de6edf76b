import { allOperations } from '../../shared/unleash/operations/find.ts';
import { compileGlob, type Glob } from './glob.ts';
import { RULE_SUBJECTS, type Rule, type RuleSubject, ruleText } from './rule.ts';

/** One subject of a rule, ready to be asked. */
export type Condition = {
  subject: RuleSubject;
  /** Whether a name matches: as it stands for `allow`, case and outer blanks aside for `deny`. */
  matches: Glob;
  /** It has a `*`: whatever a request may name, this matches. */
  matchesAny: boolean;
  /** The methods of the operations that an `operation` or `tag` means, for a request that is none we know. */
  methods: ReadonlySet<string>;
};

export type CompiledRule = {
  verdict: 'deny' | 'allow';
  /** In one line; counted from 1. */
  text: string;
  number: number;
  conditions: readonly Condition[];
};

/** A config is compiled once: its lists of rules are the same objects until it is read again. */
const compiled = new WeakMap<readonly Rule[], readonly CompiledRule[]>();

/** The rules of one list, ready to be asked. */
export function compileRules(rules: readonly Rule[]): readonly CompiledRule[] {
  let made = compiled.get(rules);
  if (made === undefined) {
    made = rules.map(compileRule);
    compiled.set(rules, made);
  }
  return made;
}

/** How names are compared for `deny`, so that a server that is more lenient than we know is none the less held. */
export function lenient(name: string): string {
  return name.trim().toLowerCase();
}

function compileRule(rule: Rule, at: number): CompiledRule {
  const conditions = RULE_SUBJECTS.flatMap((subject) => {
    const globs = rule[subject];
    return globs === undefined ? [] : [compileCondition(subject, globs, rule.verdict)];
  });
  return { verdict: rule.verdict, text: ruleText(rule), number: at + 1, conditions };
}

function compileCondition(
  subject: RuleSubject,
  globs: readonly string[],
  verdict: Rule['verdict'],
): Condition {
  const compiledGlobs = globs.map((glob) => compileGlob(verdict === 'deny' ? lenient(glob) : glob));
  const anyGlob: Glob = (name) => compiledGlobs.some((glob) => glob(name));
  const matches: Glob = verdict === 'deny' ? (name) => anyGlob(lenient(name)) : anyGlob;
  const matchesAny = globs.some((glob) => /^\*+$/.test(glob));
  return { subject, matches, matchesAny, methods: methodsOf(subject, matches) };
}

function methodsOf(subject: RuleSubject, matches: Glob): ReadonlySet<string> {
  const methods = new Set<string>();
  if (subject !== 'operation' && subject !== 'tag') return methods;
  for (const { id, tags, method } of allOperations()) {
    if (subject === 'operation' ? matches(id) : tags.some(matches)) methods.add(method);
  }
  return methods;
}

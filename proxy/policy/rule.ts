/** What a rule may look at. */
export const RULE_SUBJECTS = [
  'access',
  'operation',
  'tag',
  'project',
  'environment',
  'flag',
] as const;

export type RuleSubject = (typeof RULE_SUBJECTS)[number];

/** What `access` may be in a rule: what the operation does, as `explain` says it. */
export const RULE_ACCESS = ['read', 'write', 'mint'] as const;

/**
 * One rule of a profile or of a client. It matches a request when each subject that it lists matches by one of its
 * globs (`*` any text, `?` one character); with none listed it matches every request. The first that matches decides;
 * where none does, the request passes. Profile and client must both let it pass.
 */
export type Rule = { verdict: 'deny' | 'allow' } & Partial<Record<RuleSubject, readonly string[]>>;

/** A rule in one line, as messages and the audit log have it: `deny project=shop environment=production,staging`. */
export function ruleText(rule: Rule): string {
  const subjects = RULE_SUBJECTS.flatMap((subject) => {
    const globs = rule[subject];
    return globs === undefined ? [] : [`${subject}=${globs.join(',')}`];
  });
  return [rule.verdict, ...(subjects.length === 0 ? ['everything'] : subjects)].join(' ');
}

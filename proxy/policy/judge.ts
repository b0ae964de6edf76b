import type { NamedSubject, Operation, OperationEffect } from '../../shared/unleash/operation.ts';
import { type CompiledRule, type Condition, compileRules } from './compiled-rules.ts';
import { type Named, NEEDS_BODY, namedIn, type ReadBody } from './named-things.ts';
import type { Rule, RuleSubject } from './rule.ts';

/** A request as rules see it. */
export type JudgedRequest = {
  method: string;
  /** Canonical, in the caller's own case. */
  path: string;
  /** Null for one that no table has; it is then held to concern all projects, environments and flags. */
  operation: Operation | null;
  effect: OperationEffect;
  /** Null until it was read. */
  body: ReadBody;
};

/**
 * What a list of rules says.
 * - `pass`: by the rule that allows, or null where none matches
 * - `deny`: by this rule; `unnamed` is what the rule is about and the request concerns without naming it
 * - `needs-body`: not to be said before the body was read
 */
export type Judgement =
  | { verdict: 'pass'; rule: CompiledRule | null }
  | { verdict: 'deny'; rule: CompiledRule; unnamed: RuleSubject | null }
  | { verdict: 'needs-body'; rule: CompiledRule };

const ALL: Named = { names: [], all: true };

/** Asks one list, a profile's or a client's. The first rule that matches decides. */
export function judge(rules: readonly Rule[], request: JudgedRequest): Judgement {
  for (const rule of compileRules(rules)) {
    const match = matchRule(rule, request);
    if (match === 'no') continue;
    if (match === 'needs-body') return { verdict: 'needs-body', rule };
    if (rule.verdict === 'allow') return { verdict: 'pass', rule };
    return { verdict: 'deny', rule, unnamed: match.unnamed };
  }
  return { verdict: 'pass', rule: null };
}

type Match = 'no' | 'needs-body' | { unnamed: RuleSubject | null };

/** No condition that the path decides is left open for the body: what cannot match needs none. */
function matchRule({ verdict, conditions }: CompiledRule, request: JudgedRequest): Match {
  let needsBody = false;
  let unnamed: RuleSubject | null = null;
  for (const condition of conditions) {
    const named = namedBy(condition, request);
    if (named === NEEDS_BODY) needsBody = true;
    else {
      const byName =
        verdict === 'deny' ? named.names.some(condition.matches) : allMatch(named, condition);
      if (!byName && !(verdict === 'deny' && named.all)) return 'no';
      if (!byName) unnamed ??= condition.subject;
    }
  }
  return needsBody ? 'needs-body' : { unnamed };
}

/** To allow, everything that a request concerns has to be allowed, and there has to be something. */
function allMatch({ names, all }: Named, { matches, matchesAny }: Condition): boolean {
  if (all) return matchesAny;
  return names.length > 0 && names.every(matches);
}

function namedBy(condition: Condition, request: JudgedRequest): Named | typeof NEEDS_BODY {
  const { subject } = condition;
  const { operation, method } = request;
  switch (subject) {
    case 'access':
      return { names: accessOf(request), all: false };
    case 'operation':
    case 'tag':
      if (operation === null) return unknownOperation(condition, method);
      return { names: subject === 'tag' ? operation.tags : [operation.id], all: false };
    default:
      return operation === null ? ALL : namesOf(operation, subject, request);
  }
}

/** A credential that is read or made is both: whoever allows reads or writes has not allowed that. */
function accessOf({ effect, method }: JudgedRequest): string[] {
  if (effect !== 'mint') return [effect];
  return [method === 'GET' || method === 'HEAD' ? 'read' : 'write', 'mint'];
}

/** It may be any operation of its method, of those that we know and of others. */
function unknownOperation({ methods, matchesAny }: Condition, method: string): Named {
  return { names: [], all: matchesAny || methods.has(method === 'HEAD' ? 'GET' : method) };
}

function namesOf(
  operation: Operation,
  subject: NamedSubject,
  { path, body }: JudgedRequest,
): Named | typeof NEEDS_BODY {
  const places = operation.names[subject];
  return places === undefined ? { names: [], all: false } : namedIn(places, path, body);
}

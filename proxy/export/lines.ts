import type { NamingPlace, Operation } from '../../shared/unleash/operation.ts';
import { allOperations, CREDENTIAL_SEGMENTS } from '../../shared/unleash/operations/find.ts';
import { SHOW_INVITE_LINKS } from '../data/invite-links.ts';
import { METHODS } from '../data/steps/target.ts';
import { type CompiledRule, type Condition, compileRules } from '../policy/compiled-rules.ts';
import type { Rule } from '../policy/rule.ts';
import type { Access } from '../profiles/profile.ts';
import { type About, ANY_SEGMENT, literalSegment, segmentPattern } from './segment-pattern.ts';

/** What a gateway does with a request that a line matches; a refusal by the code that the proxy has for it. */
export type Outcome = 'pass' | 'policy.mint' | 'policy.read_only' | 'policy.rule';

/** One line of a gateway's list: the first that matches decides. */
export type Line = {
  methods: readonly string[];
  /** Regular expression of the whole path, in what RE2 and PCRE both read. */
  path: string;
  outcome: Outcome;
  /** Why, for a comment. */
  why: string;
};

/** All lines of one operation, and of all that no table has. */
export type Block = {
  operation: string;
  methods: readonly string[];
  /** One list, or two where profile and client both have rules. Each ends with a line that matches every path of it. */
  lists: readonly (readonly Line[])[];
};

/** Whose rules a gateway is to hold. */
export type Holder = {
  profile: { name: string; rules: readonly Rule[] };
  client: { name: string; rules: readonly Rule[] } | null;
  /** The lower of the profile's and the client's. */
  access: Access;
  mint: boolean;
};

/** A rule that goes by the body of an operation, which no gateway reads: it is refused there. */
export type BodyRule = { operation: string; rule: string };

export type Lines = { blocks: Block[]; byBody: BodyRule[]; invites: string[] };

/**
 * The policy of a profile, and of one of its clients, as lists of methods and paths: operation after operation, the
 * more exact path first, then what no table has. A request passes when each list of the block says so.
 */
export function linesFor(holder: Holder): Lines {
  const found: Lines = { blocks: [], byBody: [], invites: [] };
  for (const operation of byExactness())
    found.blocks.push(operationBlock(operation, holder, found));
  found.blocks.push(...unknownBlocks(holder));
  return found;
}

/** A literal segment is asked before a parameter at the same place, as `findOperation` does. */
function byExactness(): Operation[] {
  const known = new Map<string, Operation>();
  // Of two with the same path the last one counts, there as here.
  for (const operation of allOperations()) known.set(sortKey(operation), operation);
  return [...known.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, each]) => each);
}

/** `~` comes after everything that stands in a literal segment. */
function sortKey({ method, path }: Operation): string {
  const segments = path.split('/').map((each) => (each.startsWith('{') ? '~' : each.toLowerCase()));
  return `${segments.join('\u0001')} ${method}`;
}

function operationBlock(operation: Operation, holder: Holder, found: Lines): Block {
  const { id, effect, method } = operation;
  const methods = method === 'GET' ? ['GET', 'HEAD'] : [method];
  const block = (lists: Line[][]): Block => ({ operation: id, methods, lists });
  const line = (outcome: Outcome, why: string, limits: Limits = new Map()): Line => ({
    methods,
    path: pathOf(operation, limits),
    outcome,
    why,
  });
  const no = refusedAtAll(method, effect, holder);
  if (no !== null) return block([[line(...no)]]);
  if (SHOW_INVITE_LINKS.has(id) && !holder.mint) {
    found.invites.push(id);
    return block([[line('policy.mint', 'shows invite links, which a gateway cannot mask')]]);
  }
  const asked: Asked = { operation, effect, method };
  const lists = ruleLists(holder).map(({ rules, owner }) => {
    const list: Line[] = [];
    for (const rule of compileRules(rules)) {
      const given = rules[rule.number - 1] as Rule;
      const match = matchOf(rule, given, asked);
      if (match === null) continue;
      const why = ruleWhy(rule, owner);
      if (match.needsBody) found.byBody.push({ operation: id, rule: why });
      const outcome = rule.verdict === 'allow' && !match.needsBody ? 'pass' : 'policy.rule';
      for (const limits of match.limits) list.push(line(outcome, why, limits));
      if (match.limits.some((limits) => limits.size === 0)) return ended(list);
    }
    list.push(line('pass', effect));
    return ended(list);
  });
  return block(lists.length === 0 ? [[line('pass', effect)]] : lists);
}

/** What stands right before the last line and ends as it does says nothing. */
function ended(list: Line[]): Line[] {
  const last = list.at(-1);
  if (last === undefined) return list;
  const kept = list.slice(0, -1);
  while (kept.at(-1)?.outcome === last.outcome) kept.pop();
  return [...kept, last];
}

function ruleLists({ profile, client }: Holder): { rules: readonly Rule[]; owner: string }[] {
  const lists = [{ rules: profile.rules, owner: `profile ${profile.name}` }];
  if (client !== null) lists.push({ rules: client.rules, owner: `client ${client.name}` });
  return lists.filter(({ rules }) => rules.length > 0);
}

/** Mint guard and access, which look at no name. */
function refusedAtAll(
  method: string,
  effect: Operation['effect'],
  { access, mint }: Holder,
): [Outcome, string] | null {
  if (effect === 'mint' && !mint) return ['policy.mint', 'hands out credentials or widens access'];
  const reads = effect === 'mint' ? method === 'GET' : effect === 'read';
  if (!reads && access !== 'write') return ['policy.read_only', `writes; access is ${access}`];
  return null;
}

/** A rule in a comment stands on one line, whatever its globs hold. */
function ruleWhy({ number, text }: CompiledRule, owner: string): string {
  return `rule ${number} of ${owner}: ${text.replace(/[^\x20-\x7e]/g, '?')}`;
}

/** What is asked, as far as methods and paths say. */
type Asked = {
  /** Null for one that no table has. */
  operation: Operation | null;
  effect: Operation['effect'];
  method: string;
};

/** What segments of the path have to be, by their number. */
type Limits = ReadonlyMap<number, string>;

/** Where a rule matches: in any of these cases. With `needsBody` it may, if the body says so. */
type Match = { limits: Limits[]; needsBody: boolean };

/** Null where it never does. */
function matchOf(rule: CompiledRule, given: Rule, asked: Asked): Match | null {
  let cases: Limits[] = [new Map()];
  const match = (condition: Condition, about: About) =>
    conditionMatch(condition, given, asked, about);
  const needsBody = rule.conditions.some((condition) => match(condition, given.verdict) === 'body');
  // Then it is refused, whatever the rule says, wherever the rule may be about it.
  const about = needsBody && given.verdict === 'allow' ? 'maybe-allow' : given.verdict;
  for (const condition of rule.conditions) {
    const found = match(condition, about);
    if (found === 'never') return null;
    if (found !== 'always' && found !== 'body')
      cases = cases.flatMap((one) => found.map((more) => both(one, more)));
  }
  return { limits: cases, needsBody };
}

/** No segment names two subjects: a test holds the tables to that. */
function both(one: Limits, more: Limits): Limits {
  return new Map([...one, ...more]);
}

function conditionMatch(
  condition: Condition,
  given: Rule,
  asked: Asked,
  about: About,
): 'always' | 'never' | 'body' | Limits[] {
  const { subject, matches } = condition;
  const { operation } = asked;
  const always = (yes: boolean) => (yes ? 'always' : 'never');
  if (subject === 'access') {
    const names = accessNames(asked);
    return always(given.verdict === 'deny' ? names.some(matches) : names.every(matches));
  }
  if (subject === 'operation' || subject === 'tag') {
    if (operation === null) return always(anyOperation(condition, given, asked.method));
    const names = subject === 'tag' ? operation.tags : [operation.id];
    if (given.verdict === 'deny') return always(names.some(matches));
    return always(names.length > 0 && names.every(matches));
  }
  const any = given.verdict === 'deny' || condition.matchesAny;
  if (operation === null) return always(any);
  return placesMatch(operation.names[subject], given[subject] ?? [], about, any);
}

/** As `judge` has it: what mints is both. */
function accessNames({ effect, method }: Asked): string[] {
  if (effect !== 'mint') return [effect];
  return [method === 'GET' ? 'read' : 'write', 'mint'];
}

function anyOperation({ methods, matchesAny }: Condition, given: Rule, method: string): boolean {
  return matchesAny || (given.verdict === 'deny' && methods.has(method));
}

function placesMatch(
  places: readonly NamingPlace[] | undefined,
  globs: readonly string[],
  about: About,
  any: boolean,
): 'always' | 'never' | 'body' | Limits[] {
  if (places === undefined || places.length === 0) return 'never';
  if (places.some((place) => place.in === 'body' || place.in === 'all-with-body')) return 'body';
  if (places.some((place) => place.in === 'all')) return any ? 'always' : 'never';
  const segments = places.flatMap((place) => (place.in === 'path' ? [place.segment] : []));
  const pattern = segmentPattern(globs, about);
  if (pattern === null) return 'never';
  if (pattern === ANY_SEGMENT) return 'always';
  // One of the names is enough to deny; to allow, all have to be.
  if (about === 'deny') return segments.map((at) => new Map([[at, pattern]]));
  return [new Map(segments.map((at) => [at, pattern]))];
}

/** In any case of letters, as servers read them; a limit of `allow` turns that off for itself. */
function pathOf({ path }: Operation, limits: Limits): string {
  const segments = path
    .slice(1)
    .split('/')
    .map((each, at) =>
      each.startsWith('{') ? (limits.get(at) ?? ANY_SEGMENT) : literalSegment(each),
    );
  return `(?i:/${segments.join('/')})/?`;
}

const UNDER_ADMIN = '(?i:/api/admin(?:/[^?]*)?)';
const CREDENTIALS_UNDER_ADMIN = `(?i:/api/admin(?:/[^?]*)?/${CREDENTIAL_SEGMENTS.replaceAll('[^/]', '[^/?]')}(?:/[^?]*)?)`;

const READING_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** What no table has may be anything: a write mints, and so does a read where credentials lie. */
function unknownBlocks(holder: Holder): Block[] {
  const groups = [
    ['GET', 'HEAD'],
    ...[...METHODS].filter((each) => each !== 'GET' && each !== 'HEAD').map((each) => [each]),
  ];
  return groups.flatMap((methods) => {
    const [method = ''] = methods;
    if (!READING_METHODS.includes(method))
      return [unknownBlock(methods, 'mint', UNDER_ADMIN, holder)];
    return [
      unknownBlock(methods, 'mint', CREDENTIALS_UNDER_ADMIN, holder),
      unknownBlock(methods, 'read', UNDER_ADMIN, holder),
    ];
  });
}

function unknownBlock(
  methods: readonly string[],
  effect: Operation['effect'],
  path: string,
  holder: Holder,
): Block {
  const [method = ''] = methods;
  const asked: Asked = { operation: null, effect, method };
  const line = (outcome: Outcome, why: string): Line => ({ methods, path, outcome, why });
  const no = refusedAtAll(method, effect, holder);
  const lists =
    no === null
      ? ruleLists(holder).map(({ rules, owner }) => [unknownLine(rules, owner, asked, line)])
      : [[line(...no)]];
  return {
    operation: 'no known operation',
    methods,
    lists: lists.length === 0 ? [[line('pass', effect)]] : lists,
  };
}

function unknownLine(
  rules: readonly Rule[],
  owner: string,
  asked: Asked,
  line: (outcome: Outcome, why: string) => Line,
): Line {
  for (const rule of compileRules(rules)) {
    if (matchOf(rule, rules[rule.number - 1] as Rule, asked) === null) continue;
    return line(rule.verdict === 'allow' ? 'pass' : 'policy.rule', ruleWhy(rule, owner));
  }
  return line('pass', asked.effect);
}

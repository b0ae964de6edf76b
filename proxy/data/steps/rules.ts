import { type Refusal, refuse } from '../../errors.ts';
import { type JudgedRequest, type Judgement, judge } from '../../policy/judge.ts';
import type { ReadBody } from '../../policy/named-things.ts';
import type { Rule } from '../../policy/rule.ts';
import { BUFFER_LIMIT, type RequestBody } from '../body.ts';
import type { Exchange, Step, StepContext } from '../exchange.ts';
import { readJsonBody } from '../json-body.ts';

/** A list of rules, and whose it is. */
type Owned = { rules: readonly Rule[]; owner: string; list: string };

/** The profile's rules, then the caller's: both have to agree. */
function listsFor({ profile, caller }: Exchange, { data }: StepContext): Owned[] {
  const lists: Owned[] = [];
  if (profile !== null && profile.rules.length > 0) {
    const { name, rules } = profile;
    lists.push({ rules, owner: `profile "${name}"`, list: `--profile ${name}` });
  }
  const own = caller === null ? [] : data.clientRules(caller);
  if (own.length > 0) {
    lists.push({ rules: own, owner: `client "${caller}"`, list: `--client ${caller}` });
  }
  return lists;
}

function requestOf(exchange: Exchange, body: ReadBody): JudgedRequest {
  const { method, path, operation, effect } = exchange;
  return { method, path, operation, effect, body };
}

/** By meaning: the rule is the owner's own words, and nothing that the request holds is repeated. */
function nameOf({ operation, method }: Exchange): string {
  return operation?.id ?? `an unknown ${method}`;
}

function refusedBy(
  exchange: Exchange,
  judgement: Extract<Judgement, { verdict: 'deny' | 'needs-body' }>,
  { owner, list }: Owned,
  why: string,
): Refusal {
  const { number, text } = judgement.rule;
  return refuse(
    'policy.rule',
    `${nameOf(exchange)} is refused by rule ${number} of ${owner}${why}.`,
    {
      rule: `rule ${number} of ${owner}: ${text}`,
      hint: `See its rules: tokenleash profile rule list ${list}`,
    },
  );
}

/** Why a rule holds though the request names nothing that the rule does. */
function unnamedWhy(judgement: Extract<Judgement, { verdict: 'deny' }>): string {
  const { unnamed } = judgement;
  if (unnamed === null) return '';
  return unnamed === 'operation' || unnamed === 'tag'
    ? ': it may be any operation, as far as the proxy knows'
    : `: it may concern any ${unnamed}`;
}

/** Asks all lists. Null lets the request pass; `needs-body` leaves it to the body. */
function judgeAll(
  exchange: Exchange,
  context: StepContext,
  body: ReadBody,
): Refusal | 'needs-body' | null {
  let needsBody = false;
  const request = requestOf(exchange, body);
  for (const owned of listsFor(exchange, context)) {
    const judgement = judge(owned.rules, request);
    if (judgement.verdict === 'deny') {
      return refusedBy(exchange, judgement, owned, unnamedWhy(judgement));
    }
    if (judgement.verdict === 'needs-body') needsBody = true;
  }
  return needsBody ? 'needs-body' : null;
}

/** Refuses for the first rule that waits for a body that cannot be read: what is not known is held to be worse. */
function refuseUnread(exchange: Exchange, context: StepContext, fault: string): Refusal {
  const request = requestOf(exchange, null);
  for (const owned of listsFor(exchange, context)) {
    const judgement = judge(owned.rules, request);
    if (judgement.verdict !== 'needs-body') continue;
    return refusedBy(exchange, judgement, owned, `: it goes by the body, and that ${fault}`);
  }
  return refuse('policy.rule', `${nameOf(exchange)} is refused: its body ${fault}.`);
}

/** What passed by which rule, for `explain`. */
function passedBy(exchange: Exchange, context: StepContext, body: ReadBody): string {
  const lists = listsFor(exchange, context);
  if (lists.length === 0) return 'no rules';
  const request = requestOf(exchange, body);
  return lists
    .map(({ rules, owner }) => {
      const judgement = judge(rules, request);
      if (judgement.verdict === 'needs-body') return `${owner}: goes by the body`;
      const { rule } = judgement;
      return rule === null
        ? `${owner}: no rule matches`
        : `rule ${rule.number} of ${owner}: ${rule.text}`;
    })
    .join('; ');
}

/** The rules of profile and client, on what the path says. What only the body names is left to `bodyRules`. */
export const rules: Step = {
  name: 'rules',
  check(exchange, context) {
    const { profile, caller, route } = exchange;
    if (route !== 'admin' || profile === null) return null;
    if (
      profile.rules.length === 0 &&
      (caller === null || context.data.clientRules(caller).length === 0)
    ) {
      return null;
    }
    const verdict = judgeAll(exchange, context, null);
    if (verdict !== 'needs-body') return verdict;
    exchange.rulesNeedBody = true;
    return null;
  },
  passedBy: (exchange, context) =>
    exchange.route === 'admin' ? passedBy(exchange, context, null) : 'not limited',
};

const TOO_LONG = `is longer than ${BUFFER_LIMIT} bytes`;

function judgeBody(exchange: Exchange, context: StepContext, body: RequestBody): Refusal | null {
  if (body.kind === 'stream') {
    // Let go of, so that the connection comes to its end.
    body.source.resume();
    return refuseUnread(exchange, context, TOO_LONG);
  }
  let read: { value: unknown } = { value: undefined };
  if (body.kind === 'whole') {
    const json = readJsonBody(exchange.lines, body.bytes);
    if ('fault' in json) return refuseUnread(exchange, context, json.fault);
    read = json;
  }
  exchange.judgedBody = read;
  const verdict = judgeAll(exchange, context, read);
  return verdict === 'needs-body' ? refuseUnread(exchange, context, 'could not be read') : verdict;
}

/** The same rules once more, for what only the body names. A body that nobody can be sure of is refused. */
export const bodyRules: Step = {
  name: 'body-rules',
  check(exchange, context) {
    if (!exchange.rulesNeedBody) return null;
    const { body } = exchange;
    if (body.kind === 'length' && body.bytes > BUFFER_LIMIT) {
      return refuseUnread(exchange, context, TOO_LONG);
    }
    const read = exchange.readBody();
    return read instanceof Promise
      ? read.then((late) => judgeBody(exchange, context, late))
      : judgeBody(exchange, context, read);
  },
  passedBy: (exchange, context) =>
    exchange.rulesNeedBody
      ? passedBy(exchange, context, exchange.judgedBody)
      : 'no rule goes by the body',
};

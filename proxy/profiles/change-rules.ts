import { type Document, isMap, isSeq, type YAMLSeq } from 'yaml';
import { type Rule, ruleText } from '../policy/rule.ts';
import { Problem, quoteForShell } from '../problem.ts';
import { configFile, type Paths } from '../runtime/paths.ts';
import { requireProfile } from './change-profiles.ts';
import { type Config, ruleRecord, updateConfig } from './config-file.ts';

/** Whose rules: a profile's or a client's, by name. */
export type RulesOwner = { of: 'profile' | 'client'; name: string };

/** `profile "prod"`, as messages have it. */
export function ownerText({ of, name }: RulesOwner): string {
  return `${of} "${name}"`;
}

/** The rules of a profile, which has to be there, or of a client, for whom rules may be laid before he is. */
export function rulesOf(config: Config, { of, name }: RulesOwner): readonly Rule[] {
  if (of === 'profile') return requireProfile(config.profiles, name, 'profile rule list').rules;
  return Object.hasOwn(config.clientRules, name) ? (config.clientRules[name] ?? []) : [];
}

/** Puts a rule in, at its number counted from 1; behind the last where that is greater. Gives the list as it is now. */
export async function addRule(
  paths: Paths,
  owner: RulesOwner,
  rule: Rule,
  number: number,
): Promise<readonly Rule[]> {
  const config = await updateConfig(paths, (before, document) => {
    const had = rulesOf(before, owner).length;
    const node = document.createNode(ruleRecord(rule));
    const conditions = node.get(rule.verdict, true);
    if (isMap(conditions)) conditions.flow = true;
    const list = listNode(paths, document, owner, had);
    if (list) list.items.splice(number - 1, 0, node);
    else putList(document, owner, document.createNode([node]));
  });
  return rulesOf(config, owner);
}

/** Takes a rule out by its number, counted from 1. Gives the one that went; throws a Problem where there is none. */
export async function removeRule(paths: Paths, owner: RulesOwner, number: number): Promise<Rule> {
  let removed: Rule | undefined;
  await updateConfig(paths, (before, document) => {
    const rules = rulesOf(before, owner);
    removed = rules[number - 1];
    if (removed === undefined)
      throw new Problem(
        rules.length === 0
          ? `There are no rules of ${ownerText(owner)}.`
          : `There is no rule ${number} of ${ownerText(owner)}; its last is ${rules.length}: ${ruleText(rules[rules.length - 1] as Rule)}.`,
        `tokenleash profile rule list --${owner.of} ${owner.name}`,
      );
    const list = listNode(paths, document, owner, rules.length);
    if (rules.length > 1) list?.items.splice(number - 1, 1);
    else document.deleteIn(owner.of === 'client' ? ['clients', owner.name] : pathOf(owner));
  });
  return removed as Rule;
}

function pathOf({ of, name }: RulesOwner): string[] {
  return [`${of}s`, name, 'rules'];
}

/** The list as it stands in the file; null where there is none yet. */
function listNode(
  paths: Paths,
  document: Document,
  owner: RulesOwner,
  had: number,
): YAMLSeq | null {
  const node = document.getIn(pathOf(owner), true);
  if (isSeq(node)) return node;
  if (had === 0) return null;
  const path = quoteForShell(configFile(paths));
  throw new Problem(
    `The rules of ${ownerText(owner)} stand elsewhere in config.yaml, by an alias; they were left as they are.`,
    `\${EDITOR:-vi} ${path}`,
  );
}

function putList(document: Document, owner: RulesOwner, list: unknown): void {
  const [group = '', name = ''] = pathOf(owner);
  if (!isMap(document.get(group, true))) document.set(group, document.createNode({}));
  if (!isMap(document.getIn([group, name], true)))
    document.setIn([group, name], document.createNode({}));
  document.setIn(pathOf(owner), list);
}

/** Takes the rules of clients that are gone: another client of the same name must not come to stand under them. */
export async function forgetClientRules(paths: Paths, clients: readonly string[]): Promise<void> {
  if (clients.length === 0) return;
  await updateConfig(paths, ({ clientRules }, document) => {
    // Where nobody has rules there is nothing to look into, and looking throws.
    for (const client of clients)
      if (Object.hasOwn(clientRules, client)) document.deleteIn(['clients', client]);
  });
}

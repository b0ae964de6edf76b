import { ruleText } from '../policy/rule.ts';
import { EXIT } from '../problem.ts';
import { ownerText, rulesOf } from '../profiles/change-rules.ts';
import { readConfig } from '../profiles/config-file.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION, tell } from './command.ts';
import { OWNER_OPTIONS, type OwnerOptions, ownerOf } from './rules-owner.ts';
import { table } from './table.ts';

type RuleListOptions = OwnerOptions & { json: boolean | undefined };

export const command: Command<RuleListOptions> = {
  options: [...OWNER_OPTIONS, JSON_OPTION],
  help: 'The first rule that matches decides; where none does, the request passes.',
  run,
};

async function run(options: RuleListOptions, io: Io): Promise<number> {
  const config = await readConfig(io.paths);
  const owner = await ownerOf(options, config, io);
  const rules = rulesOf(config, owner);
  if (options.json) {
    const numbered = rules.map((rule, at) => ({ number: at + 1, ...rule }));
    answerJson(io, { [owner.of]: owner.name, rules: numbered });
    return EXIT.ok;
  }
  if (rules.length === 0) {
    tell(io, `There are no rules of ${ownerText(owner)}: what access lets pass, passes.`);
    const whose = owner.of === 'client' ? ` --client ${owner.name}` : ` --profile ${owner.name}`;
    tell(io, `Type: tokenleash profile rule add deny --environment production${whose}`);
    return EXIT.ok;
  }
  const rows = rules.map((rule, at) => [String(at + 1), ruleText(rule)]);
  answer(io, table(['NUMBER', 'RULE'], rows));
  return EXIT.ok;
}

import { ruleText } from '../policy/rule.ts';
import { EXIT, Problem } from '../problem.ts';
import { ownerText, removeRule } from '../profiles/change-rules.ts';
import { readConfig } from '../profiles/config-file.ts';
import { reloadRunning } from '../runtime/control-client.ts';
import { answer, type Command, type Io } from './command.ts';
import { parseNumber } from './profile-rule-add.ts';
import { OWNER_OPTIONS, type OwnerOptions, ownerOf } from './rules-owner.ts';

type RuleRemoveOptions = OwnerOptions & { number: string };

export const command: Command<RuleRemoveOptions> = {
  arguments: [{ name: 'number', description: 'as profile rule list has it', required: true }],
  options: OWNER_OPTIONS,
  run,
};

async function run(options: RuleRemoveOptions, io: Io): Promise<number> {
  const number = numberOf(options.number);
  const owner = await ownerOf(options, await readConfig(io.paths), io);
  const removed = await removeRule(io.paths, owner, number);
  await reloadRunning(io.paths);
  answer(io, `Removed from ${ownerText(owner)}: ${ruleText(removed)}`);
  return EXIT.ok;
}

function numberOf(typed: string): number {
  try {
    return parseNumber(typed);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new Problem(`What to remove ${reason}.`, 'tokenleash profile rule list', EXIT.usage);
  }
}

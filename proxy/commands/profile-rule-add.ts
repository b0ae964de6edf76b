import { globFault } from '../policy/known-words.ts';
import {
  RULE_ACCESS,
  RULE_SUBJECTS,
  type Rule,
  type RuleSubject,
  ruleText,
} from '../policy/rule.ts';
import { EXIT, Problem } from '../problem.ts';
import { addRule, ownerText } from '../profiles/change-rules.ts';
import { readConfig } from '../profiles/config-file.ts';
import { shownName } from '../profiles/name.ts';
import { reloadRunning } from '../runtime/control-client.ts';
import { answer, type Command, type Io, type Option, tell } from './command.ts';
import { OWNER_OPTIONS, type OwnerOptions, ownerOf } from './rules-owner.ts';

type RuleAddOptions = OwnerOptions &
  Partial<Record<RuleSubject, readonly string[]>> & { verdict: string; at: number | undefined };

const SUBJECTS: Record<RuleSubject, string> = {
  access: 'what the operation does: read, write or mint',
  operation: 'id of the operation, as explain and the log say it',
  tag: 'group of operations in Unleash’s API documentation',
  project: 'project id',
  environment: 'environment',
  flag: 'name of the flag',
};

function subjectOption(subject: RuleSubject): Option {
  return {
    flags: `--${subject} <globs>`,
    description: SUBJECTS[subject],
    parse: (text) => parseGlobs(subject, text),
    flagOnly: true,
    ...(subject === 'access' ? { values: [...RULE_ACCESS] } : {}),
  };
}

export const command: Command<RuleAddOptions> = {
  arguments: [
    { name: 'verdict', description: 'deny or allow', required: true, values: ['deny', 'allow'] },
  ],
  options: [
    ...RULE_SUBJECTS.map(subjectOption),
    {
      flags: '--at <number>',
      description: 'its place, 1 for the first (default: the last)',
      parse: parseNumber,
      flagOnly: true,
    },
    ...OWNER_OPTIONS,
  ],
  help: `A rule matches when each subject that it names matches; one that names none matches every request.
The first rule that matches decides. Globs have * and ?; several are separated by commas:
  tokenleash profile rule add deny --access write --environment 'prod*'`,
  run,
};

function parseGlobs(subject: RuleSubject, text: string): string[] {
  const globs = text.split(',').map((glob) => glob.trim());
  if (globs.some((glob) => glob === '')) throw new Error('has to be globs separated by commas');
  for (const glob of globs) {
    const fault = globFault(subject, glob);
    if (fault !== null) throw new Error(`would never match: ${fault}`);
  }
  return globs;
}

/** The number of a rule, counted from 1. */
export function parseNumber(text: string): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (number === 0) throw new Error('has to be the number of a rule: 1 or more');
  return number;
}

async function run(options: RuleAddOptions, io: Io): Promise<number> {
  const { verdict } = options;
  if (verdict !== 'deny' && verdict !== 'allow')
    throw new Problem(
      `A rule is deny or allow, not "${shownName(verdict)}".`,
      'tokenleash profile rule add deny --environment production',
      EXIT.usage,
    );
  const owner = await ownerOf(options, await readConfig(io.paths), io);
  const rule: Rule = { verdict };
  for (const subject of RULE_SUBJECTS) {
    const globs = options[subject];
    if (globs !== undefined) rule[subject] = globs;
  }
  const rules = await addRule(io.paths, owner, rule, options.at ?? Number.MAX_SAFE_INTEGER);
  await reloadRunning(io.paths);
  const number = Math.min(options.at ?? rules.length, rules.length);
  answer(io, `Rule ${number} of ${ownerText(owner)}: ${ruleText(rule)}`);
  const before = rules.slice(0, number - 1).findIndex(isEverything);
  if (before >= 0)
    tell(io, `Note: it is never asked; rule ${before + 1} decides every request before it.`);
  return EXIT.ok;
}

function isEverything(rule: Rule): boolean {
  return RULE_SUBJECTS.every((subject) => rule[subject] === undefined);
}

import { exitCodeOf } from '../errors.ts';
import { EXIT } from '../problem.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION } from './command.ts';
import {
  type AskedRequest,
  explainAsked,
  REQUEST_ARGUMENTS,
  REQUEST_OPTIONS,
} from './explained.ts';

type RuleTestOptions = AskedRequest & { json: boolean | undefined };

export const command: Command<RuleTestOptions> = {
  arguments: REQUEST_ARGUMENTS,
  options: [...REQUEST_OPTIONS, JSON_OPTION],
  help: 'Exit code 0 when the request would be sent, 5 when policy refuses it. Nothing is sent, and no proxy needs to run.',
  run,
};

/** The steps that a rule, an access or the mint guard speaks in. */
const POLICY = new Set(['mint', 'access', 'rules', 'body-rules']);

async function run({ json, ...asked }: RuleTestOptions, io: Io): Promise<number> {
  const { operation, steps, verdict, code, status } = await explainAsked(asked, io);
  const exit = code === null ? EXIT.ok : exitCodeOf(code);
  if (json) {
    answerJson(io, { operation, steps, verdict, code, status });
    return exit;
  }
  const refused = steps.find((step) => step.verdict === 'refuse');
  if (refused) answer(io, `Refused: ${code}, ${refused.rule}`);
  else {
    const asked = steps.filter(({ step, verdict }) => POLICY.has(step) && verdict === 'pass');
    answer(io, ['Allowed:', ...asked.map(({ step, rule }) => `  ${step}: ${rule}`)].join('\n'));
  }
  return exit;
}

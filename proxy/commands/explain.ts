import { EXIT, Problem } from '../problem.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION } from './command.ts';
import { explainRequestById, isRequestId } from './explain-request.ts';
import {
  type AskedRequest,
  explainAsked,
  REQUEST_ARGUMENTS,
  REQUEST_OPTIONS,
} from './explained.ts';
import { table } from './table.ts';

type ExplainOptions = Omit<AskedRequest, 'path'> & {
  path: string | undefined;
  json: boolean | undefined;
};

export const command: Command<ExplainOptions> = {
  arguments: REQUEST_ARGUMENTS.map((argument) => ({
    ...argument,
    ...(argument.name === 'method'
      ? { description: 'GET, POST, …; or alone the id of a request that was refused' }
      : { required: false }),
  })),
  options: [...REQUEST_OPTIONS, JSON_OPTION],
  help: `Nothing is sent, and no proxy needs to run. The id of a refused request stands in its answer and in
\`tokenleash log\`.
  tokenleash explain POST /api/admin/projects --client my-script`,
  run,
};

async function run({ json, path, ...asked }: ExplainOptions, io: Io): Promise<number> {
  if (path === undefined) {
    if (isRequestId(asked.method)) return await explainRequestById(asked.method, json ?? false, io);
    throw new Problem(
      'The path is missing, and this is no id of a request.',
      'tokenleash explain GET /api/admin/projects',
      EXIT.usage,
    );
  }
  const { operation, steps, verdict, code, status } = await explainAsked({ ...asked, path }, io);
  if (json) {
    answerJson(io, { operation, steps, verdict, code, status });
    return EXIT.ok;
  }
  answer(io, `Operation: ${operation ?? 'none'}`);
  answer(
    io,
    table(
      ['STEP', 'VERDICT', 'RULE'],
      steps.map((each) => [each.step, each.verdict, each.rule]),
    ),
  );
  answer(io, code === null ? 'Allowed.' : `Refused: ${code}, status ${status}.`);
  return EXIT.ok;
}

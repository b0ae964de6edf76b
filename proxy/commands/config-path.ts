import { EXIT } from '../problem.ts';
import { configFile } from '../runtime/paths.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION } from './command.ts';

export const command: Command<{ json: boolean | undefined }> = {
  options: [JSON_OPTION],
  help: `The file need not be there yet.
  $EDITOR "$(tokenleash config path)"`,
  helpsWithBrokenConfig: true,
  run,
};

async function run({ json }: { json: boolean | undefined }, io: Io): Promise<number> {
  const path = configFile(io.paths);
  if (json) answerJson(io, { path });
  else answer(io, path);
  return EXIT.ok;
}

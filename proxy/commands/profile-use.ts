import { EXIT } from '../problem.ts';
import { chooseProfile } from '../profiles/change-profiles.ts';
import { reloadRunning } from '../runtime/control-client.ts';
import { answer, type Command, type Io } from './command.ts';

export const command: Command<{ name: string }> = {
  arguments: [{ name: 'name', description: 'the profile', required: true, values: 'profiles' }],
  run,
};

async function run({ name }: { name: string }, io: Io): Promise<number> {
  await chooseProfile(io.paths, name);
  await reloadRunning(io.paths);
  answer(io, `Profile "${name}" is the current one.`);
  return EXIT.ok;
}

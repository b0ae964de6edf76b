import { revokeClient } from '../clients/store.ts';
import { EXIT } from '../problem.ts';
import { reloadRunning } from '../runtime/control-client.ts';
import { answer, type Command, type Io } from './command.ts';

export const command: Command<{ name: string }> = {
  arguments: [{ name: 'name', description: 'the client', required: true, values: 'clients' }],
  run,
};

async function run({ name }: { name: string }, io: Io): Promise<number> {
  await revokeClient(io.paths.state, name);
  await reloadRunning(io.paths);
  answer(io, `The phantom token of "${name}" is worth nothing any more.`);
  return EXIT.ok;
}

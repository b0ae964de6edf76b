import { readClients } from '../clients/store.ts';
import { isExpired } from '../clients/table.ts';
import { EXIT } from '../problem.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION, tell } from './command.ts';
import { table } from './table.ts';

export const command: Command<{ json: boolean | undefined }> = {
  options: [JSON_OPTION],
  help: 'Programs of `tokenleash run` have a token that ends with them and are not listed.',
  run,
};

async function run({ json }: { json: boolean | undefined }, io: Io): Promise<number> {
  const clients = (await readClients(io.paths.state)).map((client) => ({
    name: client.name,
    profile: client.profile,
    access: client.access,
    mint: client.mint,
    createdAt: client.createdAt,
    expiresAt: client.expiresAt,
    expired: isExpired(client, io.now()),
  }));
  if (json) {
    answerJson(io, { clients });
    return EXIT.ok;
  }
  if (clients.length === 0) {
    tell(io, 'There is no client yet.');
    tell(io, 'Type: tokenleash client add NAME');
    return EXIT.ok;
  }
  const rows = clients.map((client) => [
    client.name,
    client.profile ?? '(current)',
    client.mint ? `${client.access}, mint` : client.access,
    client.expired ? 'expired' : (client.expiresAt ?? 'never'),
  ]);
  answer(io, table(['NAME', 'PROFILE', 'ACCESS', 'EXPIRES'], rows));
  return EXIT.ok;
}

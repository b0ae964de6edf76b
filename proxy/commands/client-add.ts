import { addClient } from '../clients/store.ts';
import { EXIT } from '../problem.ts';
import { requireProfile } from '../profiles/change-profiles.ts';
import { readConfig } from '../profiles/config-file.ts';
import type { Access } from '../profiles/profile.ts';
import { reloadRunning } from '../runtime/control-client.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION, tell } from './command.ts';
import { CLIENT_ACCESS_OPTION, PROFILE_OPTION, parseTtl } from './option-types.ts';

type ClientAddOptions = {
  name: string;
  profile: string | undefined;
  access: Access;
  mint: boolean;
  ttl: number | null;
  json: boolean | undefined;
};

export const command: Command<ClientAddOptions> = {
  arguments: [
    { name: 'name', description: 'what to call it, as the audit log will', required: true },
  ],
  options: [
    { ...PROFILE_OPTION, description: 'profile that it uses (default: whichever is current)' },
    CLIENT_ACCESS_OPTION,
    {
      flags: '--mint',
      description: 'it may also create and list tokens, users and the like',
      fallback: false,
      flagOnly: true,
    },
    {
      flags: '--ttl <time>',
      description: 'how long it is good for: 90s, 30m, 8h, 7d (default: for ever)',
      parse: parseTtl,
      fallback: null,
    },
    JSON_OPTION,
  ],
  help: 'The phantom token is printed once; only its hash is kept.',
  run,
};

async function run(options: ClientAddOptions, io: Io): Promise<number> {
  const { name, access, mint, ttl, json } = options;
  const profile = options.profile ?? null;
  if (profile !== null)
    requireProfile((await readConfig(io.paths)).profiles, profile, 'client add NAME --profile');
  const wanted = { name, profile, access, mint, ttlMs: ttl };
  const { client, token } = await addClient(io.paths.state, wanted, io.now());
  await reloadRunning(io.paths);
  const { expiresAt } = client;
  if (json) {
    answerJson(io, { name, profile, access, mint, expiresAt, token });
    return EXIT.ok;
  }
  answer(io, token);
  const until = expiresAt === null ? 'for ever' : `until ${expiresAt}`;
  tell(
    io,
    `This is the phantom token of "${name}" (${access}${mint ? ', may mint' : ''}, ${until}).`,
  );
  tell(io, 'It is shown once. Send it to the proxy as: Authorization');
  return EXIT.ok;
}

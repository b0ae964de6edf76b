import { EXIT, Problem, quoteForShell } from '../problem.ts';
import { requireProfile } from '../profiles/change-profiles.ts';
import { readConfig } from '../profiles/config-file.ts';
import { newTokenHint } from '../profiles/new-token.ts';
import { reloadRunning } from '../runtime/control-client.ts';
import { storeKeyOf } from '../secrets/open-stores.ts';
import { isKept } from '../secrets/secret-keeper.ts';
import { putPat } from '../secrets/stored-pat.ts';
import { requirePassphraseWay } from './ask-passphrase.ts';
import { answer, type Command, type Io } from './command.ts';
import { finishEarlierChanges } from './finish-changes.ts';
import { handToProxy, noMemory, requireMemory } from './hand-to-proxy.ts';
import { openStore } from './open-stores.ts';
import { placeWords } from './source-words.ts';
import { addressOf, tryToken } from './try-token.ts';
import { readTypedPat } from './typed-pat.ts';

export const command: Command<{ name: string }> = {
  arguments: [{ name: 'name', description: 'the profile', required: true, values: 'profiles' }],
  help: `The token is piped in, or pasted unseen where it is asked for. It is tried once; one that the server
refuses changes nothing. A running proxy uses it at once. The old one stays valid in Unleash until it is deleted there.`,
  run,
};

async function run({ name }: { name: string }, io: Io): Promise<number> {
  await finishEarlierChanges(io);
  const { profiles } = await readConfig(io.paths);
  const profile = requireProfile(profiles, name, 'profile login');
  const typed = `tokenleash profile login ${quoteForShell(name)}`;
  if (!isKept(profile.source))
    throw new Problem(
      `Profile "${name}" takes its token from ${placeWords(profile.source)}. ${newTokenHint(profile)}.`,
      `tokenleash profile move ${quoteForShell(name)} --to sealed-file   (to have it stored)`,
      EXIT.usage,
    );
  const key = storeKeyOf(profile);
  if (key === null) await requireMemory(io);
  if (key === 'attended') requirePassphraseWay(io, typed);

  const pat = await readTypedPat(io, typed);
  const { owner } = await tryToken(addressOf(profile), pat, profile, io, typed);
  const secret = { secret: pat, id: null, expiresAt: null, owner, origin: profile.url };
  if (key !== null) {
    const store = await openStore(io, key, typed);
    await putPat(store, name, secret, new Date(io.now()).toISOString());
  }
  const told = await handToProxy(name, secret, io);
  if (key === null && !told) throw noMemory();
  await reloadRunning(io.paths);
  const whose = owner === null ? '' : `, of ${owner}`;
  answer(io, `Profile "${name}" has a new token${whose}, in ${placeWords(profile.source)}.`);
  return EXIT.ok;
}

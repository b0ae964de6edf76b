import { EXIT } from '../problem.ts';
import { requireCurrent, requireProfile } from '../profiles/change-profiles.ts';
import { readConfig, sourceWord } from '../profiles/config-file.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION } from './command.ts';
import { finishEarlierChanges } from './finish-changes.ts';
import { profileStates } from './profile-states.ts';

type ProfileShowOptions = { name: string | undefined; json: boolean | undefined };

export const command: Command<ProfileShowOptions> = {
  arguments: [
    { name: 'name', description: 'default: the current one', required: false, values: 'profiles' },
  ],
  options: [JSON_OPTION],
  run,
};

async function run({ name, json }: ProfileShowOptions, io: Io): Promise<number> {
  await finishEarlierChanges(io);
  const config = await readConfig(io.paths);
  const profile =
    name === undefined ? requireCurrent(config) : requireProfile(config.profiles, name);
  const state = (await profileStates([profile], io)).get(profile.name);
  const shown = {
    name: profile.name,
    current: profile.name === config.current,
    url: profile.url,
    access: profile.access,
    source: sourceWord(profile.source),
    store: 'store' in profile.source ? profile.source.store : null,
    unattended: profile.unattended,
    ca: profile.ca,
    clientCertificate: profile.clientCertificate?.certificate ?? null,
    compression: profile.compression === 'identity' ? null : profile.compression,
    rules: profile.rules.length,
    state: state?.state ?? 'waiting-for-secret',
    owner: state?.owner ?? null,
    expiresAt: state?.expiresAt ?? null,
  };
  if (json) {
    answerJson(io, shown);
    return EXIT.ok;
  }
  const lines = Object.entries(shown)
    .filter(([, value]) => value !== null && value !== false && value !== 0)
    .map(
      ([word, value]) =>
        `${`${LABELS[word] ?? word}:`.padEnd(12)}${value === true ? 'yes' : value}`,
    );
  answer(io, lines.join('\n'));
  return EXIT.ok;
}

const LABELS: Record<string, string> = {
  url: 'URL',
  source: 'token from',
  ca: 'CA',
  clientCertificate: 'own cert',
  expiresAt: 'expires',
};

import { EXIT } from '../problem.ts';
import { readConfig, sourceWord } from '../profiles/config-file.ts';
import { answer, answerJson, type Command, type Io, JSON_OPTION, tell } from './command.ts';
import { finishEarlierChanges } from './finish-changes.ts';
import { profileStates } from './profile-states.ts';
import { table } from './table.ts';

export const command: Command<{ json: boolean | undefined }> = {
  options: [JSON_OPTION],
  run,
};

async function run({ json }: { json: boolean | undefined }, io: Io): Promise<number> {
  await finishEarlierChanges(io);
  const config = await readConfig(io.paths);
  const states = await profileStates(config.profiles, io);
  const profiles = config.profiles.map((profile) => ({
    name: profile.name,
    url: profile.url,
    access: profile.access,
    source: sourceWord(profile.source),
    state: states.get(profile.name)?.state ?? 'waiting-for-secret',
  }));
  const current = profiles.some(({ name }) => name === config.current) ? config.current : null;
  if (json) {
    answerJson(io, { current, profiles });
    return EXIT.ok;
  }
  if (profiles.length === 0) {
    tell(io, 'There is no profile yet.');
    tell(io, 'Type: tokenleash profile add NAME --url https://unleash.example.com');
    return EXIT.ok;
  }
  const rows = profiles.map(({ name, url, access, source, state }) => [
    name === current ? '*' : '',
    name,
    url,
    access,
    source,
    state,
  ]);
  answer(io, table(['', 'NAME', 'URL', 'ACCESS', 'TOKEN FROM', 'STATE'], rows));
  return EXIT.ok;
}

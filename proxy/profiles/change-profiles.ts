import { EXIT, Problem, quoteForShell } from '../problem.ts';
import type { Paths } from '../runtime/paths.ts';
import { type Config, profileRecord, updateConfig } from './config-file.ts';
import { isName, NAME_RULE, nearestName, shownName } from './name.ts';
import type { Profile } from './profile.ts';

/** Throws a usage Problem for a name that cannot be a profile's, a Problem for one that is taken. */
export function requireFreeName(config: Config, name: string): void {
  if (!isName(name))
    throw new Problem(
      `"${shownName(name)}" cannot be a profile's name: ${NAME_RULE}.`,
      'tokenleash profile add NAME --url URL',
      EXIT.usage,
    );
  if (config.profiles.some((profile) => profile.name === name))
    throw new Problem(
      `There is a profile "${name}" already; it was left as it is.`,
      `tokenleash profile remove ${name}`,
    );
}

/** The profile of this name; throws a Problem that offers the nearest one. */
export function requireProfile(
  profiles: readonly Profile[],
  name: string,
  command = 'profile show',
): Profile {
  const found = profiles.find((profile) => profile.name === name);
  if (found) return found;
  const known = profiles.map((profile) => profile.name);
  const near = nearestName(name, known);
  const meant = near === null ? '' : ` Did you mean "${near}"?`;
  const next =
    near !== null
      ? `tokenleash ${command} ${near}`
      : known.length > 0
        ? 'tokenleash profile list'
        : 'tokenleash profile add NAME --url URL';
  throw new Problem(`There is no profile "${shownName(name)}".${meant}`, next, EXIT.usage);
}

/** Adds a profile; the first one becomes the current one. */
export async function addProfile(paths: Paths, profile: Profile): Promise<Config> {
  return await updateConfig(paths, (config, document) => {
    requireFreeName(config, profile.name);
    document.setIn(['profiles', profile.name], document.createNode(profileRecord(profile)));
    const current = config.profiles.find(({ name }) => name === config.current);
    if (!current) document.set('current', profile.name);
  });
}

/** Makes a profile the current one. */
export async function chooseProfile(paths: Paths, name: string): Promise<Config> {
  return await updateConfig(paths, (config, document) => {
    requireProfile(config.profiles, name, 'profile use');
    document.set('current', name);
  });
}

/** Takes a profile out; where it was the current one and one other is left, that becomes it. */
export async function removeProfile(paths: Paths, name: string): Promise<Config> {
  return await updateConfig(paths, (config, document) => {
    requireProfile(config.profiles, name, 'profile remove');
    document.deleteIn(['profiles', name]);
    if (config.current !== name) return;
    const left = config.profiles.filter((profile) => profile.name !== name);
    document.set('current', left.length === 1 ? (left[0]?.name ?? null) : null);
  });
}

/** The profile that requests go to unless they say otherwise; throws a Problem where there is none. */
export function requireCurrent(config: Config): Profile {
  const current = config.profiles.find(({ name }) => name === config.current);
  if (current) return current;
  const first = config.profiles[0];
  throw first
    ? new Problem(
        'No profile is the current one.',
        `tokenleash profile use ${quoteForShell(first.name)}`,
      )
    : new Problem(
        'There is no profile yet.',
        'tokenleash profile add NAME --url https://unleash.example.com',
        EXIT.usage,
      );
}

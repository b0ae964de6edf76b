import { readClients } from '../clients/store.ts';
import { SOCKET_CALLER } from '../clients/table.ts';
import { EXIT, Problem } from '../problem.ts';
import { requireCurrent, requireProfile } from '../profiles/change-profiles.ts';
import type { RulesOwner } from '../profiles/change-rules.ts';
import type { Config } from '../profiles/config-file.ts';
import { isCallerName, isName, NAME_RULE, nearestName, shownName } from '../profiles/name.ts';
import type { Io, Option } from './command.ts';
import { PROFILE_OPTION } from './option-types.ts';

export type OwnerOptions = { profile: string | undefined; client: string | undefined };

/** Whose rules `profile rule …` is about. */
export const OWNER_OPTIONS: readonly Option[] = [
  PROFILE_OPTION,
  {
    flags: '--client <name>',
    description: 'the rules of this client, in place of a profile’s',
    parse: parseCaller,
    values: 'clients',
    flagOnly: true,
  },
];

function parseCaller(text: string): string {
  if (!isCallerName(text)) throw new Error(`has to be a name, socket or uid:NUMBER: ${NAME_RULE}`);
  return text;
}

/** The profile or client that is meant; throws a Problem that offers the nearest one. */
export async function ownerOf(
  { profile, client }: OwnerOptions,
  config: Config,
  io: Io,
): Promise<RulesOwner> {
  if (client === undefined) {
    const { name } =
      profile === undefined
        ? requireCurrent(config)
        : requireProfile(config.profiles, profile, 'profile rule list --profile');
    return { of: 'profile', name };
  }
  if (Object.hasOwn(config.clientRules, client) || !isName(client) || client === SOCKET_CALLER)
    return { of: 'client', name: client };
  const known = (await readClients(io.paths.state)).map(({ name }) => name);
  if (known.includes(client)) return { of: 'client', name: client };
  const near = nearestName(client, known);
  // With no name that is near, the rules are laid before the client is made.
  if (near === null) return { of: 'client', name: client };
  throw new Problem(
    `There is no client "${shownName(client)}". Did you mean "${near}"?`,
    `tokenleash profile rule list --client ${near}`,
    EXIT.usage,
  );
}

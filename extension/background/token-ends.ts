import { listApiTokens } from '../../shared/unleash/api-tokens.ts';
import type { AdminClient } from '../../shared/unleash/client.ts';
import { listPats } from '../../shared/unleash/pats.ts';
import type { Request, TokenEnd } from '../platform/messages.ts';
import { dayInWords } from './day-in-words.ts';

/**
 * When the tokens of a table in the admin UI end, by Unleash's own list of them. What is left out here does not reach the
 * page: secrets, and the keys by which a token is deleted.
 */
export async function readTokenEnds(
  client: AdminClient,
  { of, project }: Request<'page.tokenEnds'>,
): Promise<TokenEnd[] | null> {
  const inWords = dayInWords(new Date());
  if (of === 'personal-tokens') {
    const pats = await listPats(client);
    if (!pats.ok) return null;
    return pats.value.map(({ description, createdAt, expiresAt, never }) => ({
      name: description,
      kind: 'personal',
      projects: [],
      environment: null,
      createdAt,
      expiresAt: never ? null : expiresAt,
      day: never ? null : inWords(expiresAt),
    }));
  }
  const tokens = await listApiTokens(client, project ?? undefined);
  if (!tokens.ok) return null;
  return tokens.value.map(({ name, kind, projects, environment, createdAt, expiresAt }) => ({
    name,
    kind,
    projects,
    environment,
    createdAt,
    expiresAt,
    day: inWords(expiresAt),
  }));
}

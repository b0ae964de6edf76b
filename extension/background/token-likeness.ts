import { freeDescription } from '../../shared/unleash/pats.ts';
import type { CreateRequest, TokenRow } from '../platform/messages.ts';

const DAY_MS = 86_400_000;

/** For a token that does not tell how long it was meant to live. */
const DEFAULT_DAYS = 30;

/**
 * What to ask for to get another token like this one: for as long from now on as the old one was made for. API tokens
 * may share a name, PATs may not.
 */
export function likenessOf(
  row: Pick<TokenRow, 'kind' | 'name' | 'projects' | 'environment' | 'expiresAt' | 'createdAt'>,
  now: number,
  taken: readonly string[],
): CreateRequest {
  return {
    kind: row.kind,
    name: row.kind === 'personal' ? freeDescription(row.name, taken) : row.name,
    projects: [...row.projects],
    environment: row.environment ?? '',
    expiresAt: row.expiresAt === null ? null : sameLifetime(row.expiresAt, row.createdAt, now),
  };
}

function sameLifetime(expiresAt: string, createdAt: string | null, now: number): string {
  const lifetime = createdAt === null ? Number.NaN : Date.parse(expiresAt) - Date.parse(createdAt);
  const ms = lifetime > 0 ? lifetime : DEFAULT_DAYS * DAY_MS;
  return new Date(now + ms).toISOString();
}

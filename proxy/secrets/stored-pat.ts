import * as v from 'valibot';
import { EXIT, Problem, quoteForShell } from '../problem.ts';

import type { StoredSecret } from './secret.ts';
import type { EntryUse, SecretStore } from './secret-store.ts';

const patSchema = v.object({
  secret: v.string(),
  id: v.nullable(v.number()),
  expiresAt: v.nullable(v.string()),
  owner: v.nullable(v.string()),
});

const patUse = (profile: string, origin: string): EntryUse => ({ profile, origin, kind: 'pat' });

/** Stores a PAT for one profile and one base URL. */
export async function putPat(
  store: SecretStore,
  profile: string,
  pat: StoredSecret,
  createdAt: string,
): Promise<void> {
  const { secret, id, expiresAt, owner, origin } = pat;
  const note = { createdAt, expiresAt, patId: id === null ? null : String(id) };
  await store.put(patUse(profile, origin), note, JSON.stringify({ secret, id, expiresAt, owner }));
}

/** The PAT of a profile for this base URL, or null where none is stored for both. */
export async function getPat(
  store: SecretStore,
  profile: string,
  origin: string,
): Promise<StoredSecret | null> {
  const text = await store.get(patUse(profile, origin));
  if (text === null) return null;
  const read = v.safeParse(patSchema, JSON.parse(text));
  if (!read.success)
    throw new Problem(
      `The stored entry of profile "${profile}" does not hold a token.`,
      `tokenleash profile remove ${quoteForShell(profile)}`,
      EXIT.credential,
    );
  return { ...read.output, origin };
}

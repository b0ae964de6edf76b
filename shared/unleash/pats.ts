import * as v from 'valibot';
import { isNever, neverAsDate } from '../token/expiry.ts';
import { type AdminClient, clientFacts } from './client.ts';
import { type Failed, failed, type Result } from './errors.ts';

/** Unleash allows a user this many PATs; expired ones count until they are deleted (4.17 to 8.2.0). */
export const PAT_LIMIT = 10;

/** A personal access token as the server lists it, without its secret, which it never tells again. */
export type Pat = {
  id: number;
  description: string;
  /** ISO date-time; a thousand years ahead for never. */
  expiresAt: string;
  never: boolean;
  createdAt: string | null;
  seenAt: string | null;
};

export type CreatedPat = Pat & { secret: string };

export type NewPat = {
  description: string;
  /** ISO date-time, or null for never. */
  expiresAt: string | null;
};

const text = v.optional(v.nullable(v.string()));

const fields = {
  id: v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))]),
  description: v.string(),
  expiresAt: v.string(),
  createdAt: text,
  seenAt: text,
};

const List = v.object({ pats: v.array(v.object(fields)) });
const Created = v.object({ ...fields, secret: v.pipe(v.string(), v.startsWith('user:')) });

const PATH = '/api/admin/user/tokens';

function patOf(entry: Omit<v.InferOutput<typeof Created>, 'secret'>, now: Date): Pat {
  const { id, description, expiresAt } = entry;
  return {
    id,
    description,
    expiresAt,
    never: isNever(expiresAt, now),
    createdAt: entry.createdAt ?? null,
    seenAt: entry.seenAt ?? null,
  };
}

/** The caller's own PATs, expired ones too. */
export async function listPats(client: AdminClient): Promise<Result<Pat[]>> {
  const answer = await client.call({ method: 'GET', path: PATH, answer: List, topic: 'pat' });
  if (!answer.ok) return answer;
  return { ok: true, value: answer.value.pats.map((entry) => patOf(entry, client.now())) };
}

/**
 * Makes a PAT for the caller. A description that is taken ends in `pat.description-exists` with a free one suggested,
 * the eleventh in `pat.limit`.
 */
export async function createPat(client: AdminClient, wanted: NewPat): Promise<Result<CreatedPat>> {
  const facts = clientFacts(client);
  if (wanted.description.trim() === '') return failed('pat.description-empty', facts);
  const now = client.now();
  const expiresAt = wanted.expiresAt ?? neverAsDate(now);
  const end = Date.parse(expiresAt);
  if (Number.isNaN(end) || expiresAt.startsWith('+')) return failed('expiry.form', facts);
  if (end <= now.getTime()) return failed('expiry.past', facts);

  const answer = await client.call({
    method: 'POST',
    path: PATH,
    body: { description: wanted.description, expiresAt },
    answer: Created,
    topic: 'pat',
    creates: true,
  });
  if (answer.ok) {
    return { ok: true, value: { ...patOf(answer.value, now), secret: answer.value.secret } };
  }
  if (answer.error.code !== 'pat.description-exists') return answer;
  return withSuggestion(client, answer, wanted.description);
}

async function withSuggestion(
  client: AdminClient,
  answer: Failed,
  description: string,
): Promise<Failed> {
  const existing = await listPats(client);
  if (!existing.ok) return answer;
  const suggestion = freeDescription(
    description,
    existing.value.map((pat) => pat.description),
  );
  return failed('pat.description-exists', { ...clientFacts(client), status: 409, suggestion });
}

/** A description like the one wanted that is not taken: itself, or with the next free number at its end. */
export function freeDescription(wanted: string, taken: readonly string[]): string {
  const all = new Set(taken);
  if (!all.has(wanted)) return wanted;
  // "ci-2" becomes "ci-3" when "ci" is there too; "terraform-2026-11" is a date, not the eleventh of its kind.
  const numbered = /^(.+)-(\d{1,3})$/s.exec(wanted);
  const stem = numbered?.[1] !== undefined && all.has(numbered[1]) ? numbered[1] : wanted;
  let number = 2;
  while (all.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}

/** Deletes one of the caller's PATs; it stops working at once. An id that is gone already is no failure. */
export async function deletePat(client: AdminClient, id: number): Promise<Result<null>> {
  const answer = await client.call({
    method: 'DELETE',
    path: `${PATH}/${id}`,
    answer: v.unknown(),
    topic: 'pat',
  });
  // 5.6 to 7.6 answer 404 for an id that is not there, 4.19.5 and 8.2 answer 200: the same state either way.
  if (answer.ok || answer.error.code === 'server.not-found') return { ok: true, value: null };
  return answer;
}

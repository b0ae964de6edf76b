import { maskToken, parseToken } from '../../shared/token/grammar.ts';
import type { CreatedToken, Instance } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type { BackgroundParts } from './background-parts.ts';
import { patNotKnown } from './failure.ts';
import { KEPT_MS, type KeptToken } from './just-created.ts';

/** How long a person may think before the dialog that shows a PAT once, in ms; the two clocks may differ within it. */
const LATELY_MS = 10 * 60_000;

/** So that a page cannot fill the session's memory; nobody copies as many tokens in 5 minutes. */
const KEPT_LIMIT = 20;

/** A dialog's heading is a sentence; a page could send a book. */
const NAME_LIMIT = 100;

export type PageSecret = { secret: string; heading: string };

/**
 * Puts a secret from a dialog of Unleash's under "Just created", so that it is not lost with its tab. Gives its id there,
 * the same for the same secret. A PAT gets its own name, id and expiry from Unleash's list a moment later; the copy does
 * not wait for that.
 */
export async function keepPageSecret(
  parts: BackgroundParts,
  instance: Instance,
  { secret, heading }: PageSecret,
): Promise<string | null> {
  const { created } = parts;
  const before = await created.findSecret(secret);
  if (before !== null) return before.token.id;
  if ((await created.list(instance.id)).length >= KEPT_LIMIT) return null;
  const kept = keptToken(parts, instance, { secret, heading });
  await created.add(kept);
  if (kept.token.kind === 'personal') void addDetails(parts, instance, kept.token.id);
  return kept.token.id;
}

function keptToken(
  { now, randomId }: Pick<BackgroundParts, 'now' | 'randomId'>,
  instance: Instance,
  { secret, heading }: PageSecret,
): KeptToken {
  const token = parseToken(secret);
  const createdAt = now();
  return {
    token: {
      id: randomId(),
      instanceId: instance.id,
      kind: kindOf(token),
      name: heading.trim().slice(0, NAME_LIMIT) || say('token'),
      projects: token?.kind === 'api' && token.scope.of === 'project' ? [token.scope.project] : [],
      environment: token?.kind === 'api' ? token.environment : null,
      expiresAt: null,
      owner: null,
      masked: maskToken(secret),
      shownOnce: true,
      keptUntil: createdAt + KEPT_MS,
      createdAt,
      sentTo: null,
    },
    secret,
    pat: null,
  };
}

/** A frontend token looks like a backend one; only Unleash knows. */
function kindOf(token: ReturnType<typeof parseToken>): CreatedToken['kind'] {
  if (token?.kind === 'personal' || token?.kind === 'admin') return token.kind;
  return 'backend';
}

/**
 * The PAT of Unleash's list that a secret on screen must be. Nothing in a secret says which entry it is: the newest, and
 * only if it was made lately.
 */
export async function patOnScreen(
  { unleash, now }: Pick<BackgroundParts, 'unleash' | 'now'>,
  instance: Instance,
): Promise<Awaited<ReturnType<BackgroundParts['unleash']['newestPat']>>> {
  const newest = await unleash.newestPat(instance);
  if (!newest.ok) return newest;
  const madeAt = newest.pat.createdAt === null ? Number.NaN : Date.parse(newest.pat.createdAt);
  return Math.abs(now() - madeAt) <= LATELY_MS ? newest : patNotKnown();
}

async function addDetails(parts: BackgroundParts, instance: Instance, id: string): Promise<void> {
  const found = await patOnScreen(parts, instance).catch(() => null);
  if (!found?.ok) return;
  const { pat, owner } = found;
  await parts.created.describe(id, {
    name: pat.description,
    expiresAt: pat.never ? null : pat.expiresAt,
    owner,
    pat: { id: pat.id, expiresAt: pat.expiresAt },
  });
}

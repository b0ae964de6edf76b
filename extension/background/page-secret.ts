import { isNever } from '../../shared/token/expiry.ts';
import { maskToken, parseToken } from '../../shared/token/grammar.ts';
import type { CreatedToken, Instance } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type { TabSession } from '../platform/tab-session.ts';
import type { BackgroundParts } from './background-parts.ts';
import { type Details, KEPT_MS, type KeptToken } from './just-created.ts';

/** So that a page cannot fill the session's memory; nobody copies as many tokens in 5 minutes. */
const KEPT_LIMIT = 20;

/** A dialog's heading is a sentence; a page could send a book. */
const NAME_LIMIT = 100;

/** `session`: whose cookies its page has. */
export type PageSecret = { secret: string; heading: string; session: TabSession };

/**
 * Puts a secret from a dialog of Unleash's under "Just created", so that it is not lost with its tab. Gives its id there,
 * the same for the same secret. It gets its own name, expiry and what its secret does not say from Unleash's list a moment
 * later; the copy does not wait for that. Of a page with other cookies than ours the list says nothing; and what is private stays in its window.
 */
export async function keepPageSecret(
  parts: BackgroundParts,
  instance: Instance,
  { secret, heading, session }: PageSecret,
): Promise<string | null> {
  if (session === 'private') return null;
  const { created } = parts;
  const before = await created.findSecret(secret);
  if (before !== null) return before.token.id;
  if ((await created.list(instance.id)).length >= KEPT_LIMIT) return null;
  const kept = keptToken(parts, instance, { secret, heading });
  await created.add(kept);
  if (session === 'normal') void parts.awake(addDetails(parts, instance, kept.token.id, secret));
  return kept.token.id;
}

function keptToken(
  { now, randomId }: Pick<BackgroundParts, 'now' | 'randomId'>,
  instance: Instance,
  { secret, heading }: Pick<PageSecret, 'secret' | 'heading'>,
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

/** A frontend token looks like a backend one; only Unleash's list knows. */
function kindOf(token: ReturnType<typeof parseToken>): CreatedToken['kind'] {
  if (token?.kind === 'personal' || token?.kind === 'admin') return token.kind;
  return 'backend';
}

async function addDetails(
  parts: BackgroundParts,
  instance: Instance,
  id: string,
  secret: string,
): Promise<void> {
  const details = await detailsOf(parts, instance, secret).catch(() => null);
  if (details !== null) await parts.created.describe(id, details);
}

async function detailsOf(
  parts: BackgroundParts,
  instance: Instance,
  secret: string,
): Promise<Details | null> {
  if (parseToken(secret)?.kind !== 'personal') {
    const token = await parts.unleash.apiToken(instance, secret);
    if (token === null) return null;
    const { kind, name, projects, environment, expiresAt } = token;
    const end = isNever(expiresAt, new Date(parts.now())) ? null : expiresAt;
    return { kind, name, projects, environment, expiresAt: end, pat: null };
  }
  const found = await parts.shownPats.find(instance, secret);
  if (!found.ok) return null;
  const { pat, owner } = found;
  return {
    name: pat.description,
    expiresAt: pat.never ? null : pat.expiresAt,
    owner,
    pat: { id: pat.id, expiresAt: pat.expiresAt },
  };
}

import { maskToken, parseToken } from '../../shared/token/grammar.ts';
import type { CopyState, CreateRequest, Instance } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type { BackgroundParts } from './background-parts.ts';
import { gone, noAccess, patNotKnown } from './failure.ts';
import { KEPT_MS, type KeptToken } from './just-created.ts';
import type { Handlers } from './message-router.ts';
import { handOverPat } from './proxy-exchange.ts';
import type { MadeToken } from './unleash-link.ts';

type TokenMessage =
  | 'token.create'
  | 'created.list'
  | 'created.secret'
  | 'created.copy'
  | 'created.dismiss'
  | 'created.sendToProxy';

/** Making tokens, and what can be done with one while its secret is kept. */
export function tokenHandlers(parts: BackgroundParts): Pick<Handlers, TokenMessage> {
  const { instances, unleash, clipboard, created, proxy, recipes } = parts;

  /** The clipboard's refusal must not look like Unleash's: the token exists, and is kept. */
  async function tryToCopy(
    secret: string,
    id: string,
  ): Promise<{ copy: CopyState | null; copyError: string | null }> {
    try {
      return { copy: await clipboard.copy(secret, id), copyError: null };
    } catch {
      return { copy: null, copyError: copyRefused() };
    }
  }

  return {
    async 'token.create'({ instanceId, token, recipeId }) {
      const instance = await instances.find(instanceId);
      if (instance === null) return noAccess(instanceId);
      if (!(await instances.mayReach(instance))) return noAccess(instance.name);
      const answer = await unleash.create(instance, token);
      if (!answer.ok) return answer;
      const kept = keptToken(parts, instance, token, answer.made);
      const isKept = await created.add(kept);
      if (recipeId !== undefined) await recipes.used(recipeId);
      const copied = await tryToCopy(answer.made.secret, kept.token.id);
      return {
        ok: true,
        created: kept.token,
        ...copied,
        ...(isKept ? {} : { notKept: true }),
      };
    },

    'created.list': async ({ instanceId }) => ({
      created: await created.list(instanceId),
      copy: await clipboard.state(),
    }),

    async 'created.secret'({ id }) {
      const secret = (await created.find(id))?.secret;
      return secret ? { ok: true, secret } : gone();
    },

    async 'created.copy'({ id }) {
      const secret = (await created.find(id))?.secret;
      if (!secret) return gone();
      const { copy } = await tryToCopy(secret, id);
      if (copy !== null) return { ok: true, copy };
      return {
        ok: false,
        code: 'clipboard.refused',
        title: say('token_not_copied'),
        message: copyRefused(),
      };
    },

    async 'created.dismiss'({ id }) {
      await created.dismiss(id);
      return { ok: true };
    },

    async 'created.sendToProxy'({ id, createProfile }) {
      const kept = await created.find(id);
      if (kept === null || kept.secret === null) return gone();
      if (kept.pat === null) return patNotKnown();
      const answer = await handOverPat(proxy, {
        secret: kept.secret,
        id: kept.pat.id,
        expiresAt: kept.pat.expiresAt,
        owner: kept.token.owner ?? '',
        origin: kept.token.instanceId,
        ...(createProfile === undefined ? {} : { createProfile }),
      });
      if (!answer.ok) return answer;
      await clipboard.clearIfHolding(kept.secret);
      await created.sent(id, answer.profile);
      return answer;
    },
  };
}

export const copyRefused = () => say('write_refused_again');

/** A new token as it is kept under "Just created". */
export function keptToken(
  { now, randomId }: Pick<BackgroundParts, 'now' | 'randomId'>,
  instance: Instance,
  { kind }: Pick<CreateRequest, 'kind'>,
  made: MadeToken,
): KeptToken {
  const createdAt = now();
  const { secret, name, projects, environment, expiresAt, owner, pat } = made;
  const token = parseToken(secret);
  const isSecure = token !== null && 'storage' in token && token.storage === 'secure';
  return {
    token: {
      id: randomId(),
      instanceId: instance.id,
      kind,
      name,
      projects,
      environment,
      expiresAt,
      owner,
      masked: maskToken(secret),
      shownOnce: made.shownOnce || isSecure,
      keptUntil: createdAt + KEPT_MS,
      createdAt,
      sentTo: null,
    },
    secret,
    pat,
  };
}

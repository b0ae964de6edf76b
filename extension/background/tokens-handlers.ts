import type { Failure, Grace, Instance, TokenList, TokensView } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type { BackgroundParts } from './background-parts.ts';
import { copyAs } from './copy-as.ts';
import { tokenGone as gone, noAccess } from './failure.ts';
import type { Handlers, KnownSender } from './message-router.ts';
import { shownRow } from './revocations.ts';
import { tokenHandlers } from './token-handlers.ts';
import { likenessOf } from './token-likeness.ts';
import type { KnownToken, ReadList } from './token-list.ts';

type TokensMessage = Extract<keyof Handlers, `tokens.${string}`>;

const HOUR_MS = 3_600_000;

/** In ms. */
const GRACES: Record<Exclude<Grace, 'now'>, number> = {
  '1h': HOUR_MS,
  '1d': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
};

const viewKey = (instanceId: string) => `tokens-view:${instanceId}`;

/** The tokens that are there: what the Tokens tab shows and does. No answer of these holds a key or a secret. */
export function tokensHandlers(parts: BackgroundParts): Pick<Handlers, TokensMessage> {
  const { session, instances, tokenList, revocations, clipboard } = parts;

  async function reached(instanceId: string): Promise<{ ok: true; instance: Instance } | Failure> {
    const instance = await instances.find(instanceId);
    if (instance === null) return noAccess(instanceId);
    if (!(await instances.mayReach(instance))) return noAccess(instance.name);
    return { ok: true, instance };
  }

  async function shown(instanceId: string, list: ReadList): Promise<TokenList> {
    const { endsAt } = await revocations.state(instanceId);
    return { ...list, tokens: list.tokens.map((token) => shownRow(token, endsAt)) };
  }

  async function freshList(instance: Instance): Promise<{ ok: true; list: ReadList } | Failure> {
    const answer = await tokenList.read(instance);
    // Not awaited: a server that takes its time over an old matter must not hold up the list.
    if (answer.ok) void revocations.retry(instance.id);
    return answer;
  }

  return {
    async 'tokens.open'({ instanceId }) {
      const { revoking, troubles } = await revocations.state(instanceId);
      const view = ((await session.read(viewKey(instanceId))) as TokensView | undefined) ?? null;
      const list = await tokenList.kept(instanceId);
      return { view, list: list && (await shown(instanceId, list)), revoking, troubles };
    },

    async 'tokens.list'({ instanceId }) {
      const way = await reached(instanceId);
      if (!way.ok) return way;
      const answer = await freshList(way.instance);
      return answer.ok ? { ok: true, list: await shown(instanceId, answer.list) } : answer;
    },

    async 'tokens.writeView'({ instanceId, view }) {
      await session.write(viewKey(instanceId), view);
      return { ok: true };
    },

    async 'tokens.copy'({ instanceId, id }) {
      const way = await reached(instanceId);
      if (!way.ok) return way;
      const token = await tokenList.find(instanceId, id);
      if (token === null) return gone();
      if (!token.row.may.copy) return notTold();
      const secret = await tokenList.key(way.instance, token);
      if (!secret.ok) return secret;
      try {
        return { ok: true, copy: await clipboard.copy(secret.key, null) };
      } catch {
        return copyRefused();
      }
    },

    async 'tokens.copyAs'({ instanceId, id, format }) {
      const way = await reached(instanceId);
      if (!way.ok) return way;
      const token = await tokenList.find(instanceId, id);
      if (token === null) return gone();
      const { kind, name, may } = token.row;
      if (!may.copy) return notTold();
      const secret = await tokenList.key(way.instance, token);
      if (!secret.ok) return secret;
      return copyAs(parts, secret.key, { kind, baseUrl: instanceId, name }, format);
    },

    async 'tokens.extend'({ instanceId, id, expiresAt }) {
      const way = await reached(instanceId);
      if (!way.ok) return way;
      const token = await tokenList.find(instanceId, id);
      if (token === null) return gone();
      const answer = await tokenList.extend(way.instance, token, expiresAt);
      // 4.19.5 says so; later versions answer a token that is gone as if it were there.
      if (!answer.ok && answer.code === 'server.not-found') return gone();
      if (!answer.ok) return answer;
      const list = await freshList(way.instance);
      if (!list.ok) return list;
      if (!list.list.tokens.some(({ row }) => row.id === id)) return gone();
      return { ok: true, list: await shown(instanceId, list.list) };
    },

    async 'tokens.replace'({ instanceId, id, grace }, sender) {
      const old = await tokenList.find(instanceId, id);
      if (old === null) return gone();
      const taken = ((await tokenList.kept(instanceId))?.tokens ?? []).map(({ row }) => row.name);
      const token = likenessOf(old.row, parts.now(), taken);
      const made = await createAs(sender, instanceId, token);
      if (!made.ok) return made;
      const { created, copy, copyError } = made;
      const alike = sameScope(created, old);
      const oldKept = alike ? await endOld(instanceId, old, grace) : say('old_stays_scope');
      const { revoking } = await revocations.state(instanceId);
      return { ok: true, created, copy, copyError, oldKept, revoking };
    },

    async 'tokens.revoke'({ instanceId, ids }) {
      const found = await Promise.all(ids.map((id) => tokenList.find(instanceId, id)));
      const tokens = found.filter((token) => token !== null);
      if (tokens.length === 0) return gone();
      try {
        return { ok: true, revoking: await revocations.revoke(instanceId, tokens) };
      } catch {
        return notKept();
      }
    },

    'tokens.undo': async ({ instanceId }) => ({ undone: await revocations.undo(instanceId) }),

    async 'tokens.keep'({ instanceId, id }) {
      const token = await tokenList.find(instanceId, id);
      if (token !== null) await revocations.keep(instanceId, token);
      return { ok: true };
    },

    async 'tokens.revoking'({ instanceId }) {
      const { revoking, troubles } = await revocations.state(instanceId);
      return { revoking, troubles };
    },

    async 'tokens.dismissTrouble'({ id }) {
      await revocations.dismissTrouble(id);
      return { ok: true };
    },
  };

  function createAs(sender: KnownSender, instanceId: string, token: ReturnType<typeof likenessOf>) {
    return tokenHandlers(parts)['token.create']({ instanceId, token }, sender);
  }

  /** Null, or why the old token stays. By now the new one is there: no error may hide that. */
  async function endOld(instanceId: string, old: KnownToken, grace: Grace): Promise<string | null> {
    try {
      if (grace === 'now') await revocations.revoke(instanceId, [old]);
      else await revocations.endAt(instanceId, old, parts.now() + GRACES[grace]);
      return null;
    } catch {
      return say('old_stays_store');
    }
  }
}

/** Whether the server made what was asked for: a project that is gone leaves less than the old token had. */
function sameScope(
  created: { projects: string[]; environment: string | null },
  { row }: KnownToken,
): boolean {
  const sorted = (projects: readonly string[]) => [...projects].sort().join('\n');
  return (
    sorted(created.projects) === sorted(row.projects) && created.environment === row.environment
  );
}

const notTold = (): Failure => ({
  ok: false,
  code: 'tokens.not-told',
  title: say('not_told'),
  message: say('not_told_next'),
});

const copyRefused = (): Failure => ({
  ok: false,
  code: 'clipboard.refused',
  title: say('token_not_copied'),
  message: say('write_refused'),
});

const notKept = (): Failure => ({
  ok: false,
  code: 'tokens.not-kept',
  title: say('nothing_revoked'),
  message: say('nothing_revoked_next'),
});

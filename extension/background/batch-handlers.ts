import type { BatchItem, BatchMessages, CopyState, Failure } from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type { BackgroundParts } from './background-parts.ts';
import { gone, noAccess } from './failure.ts';
import type { Handlers } from './message-router.ts';
import { tokenBlock } from './token-block.ts';
import { copyRefused, keptToken } from './token-handlers.ts';

/** More than any press of the popup asks for; it has its own, lower limit. */
const MOST = 200;

/** Making several tokens by one press, and copying them as one block. */
export function batchHandlers(parts: BackgroundParts): Pick<Handlers, keyof BatchMessages> {
  const { batches, instances, unleash, created, clipboard, recipes } = parts;

  async function copyBlock(
    items: readonly BatchItem[],
    id: string,
    comments: boolean,
  ): Promise<{ copy: CopyState | null; copyError: string | null }> {
    const kept = await Promise.all(
      items.map((item) => (item.is === 'made' ? created.find(item.created.id) : null)),
    );
    const tokens = kept.flatMap((one) =>
      one?.secret ? [{ token: one.token, secret: one.secret }] : [],
    );
    if (tokens.length === 0) return { copy: null, copyError: null };
    try {
      return { copy: await clipboard.copy(tokenBlock(tokens, comments), id), copyError: null };
    } catch {
      return { copy: null, copyError: copyRefused() };
    }
  }

  return {
    async 'batch.create'({ instanceId, tokens, recipeId }) {
      const instance = await instances.find(instanceId);
      if (instance === null) return noAccess(instanceId);
      if (!(await instances.mayReach(instance))) return noAccess(instance.name);
      if ((await batches.state(instanceId))?.running) return underWay();
      if (tokens.length === 0 || tokens.length > MOST) throw new Error('not so many');
      const batch = await batches.run(instance, tokens, async (request) => {
        const answer = await unleash.create(instance, request);
        if (!answer.ok) return answer;
        const kept = keptToken(parts, instance, request, answer.made);
        kept.token.ofSeveral = true;
        await created.add(kept);
        return { ok: true, created: kept.token };
      });
      if (recipeId !== undefined && batch.items.some(({ is }) => is === 'made')) {
        await recipes.used(recipeId);
      }
      return { ok: true, batch, ...(await copyBlock(batch.items, batch.id, true)) };
    },

    'batch.state': async ({ instanceId }) => ({
      batch: await batches.state(instanceId),
      copy: await clipboard.state(),
    }),

    async 'batch.copy'({ instanceId, comments }) {
      const batch = await batches.state(instanceId);
      if (batch === null) return gone();
      const { copy, copyError } = await copyBlock(batch.items, batch.id, comments);
      if (copy !== null) return { ok: true, copy };
      if (copyError === null) return gone();
      return {
        ok: false,
        code: 'clipboard.refused',
        title: say('tokens_not_copied'),
        message: copyError,
      };
    },

    async 'batch.dismiss'({ instanceId }) {
      await batches.dismiss(instanceId);
      return { ok: true };
    },

    async 'names.taken'({ instanceId }) {
      const instance = await instances.find(instanceId);
      if (instance === null || !(await instances.mayReach(instance))) return { names: [] };
      return { names: await unleash.tokenNames(instance) };
    },
  };
}

const underWay = (): Failure => ({
  ok: false,
  code: 'batch.running',
  title: say('under_way'),
  message: say('under_way_next'),
});

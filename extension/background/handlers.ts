import type { BackgroundParts } from './background-parts.ts';
import { batchHandlers } from './batch-handlers.ts';
import { copyAsHandlers } from './copy-as.ts';
import { readDraft, writeDraft } from './drafts.ts';
import { firstRunHandlers } from './first-run.ts';
import { instanceHandlers } from './instance-handlers.ts';
import type { Handlers } from './message-router.ts';
import { orNoRoom } from './no-room.ts';
import { pageHandlers } from './page-handlers.ts';
import { proxyHandlers } from './proxy-handlers.ts';
import { recipesHandlers } from './recipes-handlers.ts';
import { tokenHandlers } from './token-handlers.ts';
import { tokensHandlers } from './tokens-handlers.ts';
import { transferHandlers } from './transfer/transfer-handlers.ts';

/** What the background does for each message of the table. */
export function createHandlers(parts: BackgroundParts): Handlers {
  const { session, settings, instances, unleash, clipboard } = parts;
  return {
    ...tokenHandlers(parts),
    ...tokensHandlers(parts),
    ...instanceHandlers(parts),
    ...copyAsHandlers(parts),
    ...pageHandlers(parts),
    ...recipesHandlers(parts),
    ...transferHandlers(parts),
    ...batchHandlers(parts),
    ...firstRunHandlers(parts),
    ...proxyHandlers(parts),

    async 'instance.load'({ id }) {
      const instance = await instances.find(id);
      if (instance === null || !(await instances.mayReach(instance))) return { state: 'no-access' };
      return unleash.load(instance);
    },

    'clipboard.state': async () => ({
      copy: await clipboard.state(),
      notice: await clipboard.notice(),
    }),
    async 'clipboard.noticeSeen'() {
      await clipboard.noticeSeen();
      return { ok: true };
    },
    'clipboard.end': async ({ id }) => ({ result: await clipboard.endOf(id) }),
    async 'clipboard.ended'({ id, result }) {
      await clipboard.ended(id, result);
      return { ok: true };
    },
    'clipboard.clearNow': async () => ({ result: await clipboard.clearWhatever() }),

    'draft.read': ({ instanceId }) => readDraft(session, instanceId),
    async 'draft.write'(draft) {
      await writeDraft(session, draft);
      return { ok: true };
    },

    'settings.read': () => settings.read(),
    'settings.write': (changes) =>
      orNoRoom(async () => ({ ok: true, settings: await settings.write(changes) })),
  };
}

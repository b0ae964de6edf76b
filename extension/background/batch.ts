import type {
  Batch,
  BatchItem,
  CreatedToken,
  CreateRequest,
  Failure,
  Instance,
} from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type { Store } from '../platform/store.ts';

export type BatchesParts = {
  /** Memory of the browser only. No secret lies here: tokens are kept under "Just created". */
  session: Store;
  randomId(): string;
};

type Make = (request: CreateRequest) => Promise<{ ok: true; created: CreatedToken } | Failure>;

export type Batches = {
  /** Makes one after the other and writes down each; rejects nothing, whatever becomes of one. */
  run(instance: Instance, requests: readonly CreateRequest[], make: Make): Promise<Batch>;
  state(instanceId: string): Promise<Batch | null>;
  dismiss(instanceId: string): Promise<void>;
};

/** `worker`: which life of the background works on it. */
type Kept = { batch: Batch; worker: string };

const keyOf = (instanceId: string) => `batch:${instanceId}`;

/**
 * Several tokens by one press. What was made stays made and is told token by token; a background that ended in the
 * middle is told too, since then nobody knows of the one that was under way.
 */
export function createBatches({ session, randomId }: BatchesParts): Batches {
  const worker = randomId();

  return {
    async run(instance, requests, make) {
      const id = randomId();
      const items: BatchItem[] = requests.map((request) => ({ request, is: 'waiting' }));
      const batch = (running: boolean): Batch => ({
        id,
        instanceId: instance.id,
        running,
        items: [...items],
      });
      const write = (running: boolean) =>
        session.write(keyOf(instance.id), { batch: batch(running), worker } satisfies Kept);
      let stopped = false;
      for (const [index, request] of requests.entries()) {
        if (stopped) {
          items[index] = { request, is: 'skipped' };
          continue;
        }
        items[index] = { request, is: 'making' };
        await write(true);
        const answer = await made(make, request);
        items[index] = answer.ok
          ? { request, is: 'made', created: answer.created }
          : { request, is: 'failed', failure: answer };
        stopped = !answer.ok && stopsAll(answer);
      }
      await write(false);
      return batch(false);
    },

    async state(instanceId) {
      const kept = (await session.read(keyOf(instanceId))) as Kept | undefined;
      if (kept === undefined) return null;
      return kept.batch.running && kept.worker !== worker ? interrupted(kept.batch) : kept.batch;
    },

    dismiss: (instanceId) => session.remove(keyOf(instanceId)),
  };
}

async function made(make: Make, request: CreateRequest): ReturnType<Make> {
  try {
    return await make(request);
  } catch {
    return interruption();
  }
}

/** Whether the next one would meet the same: nobody logged in, no way to the server, no room for more. */
function stopsAll({ code }: Failure): boolean {
  return /^(auth|server)\./.test(code) || code === 'no-access' || code.endsWith('.limit');
}

function interrupted(batch: Batch): Batch {
  const items = batch.items.map((item): BatchItem => {
    const { request } = item;
    if (item.is === 'making') return { request, is: 'failed', failure: interruption() };
    return item.is === 'waiting' ? { request, is: 'skipped' } : item;
  });
  return { ...batch, running: false, items };
}

const interruption = (): Failure => ({
  ok: false,
  code: 'batch.interrupted',
  title: say('interrupted'),
  message: say('check_tokens'),
});

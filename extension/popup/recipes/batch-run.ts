import { type ReadonlySignal, signal } from '@preact/signals';
import type {
  Batch,
  BatchItem,
  CopyState,
  CreateRequest,
  Failure,
} from '../../platform/messages.ts';
import type { Send } from '../../platform/send.ts';

/** How often the popup asks how far several tokens are, in ms. */
const ASK_EVERY_MS = 250;

/** `copy` null: nothing was copied (yet). */
export type BatchOutcome = { batch: Batch; copy: CopyState | null; copyError: string | null };

export type BatchRun = ReturnType<typeof createBatchRun>;

/** Several tokens by one press, as the popup sees it. The background makes them, also with the popup closed. */
export function createBatchRun({
  send,
  instanceId,
  silent,
  now,
  wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}: {
  send: Send;
  instanceId: () => string | null;
  silent: () => Failure;
  now: () => number;
  wait?: (ms: number) => Promise<void>;
}) {
  const outcome = signal<BatchOutcome | null>(null);

  async function ask(id: string): Promise<Batch | null> {
    const answer = await send('batch.state', { instanceId: id }).catch(() => null);
    if (instanceId() !== id || !answer?.batch) return null;
    const { batch, copy } = answer;
    const ours = copy?.createdId === batch.id ? copy : null;
    outcome.value = { batch, copy: ours, copyError: outcome.value?.copyError ?? null };
    return batch;
  }

  /** Asks until the last is made. */
  async function follow(id: string, ended: () => boolean): Promise<void> {
    for (;;) {
      await wait(ASK_EVERY_MS);
      if (ended() || instanceId() !== id) return;
      const batch = await ask(id);
      if (batch !== null && !batch.running && !ended()) return;
    }
  }

  /** What the last press left, for a popup that is opened anew. */
  async function load(): Promise<void> {
    outcome.value = null;
    const id = instanceId();
    if (id === null) return;
    const batch = await ask(id);
    if (batch === null) return;
    if (batch.running) void follow(id, () => false);
    else if (isOver(batch, now())) await dismiss();
  }

  /** Null when the background has told token by token what became of them. */
  async function create(
    tokens: readonly CreateRequest[],
    recipeId: string | undefined,
  ): Promise<Failure | null> {
    const id = instanceId();
    if (id === null || tokens.length === 0) return null;
    const items = tokens.map((request): BatchItem => ({ request, is: 'waiting' }));
    let ended = false;
    outcome.value = {
      batch: { id: '', instanceId: id, running: true, items },
      copy: null,
      copyError: null,
    };
    void follow(id, () => ended);
    try {
      const answer = await send('batch.create', {
        instanceId: id,
        tokens: [...tokens],
        ...(recipeId === undefined ? {} : { recipeId }),
      });
      ended = true;
      if (instanceId() !== id) return null;
      if (!answer.ok) {
        outcome.value = null;
        return answer;
      }
      const { batch, copy, copyError } = answer;
      outcome.value = { batch, copy, copyError };
      return null;
    } catch {
      ended = true;
      // The background ended: what it had made by then is written down.
      const batch = await ask(id);
      if (batch === null) outcome.value = null;
      return batch === null ? silent() : null;
    }
  }

  /** Null when it worked, else a sentence. */
  async function copy(comments: boolean): Promise<string | null> {
    const shown = outcome.value;
    if (shown === null) return null;
    const { instanceId: id } = shown.batch;
    const answer = await send('batch.copy', { instanceId: id, comments }).catch(silent);
    if (!answer.ok) return answer.message;
    outcome.value = { ...shown, copy: answer.copy, copyError: null };
    return null;
  }

  async function dismiss(): Promise<void> {
    const id = outcome.value?.batch.instanceId ?? instanceId();
    outcome.value = null;
    if (id !== null) await send('batch.dismiss', { instanceId: id }).catch(() => null);
  }

  /** Those that were not made. */
  const rest = (): CreateRequest[] =>
    (outcome.value?.batch.items ?? [])
      .filter(({ is }) => is === 'failed' || is === 'skipped')
      .map(({ request }) => request);

  const shown: ReadonlySignal<BatchOutcome | null> = outcome;
  return { outcome: shown, load, create, copy, dismiss, rest };
}

/** Nothing is left to do with it: all were made, and none is kept any more. */
function isOver(batch: Batch, now: number): boolean {
  return batch.items.every((item) => item.is === 'made' && item.created.keptUntil <= now);
}

import type { CopyState } from './clipboard.ts';
import type { CreateRequest } from './create.ts';
import type { CreatedToken } from './created.ts';
import type { Failure } from './vocabulary.ts';

/** One of several tokens: what was asked for, and what became of it. */
export type BatchItem = { request: CreateRequest } & (
  | { is: 'waiting' }
  | { is: 'making' }
  | { is: 'made'; created: CreatedToken }
  | { is: 'failed'; failure: Failure }
  /** Not tried, since what stopped the one before it would have stopped it too. */
  | { is: 'skipped' }
);

/** Several tokens made by one press, in their order; no secret. */
export type Batch = {
  id: string;
  instanceId: string;
  running: boolean;
  items: BatchItem[];
};

/** Making several tokens at once. */
export type BatchMessages = {
  /** Answers when the last is made; until then `batch.state` tells how far it is. */
  'batch.create': {
    tier: 'internal';
    request: { instanceId: string; tokens: CreateRequest[]; recipeId?: string };
    answer: { ok: true; batch: Batch; copy: CopyState | null; copyError: string | null } | Failure;
  };
  'batch.state': {
    tier: 'internal';
    request: { instanceId: string };
    answer: { batch: Batch | null; copy: CopyState | null };
  };
  /** All that is still kept, as one block: a line for each, with or without a line above it that says which it is. */
  'batch.copy': {
    tier: 'internal';
    request: { instanceId: string; comments: boolean };
    answer: { ok: true; copy: CopyState } | Failure;
  };
  'batch.dismiss': { tier: 'internal'; request: { instanceId: string }; answer: { ok: true } };
  /** Names in use, for the next free number. Empty where this user may not see them. */
  'names.taken': {
    tier: 'internal';
    request: { instanceId: string };
    answer: { names: string[] };
  };
};

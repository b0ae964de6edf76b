import type { Nothing } from './vocabulary.ts';

/** `clearsAt` null: delay "never". `blind`: we cannot see whether the clipboard is still ours. */
export type CopyState = {
  id: string;
  copiedAt: number;
  clearsAt: number | null;
  delaySeconds: number | null;
  blind: boolean;
  createdId: string | null;
};

/**
 * What became of a copy. `not-ours`: something else was there. `failed`: the browser would not clear; it is tried again.
 * `none`: nothing of it waits any more, and more is not known.
 */
export type CopyEnd = 'waiting' | 'cleared' | 'not-ours' | 'failed' | 'none';

/** What the clipboard holds of ours. */
export type ClipboardMessages = {
  'clipboard.state': {
    tier: 'internal';
    request: Nothing;
    answer: { copy: CopyState | null; notice: string | null };
  };
  /** What `notice` said stood on screen: it is said no more. */
  'clipboard.noticeSeen': { tier: 'internal'; request: Nothing; answer: { ok: true } };
  /** From the offscreen document: its timer has cleared the clipboard, or seen that it is no longer ours. */
  'clipboard.ended': {
    tier: 'internal';
    request: { id: string; result: 'cleared' | 'not-ours' };
    answer: { ok: true };
  };
  /** What became of a copy, by the id of its state. */
  'clipboard.end': { tier: 'internal'; request: { id: string }; answer: { result: CopyEnd } };
  /** "Clear now": what waits to be cleared, and where nothing does, whatever is there. */
  'clipboard.clearNow': {
    tier: 'internal';
    request: Nothing;
    answer: { result: 'cleared' | 'not-ours' | 'already' | 'failed' };
  };
};

import type { Nothing } from './vocabulary.ts';

/** `clearsAt` null: delay "never". `blind`: we cannot see whether the clipboard is still ours. */
export type CopyState = {
  copiedAt: number;
  clearsAt: number | null;
  delaySeconds: number | null;
  blind: boolean;
  createdId: string | null;
};

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
  'clipboard.ended': { tier: 'internal'; request: { id: string }; answer: { ok: true } };
  /** "Clear now": what waits to be cleared, and where nothing does, whatever is there. */
  'clipboard.clearNow': {
    tier: 'internal';
    request: Nothing;
    answer: { result: 'cleared' | 'not-ours' | 'already' | 'failed' };
  };
};

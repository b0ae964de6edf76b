import type { Nothing } from './vocabulary.ts';

/** How far the first set-up has come. `address`: what was typed as the server's address; no secret. */
export type FirstRun = { step: 'address' | 'access' | 'pin' | 'done'; address: string };

/** The set-up in three steps, kept so that it can be left and gone on with. */
export type FirstRunMessages = {
  /** Null where it was never begun: an extension that was there before it. */
  'firstRun.read': { tier: 'internal'; request: Nothing; answer: { state: FirstRun | null } };
  'firstRun.write': { tier: 'internal'; request: FirstRun; answer: { ok: true } };
};

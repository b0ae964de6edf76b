import type { CopyState } from './clipboard.ts';
import type { Failure, TokenKind } from './vocabulary.ts';

/** A token that was just made, without its secret. `id` is ours, random. */
export type CreatedToken = {
  id: string;
  instanceId: string;
  kind: TokenKind;
  name: string;
  projects: string[];
  environment: string | null;
  expiresAt: string | null;
  owner: string | null;
  /** As `maskToken` has it. */
  masked: string;
  /** Unleash will not show this one again: it stands under "Just created" until `keptUntil` (ms since 1970). */
  shownOnce: boolean;
  keptUntil: number;
  createdAt: number;
  /** Name of the profile it was handed over to. */
  sentTo: string | null;
  /** One of several made by one press. */
  ofSeveral?: true;
};

/** What can be done with a token while its secret is kept. */
export type CreatedMessages = {
  'created.list': {
    tier: 'internal';
    request: { instanceId: string };
    answer: { created: CreatedToken[]; copy: CopyState | null };
  };
  /** For "Reveal" while it is held. */
  'created.secret': {
    tier: 'internal';
    request: { id: string };
    answer: { ok: true; secret: string } | Failure;
  };
  'created.copy': {
    tier: 'internal';
    request: { id: string };
    answer: { ok: true; copy: CopyState } | Failure;
  };
  'created.dismiss': { tier: 'internal'; request: { id: string }; answer: { ok: true } };
  'created.sendToProxy': {
    tier: 'internal';
    request: { id: string; createProfile?: string };
    answer:
      | { ok: true; profile: string }
      | { ok: false; code: 'no-profile'; title: string; message: string; suggestedProfile: string }
      | Failure;
  };
};

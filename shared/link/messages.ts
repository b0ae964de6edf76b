/**
 * What a paired extension and the proxy say to each other. Shapes only; how each message is authenticated and
 * sealed is in `channel.ts`, how the two meet first in `pairing.ts`.
 */

/** A PAT on its way from the browser to the proxy's store. `origin` is the instance's base: origin + base path. */
export type HandOver = {
  secret: string;
  /** Unleash's id of the PAT; needed to delete it later, and never told again for a secret. */
  id: number;
  /** ISO date-time. A PAT that never expires has one a thousand years ahead, as Unleash has it. */
  expiresAt: string;
  /** User name, e-mail or name of the person whose PAT this is. */
  owner: string;
  /** Base URL of the instance without a trailing slash, e.g. `https://unleash.example.com/flags`. */
  origin: string;
};

/** `createProfile` names a profile to make where none has this base URL yet. */
export type HandOverRequest = HandOver & { createProfile?: string };

export type HandOverAnswer =
  | { result: 'stored'; profile: string }
  /** No profile has this base URL; the popup offers to make one (`hand-over` again with `createProfile`). */
  | { result: 'no-profile'; origin: string }
  /** The store failed; the PAT stays under "Just created". `message` is a sentence for a person. */
  | { result: 'store-failed'; message: string };

/** Which profile is to be the current one from now on. */
export type UseProfileRequest = { name: string };

export type UseProfileAnswer =
  | { result: 'used'; profile: string }
  /** The one before stays. `message` is a sentence for a person. */
  | { result: 'not-used'; message: string };

export type ProfileState =
  | 'ready'
  | 'waiting-for-secret'
  | 'expired'
  | 'unauthorized'
  | 'unreachable';

export type ProxyStatus = {
  version: string;
  /** Data port, e.g. `http://127.0.0.1:4280`. */
  url: string;
  /** Name of the current profile, or null before the first. */
  profile: string | null;
  profiles: {
    name: string;
    url: string;
    access: 'read' | 'ask' | 'write';
    state: ProfileState;
    owner: string | null;
    expiresAt: string | null;
    /** Whether a token from the browser can be stored for it now: not where it comes from elsewhere, or its store is locked. */
    takesTokens: boolean;
  }[];
  clients: number;
};

/** One request at its end, by meaning: what the proxy's audit log has of it. */
export type LiveRequest = {
  /** ISO date-time. */
  time: string;
  /** UUID; stands in the refusal that its caller got, too. */
  id: string;
  /** Null where no caller was found, or none is needed. */
  client: string | null;
  /** What that name rests on. */
  via: 'phantom' | 'socket' | 'uid' | null;
  profile: string | null;
  method: string;
  /** Operation id, or null where the path has no operation. */
  operation: string | null;
  /** Path template of the operation, never the path itself: paths hold secrets (`/api-tokens/<secret>`). */
  template: string | null;
  verdict: 'allowed' | 'refused';
  /** Error code of the proxy, when refused or failed. */
  code: string | null;
  /** The rule that refused, in the proxy's own words or the owner's config; null when nothing refused. */
  rule: string | null;
  status: number;
  /** From the request's head to the end of its answer. */
  ms: number;
};

/** `number` counts up by one within a stream. `status` says that `/v1/status` has something new. */
export type LiveEvent =
  | { number: number; event: 'request'; request: LiveRequest }
  | { number: number; event: 'status' };

/** What was seen last, as the answer before said it; nothing at first. */
export type EventsRequest = { seen?: { stream: string; after: number } };

export type EventsAnswer = {
  /** Changes when the proxy is started anew. */
  stream: string;
  /** The number to ask on from. */
  last: number;
  /** Events are gone that were not seen. */
  missed: boolean;
  events: LiveEvent[];
};

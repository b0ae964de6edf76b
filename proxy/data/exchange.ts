import type { Socket } from 'node:net';
import type { Operation, OperationEffect } from '../../shared/unleash/operation.ts';
import type { Client } from '../clients/client.ts';
import type { Refusal } from '../errors.ts';
import type { ReadBody } from '../policy/named-things.ts';
import type { Profile } from '../profiles/profile.ts';
import type { RequestBody } from './body.ts';
import type { AuditEntry, DataContext } from './context.ts';

/** Whose credential a path takes: the profile's PAT, the caller's own Unleash token, or none. */
export type Route = 'admin' | 'passthrough' | 'open';

/** How long the request's body is, as its head says. */
export type BodyPlan = { kind: 'none' } | { kind: 'length'; bytes: number } | { kind: 'chunked' };

/** One request on its way. What a step finds out stands here for the steps after it. */
export type Exchange = {
  /** UUID; stands in the audit log and in a refusal. */
  readonly id: string;
  /** `monotonicMs()` at its arrival. */
  readonly startedAt: number;
  /** `exposed`: by TLS, from beyond this machine. */
  readonly via: 'tcp' | 'socket' | 'exposed';
  /** The caller's connection; null where there is none, as in `explain`. */
  readonly peer: Socket | null;
  /** The port that this proxy listens on. */
  readonly port: number;
  /** What Host may name there; null on loopback and the socket, which have names of their own. */
  readonly names: readonly string[] | null;
  readonly method: string;
  /** The request target as it was sent. */
  readonly target: string;
  /** Header lines as sent: name in lower case, value, name, value … */
  readonly lines: readonly string[];
  /** Ends the caller's connection, when its token is revoked. */
  readonly hangUp: () => void;

  /** Canonical, in the caller's own case, without query. */
  path: string;
  /** Empty, or with its question mark. */
  query: string;
  /** The path as rules see it: lower case, no slash at its end. */
  lookup: string;
  route: Route;
  /** Name in the audit log; null where no caller is needed. */
  caller: string | null;
  /** What that name rests on. */
  callerBy: AuditEntry['via'];
  /** Null for callers of the socket. */
  client: Client | null;
  profile: Profile | null;
  operation: Operation | null;
  effect: OperationEffect;
  body: BodyPlan;
  /** A rule goes by what only the body names. */
  rulesNeedBody: boolean;
  /** The body as the rules saw it; null where none had to. */
  judgedBody: ReadBody;
  /** Reads the body where a step has to see it; it is sent on as it was read. */
  readBody: () => RequestBody | Promise<RequestBody>;
  /** What goes upstream. */
  headers: Record<string, string>;
  /** The PAT that went with it, or else the profile's last; the redactor looks for it in the answer. */
  secret: string | null;
};

/** How many requests one client may have under way at once. */
export const REQUESTS_PER_CLIENT = 64;

/** What the steps may ask. */
export type StepContext = {
  data: DataContext;
  /** Counts the request in under its caller's name until it ends; false, uncounted, where that one has too many. */
  enter(exchange: Exchange): boolean;
  requestsPerClient: number;
  /** Bytes. */
  bodyLimit: number;
};

/** One step of a request's way. A step says no or lets pass, and writes down what it found out. */
export type Step = {
  name: string;
  /** Null lets the request pass. Only what reads the body or the secret may take its time. */
  check(exchange: Exchange, context: StepContext): Refusal | null | Promise<Refusal | null>;
  /** The rule by which it let this request pass, for `explain`. */
  passedBy(exchange: Exchange, context: StepContext): string;
};

function noBody(): RequestBody {
  return { kind: 'none' };
}

/** Takes Node's raw header list apart once; every step after it reads lower-case names. */
export function createExchange(
  head: Pick<Exchange, 'id' | 'startedAt' | 'via' | 'port' | 'method' | 'target' | 'hangUp'> & {
    rawHeaders: readonly string[];
    peer?: Socket;
    names?: readonly string[] | null;
  },
): Exchange {
  const lines = head.rawHeaders.slice();
  for (let at = 0; at < lines.length; at += 2) lines[at] = (lines[at] ?? '').toLowerCase();
  return {
    id: head.id,
    startedAt: head.startedAt,
    via: head.via,
    peer: head.peer ?? null,
    port: head.port,
    names: head.names ?? null,
    method: head.method,
    target: head.target,
    lines,
    hangUp: head.hangUp,
    path: head.target,
    query: '',
    lookup: head.target,
    route: 'admin',
    caller: null,
    callerBy: null,
    client: null,
    profile: null,
    operation: null,
    effect: 'mint',
    body: { kind: 'none' },
    rulesNeedBody: false,
    judgedBody: null,
    readBody: noBody,
    headers: {},
    secret: null,
  };
}

/** The values of every line of one header. */
export function valuesOf(lines: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    if (lines[at] === name) values.push(lines[at + 1] ?? '');
  }
  return values;
}

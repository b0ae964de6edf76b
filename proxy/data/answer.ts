import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Profile } from '../profiles/profile.ts';
import { piecePassed } from '../runtime/collector.ts';
import type { Exchange } from './exchange.ts';
import { HOP_BY_HOP } from './hop-by-hop.ts';
import { valueIn, valuesIn } from './raw-headers.ts';
import { type Redactor, redactText } from './redactor.ts';
import { GUARD_HEADERS } from './refusal.ts';
import { atTurnEnd } from './turn-end.ts';
import { upstreamOf } from './upstream.ts';

const DROPPED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  // Cookies ignore ports: one set here would be every local server's.
  'set-cookie',
  'set-cookie2',
  'clear-site-data',
  // Promises about the real server's address, not about this one.
  'alt-svc',
  'strict-transport-security',
  // The proxy's own.
  'cross-origin-resource-policy',
  'x-content-type-options',
  'x-frame-options',
  'x-tokenleash-error',
  'x-tokenleash-hint',
]);

/** Says nothing to a program, and to a browser only what it must not hear. */
const DROPPED_PREFIX = 'access-control-';

const CONNECTION = 'connection';

/** By all lines of it: a list may stand in several (RFC 9110 §5.3). */
function nominatedBy(raw: readonly string[]): ReadonlySet<string> | null {
  let names: Set<string> | null = null;
  for (let at = 0; at < raw.length; at += 2) {
    const line = raw[at] ?? '';
    if (line.length !== CONNECTION.length || line.toLowerCase() !== CONNECTION) continue;
    const value = raw[at + 1] ?? '';
    // What nearly all answers say; it names no line but one that is dropped anyway.
    if (value === 'keep-alive' || value === 'close') continue;
    names ??= new Set();
    for (const name of value.toLowerCase().split(',')) names.add(name.trim());
  }
  return names;
}

/**
 * A redirect within the instance, as a path of this proxy; one beside its base path with the server's own address,
 * as the same path here would be another; any other as it is. It is never followed here: the PAT would go with it.
 */
function localLocation(location: string, profileUrl: string): string {
  const { origin, basePath } = upstreamOf(profileUrl);
  const path = location.startsWith(`${origin}/`) ? location.slice(origin.length) : location;
  if (!path.startsWith('/') || path.startsWith('//')) return location;
  if (basePath === '') return path;
  const rest = path.startsWith(basePath) ? path.slice(basePath.length) : null;
  // Two slashes would begin the name of another server.
  if (rest === null || rest.startsWith('//') || !/^(?:[/?#]|$)/.test(rest)) return origin + path;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** The answer's header lines as they go to the caller: name, value, name, value … */
export function answerHeaders(raw: readonly string[], exchange: Exchange): string[] {
  const out: string[] = [];
  const hop = nominatedBy(raw);
  const { secret, profile } = exchange;
  let cached = false;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const lower = name.toLowerCase();
    if (DROPPED.has(lower) || lower.startsWith(DROPPED_PREFIX) || hop?.has(lower) === true)
      continue;
    let value = raw[at + 1] ?? '';
    if (lower === 'location' && profile !== null) value = localLocation(value, profile.url);
    if (lower === 'cache-control') cached = true;
    out.push(name, secret === null ? value : redactText(value, secret));
  }
  if (!cached) out.push('cache-control', 'no-store');
  out.push(...GUARD_HEADERS);
  return out;
}

/** How an answer's body is coded, in lower case: empty for one that a redactor can read, or that is not there. */
export function codingOf(answer: IncomingMessage, method: string): string {
  const { statusCode } = answer;
  if (method === 'HEAD' || statusCode === 204 || statusCode === 304) return '';
  const values = valuesIn(answer.rawHeaders, 'content-encoding');
  if (values.length === 0) return '';
  const codings = values.join(',').toLowerCase().split(',');
  return codings
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
    .join(', ');
}

/** Whether a profile lets a body of this coding pass, unscanned. */
export function maySkipRedactor(coding: string, profile: Profile | null): boolean {
  return profile?.compression === 'pass' && (coding === 'gzip' || coding === 'br');
}

/**
 * Sends the answer's body through the redactor to the caller, at the pace of the slower of the two. `alive` is
 * called whenever bytes moved, `ended` when all of it was handed over.
 */
export function pumpAnswer(
  answer: IncomingMessage,
  response: ServerResponse,
  redactor: Redactor | null,
  { alive, ended }: { alive(): void; ended(): void },
): void {
  let full = false;
  let isWhole = false;
  const length = Number(valueIn(answer.rawHeaders, 'content-length') ?? Number.NaN);
  const emit = (piece: Buffer) => {
    if (!response.write(piece)) full = true;
  };
  answer.on('data', (chunk: Buffer) => {
    if (chunk.length === length) {
      isWhole = true;
      endWith(chunk, response, redactor);
      return;
    }
    alive();
    piecePassed(chunk.length);
    if (redactor === null) emit(chunk);
    else redactor.push(chunk, emit);
    if (full) answer.pause();
  });
  response.on('drain', () => {
    full = false;
    alive();
    answer.resume();
  });
  answer.on('end', () => {
    // A whole one ends with its turn; one that was refused meanwhile has ended.
    if (!isWhole && !response.writableEnded) {
      redactor?.end(emit);
      response.end();
    }
    ended();
  });
}

/** A body that came in one piece, which nearly all do, leaves with its head and its end in one go. */
function endWith(body: Buffer, response: ServerResponse, redactor: Redactor | null): void {
  let last: Buffer | null = redactor === null ? body : null;
  const emit = (piece: Buffer) => {
    if (last !== null) response.write(last);
    last = piece;
  };
  redactor?.push(body, emit);
  redactor?.end(emit);
  atTurnEnd(() => {
    // What else came in this turn refused it, or its caller left.
    if (response.writableEnded || response.destroyed) return;
    if (last !== null && last.length <= MAX_JOINED_BYTES && joinHead(response, last))
      response.end();
    else response.end(last);
  });
}

/** Bytes; beyond it a copy costs more than a second piece. */
const MAX_JOINED_BYTES = 8 * 1024;

/** What waits to be sent before the body, and what Node's type leaves out. */
type WaitingHead = { _header?: unknown; _headerSent?: unknown; _hasBody?: unknown };

/**
 * Puts a body behind its head where that has not been sent, so that both leave as one string, of which each character
 * is a byte as in every head; false where it has. Node would gather head, body and an empty end for the system to
 * join, which takes 6 % of a request's CPU time.
 */
function joinHead(response: ServerResponse, body: Buffer): boolean {
  const waiting = response as WaitingHead;
  if (typeof waiting._header !== 'string' || waiting._headerSent !== false) return false;
  // A server may take its length back (`Connection: content-length`); then Node puts chunks around the body.
  if (waiting._hasBody !== true || response.chunkedEncoding) return false;
  waiting._header += body.toString('latin1');
  return true;
}

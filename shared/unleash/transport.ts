import { hostOf } from './base-url.ts';
import { type ErrorFacts, type Failed, failed, type Result } from './errors.ts';
import { explainFailure } from './failures.ts';

/** `fetch` as the browser and Node have it, passed in. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** An answer larger than this is not one of Unleash's admin API (its OpenAPI has 0.75 MB). */
const BODY_LIMIT_MB = 8;
const BODY_LIMIT = BODY_LIMIT_MB * 1024 * 1024;

/** What is shown as the time waited, and what a call may take with its body, in ms. */
export const DEFAULT_TIMEOUT_MS = 30_000;

export type Sent = {
  baseUrl: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base URL, with a leading slash. */
  path: string;
  body?: unknown;
  /** Bare token; `null` sends none. */
  token: string | null;
  cookies: 'include' | 'omit';
  timeoutMs: number;
  creates?: boolean;
};

export type Reply = {
  status: number;
  /** Parsed JSON; undefined when the answer was not JSON, null when it was empty. */
  json: unknown;
  /** Text of a short plain-text answer (4.19.5's `Unauthorized`), else ''. */
  text: string;
  form: 'json' | 'text' | 'html' | 'empty' | 'other';
  retryAfterSeconds: number | null;
};

/** What the sentences of a call's errors are made of. */
export function factsOf(sent: Pick<Sent, 'baseUrl' | 'timeoutMs' | 'creates'>): ErrorFacts {
  return {
    host: hostOf(sent.baseUrl),
    baseUrl: sent.baseUrl,
    seconds: Math.ceil(sent.timeoutMs / 1000),
    creates: sent.creates ?? false,
  };
}

/**
 * One request, its whole answer read. Never follows a redirect, never uses or fills a cache, never waits longer than
 * `timeoutMs` for all of it. Every HTTP status is a success here; fails with `server.*` and `auth.token-form`.
 */
export async function send(fetch: Fetch, sent: Sent): Promise<Result<Reply>> {
  const facts = factsOf(sent);
  // fetch throws an error that quotes the whole header when its value has a line break or a letter beyond Latin-1.
  if (sent.token !== null && !/^[\x21-\x7e]+$/.test(sent.token)) {
    return failed('auth.token-form', facts);
  }
  const headers: Record<string, string> = { accept: 'application/json' };
  if (sent.token !== null) headers.authorization = sent.token;
  const init: RequestInit = {
    method: sent.method,
    headers,
    credentials: sent.cookies,
    cache: 'no-store',
    redirect: 'manual',
    referrerPolicy: 'no-referrer',
  };
  if (sent.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(sent.body);
  }

  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), sent.timeoutMs);
  let answered = false;
  try {
    const response = await fetch(sent.baseUrl + sent.path, { ...init, signal: ended.signal });
    answered = true;
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      discard(response);
      return redirected(response, sent, facts);
    }
    const text = await bodyText(response);
    if (text === null) return failed('server.too-large', { ...facts, limit: BODY_LIMIT_MB });
    return read(response, text, facts);
  } catch (thrown) {
    if (ended.signal.aborted) return failed('server.timeout', facts);
    return { ok: false, error: explainFailure(thrown, facts, answered) };
  } finally {
    clearTimeout(timer);
  }
}

function redirected(response: Response, sent: Sent, facts: ErrorFacts): Failed {
  const location = response.headers.get('location');
  if (location === null) return failed('server.redirect', facts);
  let target: URL;
  try {
    target = new URL(location, sent.baseUrl + sent.path);
  } catch {
    return failed('server.redirect', facts);
  }
  // A login page's address carries state in its query, and may carry our path back; neither belongs in a sentence.
  const leadsTo = target.origin + target.pathname;
  const suggestion = target.pathname.endsWith(sent.path)
    ? target.origin + target.pathname.slice(0, -sent.path.length)
    : undefined;
  return failed('server.redirect', {
    ...facts,
    status: response.status,
    leadsTo,
    ...(suggestion === undefined || suggestion === sent.baseUrl ? {} : { suggestion }),
  });
}

/** The body as text, or null when it is larger than we read. */
async function bodyText(response: Response): Promise<string | null> {
  if (Number(response.headers.get('content-length') ?? 0) > BODY_LIMIT) {
    discard(response);
    return null;
  }
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > BODY_LIMIT) {
      reader.cancel().catch(() => {});
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function discard(response: Response): void {
  response.body?.cancel().catch(() => {});
}

function read(response: Response, text: string, facts: ErrorFacts): Result<Reply> {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  const reply: Reply = {
    status: response.status,
    json: undefined,
    text: '',
    form: 'other',
    retryAfterSeconds: retryAfter(response.headers.get('retry-after')),
  };
  if (text === '') return { ok: true, value: { ...reply, json: null, form: 'empty' } };
  if (type === 'application/json' || type?.endsWith('+json')) {
    try {
      return { ok: true, value: { ...reply, json: JSON.parse(text) as unknown, form: 'json' } };
    } catch {
      return failed('server.unreadable', { ...facts, status: response.status });
    }
  }
  if (type === 'text/html') return { ok: true, value: { ...reply, form: 'html' } };
  if (type === 'text/plain') {
    return { ok: true, value: { ...reply, text: text.slice(0, 1000), form: 'text' } };
  }
  return { ok: true, value: reply };
}

/** `Retry-After` in seconds; the form with a date is not one of Unleash's. */
function retryAfter(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : null;
}

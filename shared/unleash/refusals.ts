import {
  type ErrorFacts,
  type UnleashError,
  type UnleashErrorCode,
  unleashError,
} from './errors.ts';
import { safeText } from './safe-text.ts';
import type { Reply } from './transport.ts';

/** What a call is about, as far as its refusals differ by it. */
export type CallTopic = 'api-token' | 'pat' | 'other';

export type RefusalContext = {
  by: 'session' | 'token';
  topic: CallTopic;
  facts: ErrorFacts;
  /** Never to stand in an error, in any form. */
  secrets: readonly string[];
};

type Rule = {
  status: number | readonly number[];
  /** Only for calls about this. */
  topic?: CallTopic;
  /** In any of the server's sentences. */
  says: RegExp;
  code: UnleashErrorCode;
};

/**
 * What Unleash answers, to the code that it means, first match wins. Status, name and sentences as measured on 4.19.5,
 * 5.6.0, 5.12.8, 6.3.0, 6.10.1, 7.4.1, 7.6.5 and 8.2.0.
 */
const RULES: readonly Rule[] = [
  { status: 403, says: /expected a different token type/, code: 'auth.token-kind' },
  { status: 403, says: /^Too many PATs/, code: 'pat.limit' },
  { status: 403, says: /PATs require an authenticated user/, code: 'pat.needs-person' },
  { status: 403, says: /Admin tokens are disabled/, code: 'permission.admin-tokens' },
  { status: [403, 404], says: /PATs are disabled/, code: 'pat.disabled' },
  { status: 409, topic: 'pat', says: /already exists/, code: 'pat.description-exists' },
  { status: 400, topic: 'pat', says: /description/i, code: 'pat.description-empty' },
  { status: 400, says: /should be in (?:the )?future/, code: 'expiry.past' },
  { status: 400, says: /expiresAt/, code: 'expiry.form' },
  {
    status: 400,
    topic: 'api-token',
    says: /disabled environment/,
    code: 'api-token.environment-disabled',
  },
  { status: 400, topic: 'api-token', says: /can't create more than/, code: 'api-token.limit' },
  { status: 400, topic: 'api-token', says: /^Project=/, code: 'api-token.project-unknown' },
  {
    status: 400,
    topic: 'api-token',
    says: /^Environment=|all environments/,
    code: 'api-token.environment-unknown',
  },
  { status: 400, topic: 'api-token', says: /body\/projects?\b/, code: 'api-token.projects-empty' },
  {
    status: 400,
    topic: 'api-token',
    says: /body\/type|"type" must be|\.type property|Admin token/,
    code: 'api-token.kind',
  },
  { status: 400, topic: 'api-token', says: /tokenName|username/, code: 'api-token.name-empty' },
  { status: 404, topic: 'api-token', says: /No project found/, code: 'api-token.project-unknown' },
  // 8.x with secure storage answers the database's own words for a project that does not exist.
  {
    status: 500,
    topic: 'api-token',
    says: /foreign key(?:.|\n)*project/i,
    code: 'api-token.project-unknown',
  },
];

/**
 * What a status other than 2xx means, by the bodies of every version. Takes the whole answer, gives the error; where
 * no rule knows it, the server's own words stand in the sentence.
 */
export function explainRefusal(reply: Reply, context: RefusalContext): UnleashError {
  const { status } = reply;
  const sentences = sentencesOf(reply);
  const said = safeText(sentences[0] ?? '', context.secrets);
  const facts: ErrorFacts = { ...context.facts, status, ...(said === '' ? {} : { said }) };

  // Unleash's own 429 and 413, and a 400 for JSON that it cannot parse, are HTML too: status first, form second.
  if (status === 429) {
    return unleashError('server.busy', { ...facts, seconds: reply.retryAfterSeconds ?? 60 });
  }
  if (status === 413) return unleashError('request.too-large', facts);
  if (reply.form === 'html' && status !== 400 && status !== 500) {
    // Beside its base path, and for files that it does not have, Unleash answers 404 with a page.
    return unleashError(status === 404 ? 'server.not-unleash' : 'server.gateway', facts);
  }
  if (status === 401) {
    return unleashError(
      context.by === 'session' ? 'auth.not-logged-in' : 'auth.token-refused',
      facts,
    );
  }
  for (const rule of RULES) {
    if (!(typeof rule.status === 'number' ? rule.status === status : rule.status.includes(status)))
      continue;
    if (rule.topic !== undefined && rule.topic !== context.topic) continue;
    const sentence = sentences.find((text) => rule.says.test(text));
    if (sentence === undefined) continue;
    return unleashError(rule.code, { ...facts, ...limitIn(sentence) });
  }
  if (status === 403) {
    return unleashError('permission.missing', { ...facts, permissions: permissionsIn(reply.json) });
  }
  if (status === 404) return unleashError('server.not-found', facts);
  if (status === 503 && /maintenance/i.test(sentences.join(' '))) {
    return unleashError('server.maintenance', facts);
  }
  if (status === 502 || status === 503 || status === 504) {
    return unleashError('server.gateway', facts);
  }
  if (status >= 500) return unleashError('server.failed', facts);
  return unleashError('request.refused', facts);
}

/** The first number in a sentence about a limit: "Too many PATs (10) already exist", "limit of 2000". */
function limitIn(sentence: string): { limit?: number } {
  const number = /\((\d+)\)|limit of (\d+)/.exec(sentence);
  const limit = number?.[1] ?? number?.[2];
  return limit === undefined ? {} : { limit: Number(limit) };
}

/** All that a body says, the most telling first: `details[]`, then `validation[]` (4.19.5), then `message`. */
function sentencesOf(reply: Reply): string[] {
  if (reply.form === 'text') return [reply.text];
  const body = reply.json;
  if (typeof body !== 'object' || body === null) return [];
  const sentences: string[] = [];
  for (const list of ['details', 'validation'] as const) {
    const entries = (body as Record<string, unknown>)[list];
    if (!Array.isArray(entries)) continue;
    for (const entry of entries as unknown[]) {
      if (typeof entry !== 'object' || entry === null) continue;
      const { message, description } = entry as { message?: unknown; description?: unknown };
      if (typeof message === 'string' && message !== '') sentences.push(message);
      if (typeof description === 'string' && description !== '') sentences.push(description);
    }
  }
  for (const key of ['message', 'error'] as const) {
    const text = (body as Record<string, unknown>)[key];
    if (typeof text === 'string' && text !== '') sentences.push(text);
  }
  return sentences;
}

/** Names of rights in a 403: `permissions` (5.2 and later), `permission` (4.x). */
function permissionsIn(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return [];
  const { permissions, permission } = body as { permissions?: unknown; permission?: unknown };
  const named: unknown[] = Array.isArray(permissions) ? permissions : [permission];
  return named.filter(
    (name): name is string => typeof name === 'string' && /^[A-Z_]{3,60}$/.test(name),
  );
}

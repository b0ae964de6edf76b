import * as v from 'valibot';
import { neverAsDate } from '../token/expiry.ts';
import { type AdminClient, clientFacts } from './client.ts';
import { type Failed, failed, type Result } from './errors.ts';
import type { Server } from './server.ts';

export type ApiTokenKind = 'backend' | 'frontend' | 'admin';

export type ApiToken = {
  /** What `deleteApiToken` takes: the secret, or the selector of a securely stored token. A secret all the same. */
  key: string;
  /** Null where the server does not tell it again (secure storage). */
  secret: string | null;
  name: string;
  kind: ApiTokenKind;
  /** `['*']` is all current and future projects. */
  projects: string[];
  /** `*` for admin tokens. */
  environment: string;
  /** ISO date-time, or null for never. */
  expiresAt: string | null;
  createdAt: string | null;
  seenAt: string | null;
};

export type NewApiToken = {
  kind: ApiTokenKind;
  name: string;
  /** `['*']` for all current and future projects. Not used for admin tokens. */
  projects: readonly string[];
  /** Not used for admin tokens. */
  environment: string;
  /** ISO date-time, or null for never. */
  expiresAt: string | null;
};

export type CreatedApiToken = ApiToken & {
  secret: string;
  /** Stored securely: Unleash will not show this secret again. */
  shownOnce: boolean;
  /** Which endpoint made it; `project` where only that was allowed. */
  through: 'global' | 'project';
};

const text = v.optional(v.nullable(v.string()));

const Entry = v.object({
  secret: v.pipe(v.string(), v.minLength(1)),
  tokenName: text,
  username: text,
  type: v.string(),
  project: text,
  projects: v.optional(v.nullable(v.array(v.string()))),
  environment: text,
  expiresAt: text,
  createdAt: text,
  seenAt: text,
  secure: v.optional(v.nullable(v.boolean())),
});

const List = v.object({ tokens: v.array(Entry) });

/** `client` is a backend token's name on every version; 7.1.1 and later call it `backend` in some answers. */
const KINDS: Record<string, ApiTokenKind> = {
  client: 'backend',
  backend: 'backend',
  frontend: 'frontend',
  admin: 'admin',
};

function tokenOf(entry: v.InferOutput<typeof Entry>): ApiToken | null {
  const kind = KINDS[entry.type.toLowerCase()];
  if (kind === undefined) return null;
  const projects = entry.projects?.length ? entry.projects : [entry.project || '*'];
  return {
    key: entry.secret,
    secret: entry.secure === true ? null : entry.secret,
    name: entry.tokenName ?? entry.username ?? '',
    kind,
    projects,
    environment: entry.environment || '*',
    expiresAt: entry.expiresAt ?? null,
    createdAt: entry.createdAt ?? null,
    seenAt: entry.seenAt ?? null,
  };
}

const part = (value: string): string => encodeURIComponent(value).replaceAll('*', '%2A');
const GLOBAL_PATH = '/api/admin/api-tokens';
const projectPath = (project: string): string => `/api/admin/projects/${part(project)}/api-tokens`;

/** All API tokens that we may see; with `project`, those of one project. Kinds unknown to us are left out. */
export async function listApiTokens(
  client: AdminClient,
  project?: string,
): Promise<Result<ApiToken[]>> {
  const path = project === undefined ? GLOBAL_PATH : projectPath(project);
  const answer = await client.call({ method: 'GET', path, answer: List, topic: 'api-token' });
  if (!answer.ok) return answer;
  return { ok: true, value: answer.value.tokens.map(tokenOf).filter((token) => token !== null) };
}

/**
 * Makes an API token. With one project and no right to do it everywhere, the project's own endpoint makes it. The
 * answer says what the server really made: its projects may differ from those asked for. Refused before sending:
 * `api-token.*-empty`, `expiry.*` (servers take an end in the past and make a dead token).
 */
export async function createApiToken(
  client: AdminClient,
  server: Server,
  wanted: NewApiToken,
): Promise<Result<CreatedApiToken>> {
  const refused = refusedBeforeSending(client, server, wanted);
  if (refused) return refused;
  const projects =
    wanted.kind === 'admin' || wanted.projects.includes('*') ? ['*'] : [...wanted.projects];
  const body = {
    [server.features.apiTokenNameField]: wanted.name,
    // Every version takes `client`; `backend` only 7.1.1 and later.
    type: wanted.kind === 'backend' ? 'client' : wanted.kind,
    environment: wanted.kind === 'admin' ? '*' : wanted.environment,
    // Always the list: 7.0 and later ignore `project`, and give a token for all of them.
    projects,
    ...(wanted.expiresAt === null ? {} : { expiresAt: wanted.expiresAt }),
  };
  const first = await post(client, GLOBAL_PATH, body, 'global');
  if (first.ok || first.error.code !== 'permission.missing') return first;

  const only = projects.length === 1 ? projects[0] : undefined;
  if (server.isAdmin) {
    // Open Source 6.6 and later answers an admin so when the environment or a project does not exist.
    return failed('api-token.scope', { ...clientFacts(client), status: 403 });
  }
  if (only === undefined || only === '*' || !server.features.projectApiTokens) return first;
  // With other `projects` than the path's, 5.x to 6.10 never answer; without any, they answer 500.
  const second = await post(client, projectPath(only), body, 'project');
  if (second.ok || second.error.code !== 'permission.missing') return second;
  const permissions = [first, second].flatMap((refusal) => refusal.error.permissions ?? []);
  return failed('permission.missing', {
    ...clientFacts(client),
    status: 403,
    permissions: [...new Set(permissions)],
  });
}

function refusedBeforeSending(
  client: AdminClient,
  server: Server,
  wanted: NewApiToken,
): Failed | null {
  const facts = clientFacts(client);
  if (wanted.name.trim() === '') return failed('api-token.name-empty', facts);
  if (wanted.kind === 'admin') {
    if (!server.features.adminApiTokens) return failed('permission.admin-tokens', facts);
  } else {
    if (wanted.projects.length === 0) return failed('api-token.projects-empty', facts);
    if (wanted.environment === '') return failed('api-token.environment-empty', facts);
    if (wanted.environment === '*') return failed('api-token.environment-unknown', facts);
  }
  return refusedEnd(client, wanted.expiresAt);
}

function refusedEnd(client: AdminClient, expiresAt: string | null): Failed | null {
  if (expiresAt === null) return null;
  const end = Date.parse(expiresAt);
  if (Number.isNaN(end) || expiresAt.startsWith('+')) {
    return failed('expiry.form', clientFacts(client));
  }
  return end <= client.now().getTime() ? failed('expiry.past', clientFacts(client)) : null;
}

async function post(
  client: AdminClient,
  path: string,
  body: unknown,
  through: 'global' | 'project',
): Promise<Result<CreatedApiToken>> {
  const answer = await client.call({
    method: 'POST',
    path,
    body,
    answer: Entry,
    topic: 'api-token',
    creates: true,
  });
  if (!answer.ok) return answer;
  const token = tokenOf(answer.value);
  if (token === null) {
    return failed('server.unreadable', { ...clientFacts(client), creates: true });
  }
  const { secret } = answer.value;
  const shownOnce = answer.value.secure === true;
  return { ok: true, value: { ...token, secret, shownOnce, through } };
}

/**
 * Deletes an API token by its `key`. Servers answer the same whether there was one or not; a client may still use it
 * for about a minute. With `project`, through that project's endpoint.
 */
export async function deleteApiToken(
  client: AdminClient,
  key: string,
  project?: string,
): Promise<Result<null>> {
  const path = `${project === undefined ? GLOBAL_PATH : projectPath(project)}/${part(key)}`;
  const answer = await client.call({
    method: 'DELETE',
    path,
    answer: v.unknown(),
    topic: 'api-token',
    secrets: [key],
  });
  return answer.ok ? { ok: true, value: null } : answer;
}

/**
 * Gives an API token another end, its secret staying the same. `expiresAt` is an ISO date-time, or null for never:
 * Unleash cannot take an end away again, so never is a thousand years ahead, as for a PAT. There is no way through a
 * project (4.17 to 8.2.0). Servers answer the same whether there was one or not (4.19.5: `server.not-found`). Refused
 * before sending: `expiry.*` (servers take an end in the past and make a dead token).
 */
export async function extendApiToken(
  client: AdminClient,
  key: string,
  expiresAt: string | null,
): Promise<Result<null>> {
  const refused = refusedEnd(client, expiresAt);
  if (refused) return refused;
  const answer = await client.call({
    method: 'PUT',
    path: `${GLOBAL_PATH}/${part(key)}`,
    body: { expiresAt: expiresAt ?? neverAsDate(client.now()) },
    answer: v.unknown(),
    topic: 'api-token',
    secrets: [key],
  });
  return answer.ok ? { ok: true, value: null } : answer;
}

import { parseToken, selectorOf } from '../../shared/token/grammar.ts';
import { abilitiesOf } from '../../shared/unleash/abilities.ts';
import { type ApiToken, createApiToken, listApiTokens } from '../../shared/unleash/api-tokens.ts';
import { candidateBaseUrls, hostOf } from '../../shared/unleash/base-url.ts';
import { type AdminClient, createAdminClient, type Fetch } from '../../shared/unleash/client.ts';
import { listEnvironments } from '../../shared/unleash/environments.ts';
import type { Result, UnleashError } from '../../shared/unleash/errors.ts';
import { createPat, listPats, PAT_LIMIT, type Pat } from '../../shared/unleash/pats.ts';
import { listProjects } from '../../shared/unleash/projects.ts';
import { recognise } from '../../shared/unleash/recognise.ts';
import { readServer, type Server } from '../../shared/unleash/server.ts';
import { whoMark } from '../../shared/unleash/who-mark.ts';
import { type KeptState, stateKeyOf } from '../platform/first-view.ts';
import type {
  CreateRequest,
  Failure,
  Instance,
  InstanceState,
  Request,
  TokenEnd,
} from '../platform/messages.ts';
import { say } from '../platform/say.ts';
import type { Store } from '../platform/store.ts';
import { failureOf } from './failure.ts';
import { readTokenEnds } from './token-ends.ts';
import { failureLine } from './unleash-words.ts';

export type UnleashLinkParts = { fetch: Fetch; session: Store; now(): number };

/** A token fresh from Unleash. */
export type MadeToken = {
  secret: string;
  shownOnce: boolean;
  name: string;
  projects: string[];
  environment: string | null;
  expiresAt: string | null;
  owner: string | null;
  pat: { id: number; expiresAt: string } | null;
};

export type Recognition =
  | { ok: true; baseUrl: string; loggedIn: boolean; version: string | null }
  | Failure;

export type UnleashLink = {
  recognise(url: string, allowHttp: boolean): Promise<Recognition>;
  load(instance: Instance): Promise<InstanceState>;
  /** What the server says of itself and of us, not older than `maxAgeMs`. */
  server(instance: Instance, maxAgeMs: number): Promise<Result<Server>>;
  create(
    instance: Instance,
    token: CreateRequest,
  ): Promise<{ ok: true; made: MadeToken } | Failure>;
  /** Names of the API tokens that this user may see; a refusal is an empty list. */
  tokenNames(instance: Instance): Promise<string[]>;
  /** The API token of this secret, stored securely or not; null where it is not listed, or not to this user. */
  apiToken(instance: Instance, secret: string): Promise<ApiToken | null>;
  /** The caller's PATs, and whose they are. */
  pats(instance: Instance): Promise<{ ok: true; pats: Pat[]; owner: string } | Failure>;
  /** When the tokens of a table in the admin UI end; null where they cannot be read. */
  tokenEnds(instance: Instance, table: Request<'page.tokenEnds'>): Promise<TokenEnd[] | null>;
};

/** How long what a server said of itself is taken for true when a token is made, in ms. */
const SERVER_KEPT_MS = 10 * 60 * 1000;

/** The admin API of the user's instances, by the session that the browser is logged in with. */
export function createUnleashLink({ fetch, session, now }: UnleashLinkParts): UnleashLink {
  const clientFor = (baseUrl: string): AdminClient =>
    createAdminClient({ fetch, baseUrl, credential: { by: 'session' } });

  async function read(id: string): Promise<Result<Server>> {
    const server = await readServer(clientFor(id));
    if (server.ok) await session.write(`server:${id}`, { at: now(), server: server.value });
    return server;
  }

  /** As it was read when the form was opened, so that Create is one call. */
  async function known(id: string, maxAgeMs = SERVER_KEPT_MS): Promise<Result<Server>> {
    const kept = (await session.read(`server:${id}`)) as { at: number; server: Server } | undefined;
    const age = kept === undefined ? null : now() - kept.at;
    // A clock that was set back would keep it fresh for as long as it was set back.
    if (kept !== undefined && age !== null && age >= 0 && age < maxAgeMs) {
      return { ok: true, value: kept.server };
    }
    return read(id);
  }

  /** What the form needs to know of a server; `server` where it answered. */
  async function readState(
    instance: Instance,
  ): Promise<{ state: InstanceState; server: Server | null }> {
    const client = clientFor(instance.id);
    const [server, projects, environments] = await Promise.all([
      read(instance.id),
      listProjects(client),
      listEnvironments(client),
    ]);
    if (!server.ok) return { state: stateOf(server.error, instance), server: null };
    const pats = server.value.features.pats ? await listPats(client) : null;
    for (const part of [projects, environments, pats]) {
      if (part !== null && !part.ok && part.error.concern !== 'permission') {
        return { state: stateOf(part.error, instance), server: null };
      }
    }
    const seen = projects.ok ? projects.value : [];
    const ids = seen.map((project) => project.id);
    const own = pats?.ok ? pats.value : [];
    const state: InstanceState = {
      state: 'ready',
      version: server.value.version,
      user: server.value.identity.name,
      abilities: abilitiesOf(server.value, ids),
      projects: seen,
      environments: environments.ok ? environments.value : [],
      pats: {
        used: own.length,
        limit: PAT_LIMIT,
        descriptions: own.map((pat) => pat.description),
      },
    };
    return { state, server: server.value };
  }

  return {
    async recognise(url, allowHttp) {
      const address = candidateBaseUrls(url);
      if (!address.ok) return failureOf(address.error);
      if (address.value.clearText && !allowHttp) return clearText(address.value.guess);
      const found = await recognise(address.value, { fetch, cookies: 'include' });
      if (!found.ok) return failureOf(found.error);
      const { baseUrl, loggedIn } = found.value;
      const server = loggedIn ? await read(baseUrl) : null;
      return { ok: true, baseUrl, loggedIn, version: server?.ok ? server.value.version : null };
    },

    async load(instance) {
      const { state, server } = await readState(instance);
      if (state.state === 'ready' && server) {
        const { identity, permissions } = server;
        const who = whoMark(identity.is === 'person' ? identity.id : null, permissions);
        const kept: KeptState = { who, state };
        await session.write(stateKeyOf(instance.id), kept);
      } else await session.remove(stateKeyOf(instance.id));
      return state;
    },

    server: (instance, maxAgeMs) => known(instance.id, maxAgeMs),

    async create(instance, token) {
      const client = clientFor(instance.id);
      const server = await known(instance.id);
      if (!server.ok) return failureOf(server.error);
      const owner = server.value.identity.name;
      if (token.kind === 'personal') {
        const { name: description, expiresAt } = token;
        const made = await createPat(client, { description, expiresAt });
        if (!made.ok) return failureOf(made.error);
        const pat = made.value;
        return {
          ok: true,
          made: {
            secret: pat.secret,
            shownOnce: true,
            name: pat.description,
            projects: [],
            environment: null,
            expiresAt: pat.never ? null : pat.expiresAt,
            owner,
            pat: { id: pat.id, expiresAt: pat.expiresAt },
          },
        };
      }
      const wanted = { ...token, kind: token.kind };
      const make = (by: Server) => createApiToken(client, by, wanted);
      let made = await make(server.value);
      // Nothing was made. What we may do here may have changed since it was read: then it goes another way, or the
      // words for it are others.
      if (!made.ok && isAboutRights(made.error)) {
        const fresh = await read(instance.id);
        if (fresh.ok && !haveSameRights(fresh.value, server.value)) made = await make(fresh.value);
      }
      if (!made.ok) return failureOf(made.error);
      const { secret, shownOnce, name, projects, environment, expiresAt } = made.value;
      return {
        ok: true,
        made: { secret, shownOnce, name, projects, environment, expiresAt, owner, pat: null },
      };
    },

    async tokenNames(instance) {
      const tokens = await listApiTokens(clientFor(instance.id));
      return tokens.ok ? tokens.value.map(({ name }) => name) : [];
    },

    tokenEnds: (instance, table) => readTokenEnds(clientFor(instance.id), table),

    async apiToken(instance, secret) {
      const token = parseToken(secret);
      if (token?.kind !== 'api' && token?.kind !== 'admin') return null;
      const client = clientFor(instance.id);
      let list = await listApiTokens(client);
      if (!list.ok && token.kind === 'api' && token.scope.of === 'project') {
        list = await listApiTokens(client, token.scope.project);
      }
      const key = selectorOf(secret) ?? secret;
      return (list.ok && list.value.find((one) => one.key === key)) || null;
    },

    async pats(instance) {
      const [pats, server] = await Promise.all([
        listPats(clientFor(instance.id)),
        known(instance.id),
      ]);
      if (!pats.ok) return failureOf(pats.error);
      if (!server.ok) return failureOf(server.error);
      return { ok: true, pats: pats.value, owner: server.value.identity.name };
    },
  };
}

const isAboutRights = ({ code, concern }: UnleashError): boolean =>
  concern === 'permission' || code === 'api-token.scope';

function haveSameRights(one: Server, other: Server): boolean {
  const rights = ({ isAdmin, permissions }: Server) => JSON.stringify([isAdmin, permissions]);
  return rights(one) === rights(other);
}

function stateOf(error: UnleashError, instance: Instance): InstanceState {
  switch (error.code) {
    case 'auth.not-logged-in':
      return { state: 'not-logged-in', loginUrl: error.loginUrl ?? `${instance.id}/login` };
    case 'server.not-unleash':
      return { state: 'not-unleash', message: failureLine(error) };
    default:
      return { state: 'unreachable', message: failureLine(error) };
  }
}

function clearText(baseUrl: string): Failure {
  const host = hostOf(baseUrl);
  return {
    ok: false,
    code: 'url.clear-text',
    title: say('clear_text', host),
    message: say('clear_text_next', baseUrl.replace(/^http:/, 'https:')),
    suggestion: baseUrl.replace(/^http:/, 'https:'),
  };
}

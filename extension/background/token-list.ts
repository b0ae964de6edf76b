import { isNever } from '../../shared/token/expiry.ts';
import { abilitiesOf } from '../../shared/unleash/abilities.ts';
import {
  type ApiToken,
  deleteApiToken,
  extendApiToken,
  listApiTokens,
} from '../../shared/unleash/api-tokens.ts';
import { type AdminClient, createAdminClient, type Fetch } from '../../shared/unleash/client.ts';
import type { Result } from '../../shared/unleash/errors.ts';
import { deletePat, listPats, PAT_LIMIT, type Pat } from '../../shared/unleash/pats.ts';
import { listProjects } from '../../shared/unleash/projects.ts';
import type { Server } from '../../shared/unleash/server.ts';
import { rightsOver, type TokenRights } from '../../shared/unleash/token-rights.ts';
import type { Failure, Instance, TokenList, TokenRow } from '../platform/messages.ts';
import { createQueue } from '../platform/serial.ts';
import type { Store } from '../platform/store.ts';
import { sha256 } from './clipboard/sha256.ts';
import { failureOf, tokenGone } from './failure.ts';
import { factsOf, type TokenFacts } from './token-facts.ts';

export const KEYS_ALARM = 'token-keys';

/** How long keys are kept after the last use of one of them, in ms. */
export const KEYS_KEPT_MS = 10 * 60_000;

/** A token of the list. Its key is not in it. */
export type KnownToken = {
  row: Omit<TokenRow, 'endsAt'>;
  /** SHA-256 of its key: what stays the same from one reading of the list to the next. */
  mark: string;
  patId: number | null;
  revoke: TokenRights['revoke'];
};

/** `key`: the secret, the selector of a securely stored token, or `pat:` and the id of a PAT. */
type ListedToken = Omit<KnownToken, 'mark'> & { key: string };

export type ReadList = Omit<TokenList, 'tokens'> & { tokens: KnownToken[] };

export type TokenListParts = {
  fetch: Fetch;
  /** Memory of the browser only, closed to content scripts: keys lie in it for a while, many of them secrets. */
  session: Store;
  alarms: { set(name: string, when: number): Promise<void>; clear(name: string): Promise<void> };
  server(instance: Instance, maxAgeMs: number): Promise<Result<Server>>;
  now(): number;
  randomId(): string;
};

export type TokenLister = {
  /** Asks Unleash, and keeps the keys for a while. Rows that were there before keep their id. */
  read(instance: Instance): Promise<{ ok: true; list: ReadList } | Failure>;
  /** The same for who will do nothing with a token: no key is kept, and none any longer. */
  readFacts(instance: Instance): Promise<{ ok: true; list: ReadList } | Failure>;
  /** The key of a token, from Unleash where it is not kept any more. */
  key(
    instance: Instance,
    token: Pick<KnownToken, 'mark'>,
  ): Promise<{ ok: true; key: string } | Failure>;
  /** As it was last read since the browser started. */
  kept(instanceId: string): Promise<ReadList | null>;
  find(instanceId: string, id: string): Promise<KnownToken | null>;
  /** Deletes it on the server. One that is gone already is no failure. */
  revoke(instance: Instance, token: KnownToken): Promise<{ ok: true } | Failure>;
  extend(
    instance: Instance,
    token: KnownToken,
    expiresAt: string | null,
  ): Promise<{ ok: true } | Failure>;
  /** Takes it off the kept list, and its key with it. */
  forget(instanceId: string, id: string): Promise<void>;
  /** Lets go of all that is kept of an instance. */
  forgetAll(instanceId: string): Promise<void>;
  /** Lets go of all keys whose time is over. Also to be called whenever the background starts. */
  sweep(): Promise<void>;
};

/** The popup has just been told who the user is when it asks for the list; so old an answer will do, in ms. */
const SERVER_FRESH_MS = 5_000;

const KEYS_KEY = 'token-keys';

/** By instance, then by mark. */
type Keys = Record<string, { usedAt: number; keys: Record<string, string> }>;

/** Projects are asked so many at once where no list of all is allowed. */
const PROJECTS_AT_ONCE = 4;

/** The tokens of an instance and the way from a row to its key. */
export function createTokenList(parts: TokenListParts): TokenLister {
  const { session, alarms, now } = parts;
  const inTurn = createQueue();
  const keyOf = (instanceId: string) => `tokens:${instanceId}`;
  const clientFor = (instance: Instance): AdminClient =>
    createAdminClient({
      fetch: parts.fetch,
      baseUrl: instance.id,
      credential: { by: 'session' },
      now: () => new Date(parts.now()),
    });

  async function kept(instanceId: string): Promise<ReadList | null> {
    return ((await session.read(keyOf(instanceId))) as ReadList | undefined) ?? null;
  }

  async function liveKeys(): Promise<Keys> {
    const all = ((await session.read(KEYS_KEY)) as Keys | undefined) ?? {};
    return Object.fromEntries(
      Object.entries(all).filter(([, { usedAt }]) => {
        const age = now() - usedAt;
        // With a clock that was set back nobody knows how old they are.
        return age >= 0 && age < KEYS_KEPT_MS;
      }),
    );
  }

  async function writeKeys(all: Keys): Promise<void> {
    const used = Object.values(all).map(({ usedAt }) => usedAt);
    if (used.length === 0) {
      await session.remove(KEYS_KEY);
      await alarms.clear(KEYS_ALARM);
      return;
    }
    await session.write(KEYS_KEY, all);
    await alarms.set(KEYS_ALARM, Math.min(...used) + KEYS_KEPT_MS);
  }

  const keptKey = (instanceId: string, mark: string): Promise<string | null> =>
    inTurn(async () => {
      const all = await liveKeys();
      const own = all[instanceId];
      const key = own?.keys[mark];
      if (own === undefined || key === undefined) return null;
      await writeKeys({ ...all, [instanceId]: { ...own, usedAt: now() } });
      return key;
    });

  /** Two popups that read at once must end with the same ids. */
  async function keep(
    instanceId: string,
    { tokens: listed, ...list }: Omit<ReadList, 'tokens'> & { tokens: ListedToken[] },
    withKeys: boolean,
  ): Promise<ReadList> {
    const marks = await Promise.all(listed.map(({ key }) => sha256(key)));
    return inTurn(async () => {
      const before = new Map(
        (await kept(instanceId))?.tokens.map(({ mark, row }) => [mark, row.id]) ?? [],
      );
      const keys: Record<string, string> = {};
      const tokens = listed.map(({ key, ...token }, index): KnownToken => {
        const mark = marks[index] ?? '';
        keys[mark] = key;
        const id = before.get(mark) ?? parts.randomId();
        return { ...token, mark, row: { ...token.row, id } };
      });
      await session.write(keyOf(instanceId), { ...list, tokens });
      if (withKeys) {
        await writeKeys({ ...(await liveKeys()), [instanceId]: { usedAt: now(), keys } });
      }
      return { ...list, tokens };
    });
  }

  async function readList(
    instance: Instance,
    withKeys: boolean,
  ): Promise<{ ok: true; list: ReadList } | Failure> {
    const client = clientFor(instance);
    const [server, pats, all] = await Promise.all([
      parts.server(instance, SERVER_FRESH_MS),
      listPats(client),
      listApiTokens(client),
    ]);
    if (!server.ok) return failureOf(server.error);
    const api = await apiTokens(client, server.value, all);
    if (!api.ok) return failureOf(api.error);
    const { features, identity } = server.value;
    if (!pats.ok && features.pats) return failureOf(pats.error);
    const own = pats.ok && features.pats ? pats.value : [];
    const today = new Date(now());
    const list = {
      tokens: [
        ...api.value.tokens.map((token) => ofApiToken(token, server.value, today)),
        ...own.map(ofPat),
      ],
      api: api.value.api,
      personal: features.pats ? { owner: identity.name, used: own.length, limit: PAT_LIMIT } : null,
    };
    return { ok: true, list: await keep(instance.id, list, withKeys) };
  }

  const key: TokenLister['key'] = async (instance, { mark }) => {
    const before = await keptKey(instance.id, mark);
    if (before !== null) return { ok: true, key: before };
    const answer = await readList(instance, true);
    if (!answer.ok) return answer;
    const found = await keptKey(instance.id, mark);
    return found === null ? tokenGone() : { ok: true, key: found };
  };

  return {
    read: (instance) => readList(instance, true),
    readFacts: (instance) => readList(instance, false),
    key,
    kept,

    async find(instanceId, id) {
      return (await kept(instanceId))?.tokens.find(({ row }) => row.id === id) ?? null;
    },

    async revoke(instance, token) {
      const { patId, revoke } = token;
      const client = clientFor(instance);
      const project = typeof revoke === 'object' && revoke !== null ? revoke.project : undefined;
      const known = patId === null ? await key(instance, token) : { ok: true as const, key: '' };
      if (!known.ok) return known.code === 'tokens.gone' ? { ok: true } : known;
      const answer =
        patId === null
          ? await deleteApiToken(client, known.key, project)
          : await deletePat(client, patId);
      // The endpoint of a project says so when there is none (any more).
      if (answer.ok || answer.error.code === 'server.not-found') return { ok: true };
      return failureOf(answer.error);
    },

    async extend(instance, token, expiresAt) {
      const known = await key(instance, token);
      if (!known.ok) return known;
      const answer = await extendApiToken(clientFor(instance), known.key, expiresAt);
      return answer.ok ? { ok: true } : failureOf(answer.error);
    },

    forget: (instanceId, id) =>
      inTurn(async () => {
        const list = await kept(instanceId);
        const gone = list?.tokens.find(({ row }) => row.id === id);
        if (!list || !gone) return;
        const all = await liveKeys();
        delete all[instanceId]?.keys[gone.mark];
        await writeKeys(all);
        const { personal } = list;
        await session.write(keyOf(instanceId), {
          ...list,
          tokens: list.tokens.filter((token) => token !== gone),
          personal:
            personal && gone.patId !== null ? { ...personal, used: personal.used - 1 } : personal,
        });
      }),

    forgetAll: (instanceId) =>
      inTurn(async () => {
        await session.remove(keyOf(instanceId));
        const { [instanceId]: _, ...others } = await liveKeys();
        await writeKeys(others);
      }),

    sweep: () =>
      inTurn(async () => {
        if ((await session.read(KEYS_KEY)) !== undefined) await writeKeys(await liveKeys());
      }),
  };
}

/** The facts by which it is found again when its key is no longer kept. */
export function factsOfKnown({ row, patId }: Pick<KnownToken, 'row' | 'patId'>): TokenFacts {
  return factsOf(row, patId);
}

/** All API tokens, or where that is not allowed, those of the projects where it is. */
async function apiTokens(
  client: AdminClient,
  server: Server,
  all: Result<ApiToken[]>,
): Promise<Result<{ api: TokenList['api']; tokens: ApiToken[] }>> {
  if (all.ok) return { ok: true, value: { api: 'all', tokens: all.value } };
  if (all.error.code !== 'permission.missing') return all;
  const projects = await projectsToAsk(client, server);
  if (!projects.ok) return projects;
  if (projects.value.length === 0) return { ok: true, value: { api: 'none', tokens: [] } };
  const found = new Map<string, ApiToken>();
  for (let at = 0; at < projects.value.length; at += PROJECTS_AT_ONCE) {
    const batch = projects.value.slice(at, at + PROJECTS_AT_ONCE);
    const answers = await Promise.all(batch.map((project) => listApiTokens(client, project)));
    for (const answer of answers) {
      if (answer.ok) for (const token of answer.value) found.set(token.key, token);
      // A project may be gone, or its right, since the server told them.
      else if (!['permission.missing', 'server.not-found'].includes(answer.error.code))
        return answer;
    }
  }
  return { ok: true, value: { api: 'some', tokens: [...found.values()] } };
}

async function projectsToAsk(client: AdminClient, server: Server): Promise<Result<string[]>> {
  if (!server.features.projectApiTokens) return { ok: true, value: [] };
  const held = server.permissions
    .filter(({ permission }) => permission === 'READ_PROJECT_API_TOKEN')
    .map(({ project }) => project);
  const everywhere = held.some((project) => !project || project === '*');
  if (!everywhere) return { ok: true, value: [...new Set(held.filter((id) => id !== null))] };
  const projects = await listProjects(client);
  return projects.ok ? { ok: true, value: projects.value.map(({ id }) => id) } : projects;
}

function ofApiToken(token: ApiToken, server: Server, now: Date): ListedToken {
  const rights = rightsOver(server, token);
  return {
    key: token.key,
    patId: null,
    revoke: rights.revoke,
    row: {
      id: '',
      kind: token.kind,
      name: token.name,
      projects: token.projects,
      environment: token.environment,
      expiresAt: isNever(token.expiresAt, now) ? null : token.expiresAt,
      createdAt: token.createdAt,
      seenAt: token.seenAt,
      may: {
        copy: token.secret !== null,
        extend: rights.extend,
        create: mayCreate(server, token),
        revoke: rights.revoke !== null,
      },
    },
  };
}

function mayCreate(server: Server, { kind, projects }: ApiToken): boolean {
  const abilities = abilitiesOf(server, projects);
  if (!abilities.kinds.includes(kind)) return false;
  if (kind === 'admin') return true;
  const allowed = abilities.projects[kind];
  return allowed === 'all' || (projects.length === 1 && allowed.includes(projects[0] ?? ''));
}

function ofPat(pat: Pat): ListedToken {
  return {
    key: `pat:${pat.id}`,
    patId: pat.id,
    revoke: 'global',
    row: {
      id: '',
      kind: 'personal',
      name: pat.description,
      projects: [],
      environment: null,
      expiresAt: pat.never ? null : pat.expiresAt,
      createdAt: pat.createdAt,
      seenAt: pat.seenAt,
      // Unleash never tells a PAT's secret again, and cannot give it another end.
      may: { copy: false, extend: false, create: true, revoke: true },
    },
  };
}

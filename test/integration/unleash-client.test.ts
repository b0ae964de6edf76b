/**
 * The admin API client on real servers: one of each generation. What differs between them is named where it is
 * asserted; everything else holds on all of them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isNever } from '../../shared/token/expiry.ts';
import { parseToken } from '../../shared/token/grammar.ts';
import { abilitiesOf } from '../../shared/unleash/abilities.ts';
import {
  createApiToken,
  deleteApiToken,
  extendApiToken,
  listApiTokens,
} from '../../shared/unleash/api-tokens.ts';
import type { AdminClient } from '../../shared/unleash/client.ts';
import { createAdminClient } from '../../shared/unleash/client.ts';
import { listEnvironments } from '../../shared/unleash/environments.ts';
import type { Result, UnleashError } from '../../shared/unleash/errors.ts';
import { createPat, deletePat, listPats, PAT_LIMIT } from '../../shared/unleash/pats.ts';
import { listProjects } from '../../shared/unleash/projects.ts';
import { readServer, type Server } from '../../shared/unleash/server.ts';
import { rightsOver } from '../../shared/unleash/token-rights.ts';
import { whoIs } from '../../shared/unleash/who.ts';
import { type Account, DEFAULT_VERSION, startUnleash } from '../real-unleash/index.ts';
import { type SharedUnleash, sharedUnleash } from '../real-unleash/shared.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

/** Whatever people type, and what breaks programs that quote it badly. */
const ODD_NAMES = [
  `it's "quoted" \\ back`,
  '100% %41 %zz %00',
  'two\nlines\tand a tab',
  '🔑 key 👩‍💻',
  'مفتاح عربي \u202e backwards',
  '<b>&amp;</b> $(x) {{y}}',
];

/** A browser's fetch as far as we use it: the session cookie goes along when it is asked to, and only then. */
function browserFetch(cookie: string) {
  return (url: string, init: RequestInit) =>
    fetch(url, {
      ...init,
      headers: init.credentials === 'include' ? { ...init.headers, cookie } : { ...init.headers },
    });
}

async function sessionOf(account: Account, baseUrl: string): Promise<AdminClient> {
  const cookie = await account.login();
  return createAdminClient({ fetch: browserFetch(cookie), baseUrl, credential: { by: 'session' } });
}

const withToken = (baseUrl: string, token: string) =>
  createAdminClient({ fetch, baseUrl, credential: { by: 'token', token } });

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

function errorOf(result: Result<unknown>): UnleashError {
  if (result.ok) throw new Error('This should have failed');
  return result.error;
}

describe.for([
  { version: '8.2.0', adminTokens: false, projectTokens: true },
  { version: '6.10.1', adminTokens: false, projectTokens: true },
  { version: '4.19.5', adminTokens: true, projectTokens: false },
])('the client on Unleash $version', ({ version, adminTokens, projectTokens }) => {
  let unleash: SharedUnleash & { stop?: () => Promise<void> };
  let admin: AdminClient;
  let editor: AdminClient;
  let viewer: AdminClient;
  let server: Server;
  const environment = 'development';

  beforeAll(async () => {
    unleash = version === DEFAULT_VERSION ? sharedUnleash() : await startUnleash({ version });
    admin = await sessionOf(unleash, unleash.url);
    editor = await sessionOf(await unleash.createUser('Editor'), unleash.url);
    viewer = await sessionOf(await unleash.createUser('Viewer'), unleash.url);
    server = value(await readServer(admin));
  });

  afterAll(async () => {
    await unleash?.stop?.();
  });

  const backend = (name: string) => ({
    kind: 'backend' as const,
    name,
    projects: ['default'],
    environment,
    expiresAt: null,
  });

  describe('who we are and what we may do', () => {
    it('says its version, our name and our role', () => {
      expect(server).toMatchObject({
        version,
        identity: { is: 'person', name: unleash.username },
        isAdmin: true,
        role: 'Admin',
        features: { adminApiTokens: adminTokens, projectApiTokens: projectTokens, pats: true },
      });
    });

    it('offers an admin every kind that this version makes, for all projects', () => {
      expect(abilitiesOf(server, ['default'])).toEqual({
        kinds: ['backend', 'frontend', 'personal', ...(adminTokens ? ['admin'] : [])],
        projects: { backend: 'all', frontend: 'all' },
        missing: [],
        role: 'Admin',
      });
    });

    it('offers an editor tokens for the projects that he may make them in', async () => {
      const abilities = abilitiesOf(value(await readServer(editor)), ['default']);
      expect(abilities.role).toBe('Editor');
      if (projectTokens) {
        expect(abilities.kinds).toEqual(['backend', 'frontend', 'personal']);
        expect(abilities.projects).toEqual({ backend: ['default'], frontend: ['default'] });
      } else {
        expect(abilities.kinds).toContain('personal');
      }
    });

    it('offers a viewer personal tokens alone, and names the rights that are missing', async () => {
      const abilities = abilitiesOf(value(await readServer(viewer)), ['default']);
      expect(abilities).toEqual({
        kinds: ['personal'],
        projects: { backend: [], frontend: [] },
        missing: projectTokens
          ? ['CREATE_CLIENT_API_TOKEN', 'CREATE_PROJECT_API_TOKEN', 'CREATE_FRONTEND_API_TOKEN']
          : ['CREATE_API_TOKEN'],
        role: 'Viewer',
      });
    });

    it('lists projects and environments', async () => {
      expect(value(await listProjects(admin))).toContainEqual({ id: 'default', name: 'Default' });
      expect(value(await listEnvironments(admin))).toContainEqual({
        name: 'development',
        type: 'development',
        enabled: true,
      });
    });
  });

  describe('API tokens', () => {
    it('makes backend and frontend tokens for one project, that read as what was asked for', async () => {
      for (const kind of ['backend', 'frontend'] as const) {
        const expiresAt = inDays(7);
        const made = value(
          await createApiToken(admin, server, { ...backend(`one ${kind}`), kind, expiresAt }),
        );
        expect(made).toMatchObject({
          kind,
          name: `one ${kind}`,
          projects: ['default'],
          environment,
          expiresAt,
          shownOnce: false,
          through: 'global',
        });
        expect(parseToken(made.secret)).toEqual({
          kind: 'api',
          scope: { of: 'project', project: 'default' },
          environment,
          storage: 'plain',
        });
      }
    });

    it('makes a token for all current and future projects, without an end', async () => {
      const made = value(
        await createApiToken(admin, server, { ...backend('all'), projects: ['*'] }),
      );
      expect(made).toMatchObject({ projects: ['*'], expiresAt: null });
      expect(parseToken(made.secret)).toMatchObject({ scope: { of: 'all' } });
    });

    if (adminTokens)
      it('makes an admin token', async () => {
        const made = value(
          await createApiToken(admin, server, { ...backend('root'), kind: 'admin' }),
        );
        expect(parseToken(made.secret)).toEqual({ kind: 'admin', storage: 'plain' });
        expect(value(await whoIs(withToken(unleash.url, made.secret))).identity).toEqual({
          is: 'admin-token',
          name: 'root',
        });
      });

    if (!adminTokens)
      it('says that it makes no admin tokens', async () => {
        const asked = { ...backend('root'), kind: 'admin' as const };
        expect(errorOf(await createApiToken(admin, server, asked)).code).toBe(
          'permission.admin-tokens',
        );
        // The same from the server itself, should our table of versions be behind.
        const features = { ...server.features, adminApiTokens: true };
        const error = errorOf(await createApiToken(admin, { ...server, features }, asked));
        expect(['permission.admin-tokens', 'api-token.kind', 'api-token.scope']).toContain(
          error.code,
        );
      });

    it('lists what was made, secrets too, and deletes it', async () => {
      const made = value(await createApiToken(admin, server, backend('short-lived')));
      const listed = value(await listApiTokens(admin));
      expect(listed.find((token) => token.key === made.key)).toMatchObject({
        name: 'short-lived',
        kind: 'backend',
        secret: made.secret,
        projects: ['default'],
        environment,
      });
      value(await deleteApiToken(admin, made.key));
      const after = value(await listApiTokens(admin));
      expect(after.some((token) => token.key === made.key)).toBe(false);
    });

    const ofKey = async (client: AdminClient, key: string) =>
      value(await listApiTokens(client)).find((token) => token.key === key);

    it('gives a token another end, or none, and leaves everything else as it was', async () => {
      const made = value(
        await createApiToken(admin, server, { ...backend('extended'), expiresAt: inDays(1) }),
      );
      const later = inDays(60);
      value(await extendApiToken(admin, made.key, later));
      expect(await ofKey(admin, made.key)).toEqual({
        ...(await ofKey(admin, made.key)),
        name: 'extended',
        secret: made.secret,
        projects: ['default'],
        environment,
        expiresAt: later,
      });
      value(await extendApiToken(admin, made.key, null));
      const end = (await ofKey(admin, made.key))?.expiresAt ?? '';
      expect(isNever(end, new Date())).toBe(true);
      expect(errorOf(await extendApiToken(admin, made.key, inDays(-1))).code).toBe('expiry.past');
    });

    it('says nothing of a token that is gone, or that it is', async () => {
      const made = value(await createApiToken(admin, server, backend('gone')));
      value(await deleteApiToken(admin, made.key));
      value(await deleteApiToken(admin, made.key));
      const extended = await extendApiToken(admin, made.key, inDays(1));
      if (!extended.ok) expect(extended.error.code).toBe('server.not-found');
      expect(JSON.stringify(extended)).not.toContain(made.secret.slice(-40));
    });

    it('has rights over a token that are what the server allows', async () => {
      const made = value(await createApiToken(admin, server, backend('rights')));
      const listed = await ofKey(admin, made.key);
      if (!listed) throw new Error('not listed');
      expect(rightsOver(server, listed)).toEqual({ extend: true, revoke: 'global' });
      for (const person of [editor, viewer]) {
        const rights = rightsOver(value(await readServer(person)), listed);
        if (!rights.extend) {
          const error = errorOf(await extendApiToken(person, made.key, inDays(1)));
          expect(error.code).toBe('permission.missing');
          expect(JSON.stringify(error)).not.toContain(made.secret.slice(-40));
        }
        if (rights.revoke !== 'global') {
          expect(errorOf(await deleteApiToken(person, made.key)).code).toBe('permission.missing');
        }
      }
      const his = rightsOver(value(await readServer(editor)), listed);
      if (projectTokens) expect(his).toEqual({ extend: false, revoke: { project: 'default' } });
      if (projectTokens) value(await deleteApiToken(editor, made.key, 'default'));
      else value(await deleteApiToken(admin, made.key));
    });

    it.for(ODD_NAMES)('keeps the odd name %j as it is', async (name) => {
      const made = value(await createApiToken(admin, server, backend(name)));
      expect(made.name).toBe(name);
      const listed = value(await listApiTokens(admin));
      expect(listed.find((token) => token.key === made.key)?.name).toBe(name);
    });

    it('says that a project does not exist', async () => {
      const error = errorOf(
        await createApiToken(admin, server, { ...backend('x'), projects: ['nope'] }),
      );
      expect(error).toMatchObject({ concern: 'input' });
      expect(['api-token.project-unknown', 'api-token.scope']).toContain(error.code);
    });

    it('says that an environment does not exist, and never that an admin lacks a right', async () => {
      const error = errorOf(
        await createApiToken(admin, server, { ...backend('x'), environment: 'nope' }),
      );
      expect(error.concern).toBe('input');
      expect(['api-token.environment-unknown', 'api-token.scope']).toContain(error.code);
    });

    it('refuses an end in the past before the server makes a dead token of it', async () => {
      const error = errorOf(
        await createApiToken(admin, server, { ...backend('dead'), expiresAt: inDays(-1) }),
      );
      expect(error).toMatchObject({ code: 'expiry.past', field: 'expires' });
      const listed = value(await listApiTokens(admin));
      expect(listed.some((token) => token.name === 'dead')).toBe(false);
    });

    if (projectTokens)
      it('lets an editor make one through the project, and delete it there', async () => {
        const his = value(await readServer(editor));
        const made = value(await createApiToken(editor, his, backend('by editor')));
        expect(made).toMatchObject({ through: 'project', projects: ['default'] });
        const listed = value(await listApiTokens(editor, 'default'));
        expect(listed.some((token) => token.name === 'by editor')).toBe(true);
        value(await deleteApiToken(editor, made.key, 'default'));
        const after = value(await listApiTokens(editor, 'default'));
        expect(after.some((token) => token.name === 'by editor')).toBe(false);
      });

    if (projectTokens)
      it('does not widen what an editor asked for beyond one project', async () => {
        const his = value(await readServer(editor));
        const error = errorOf(
          await createApiToken(editor, his, { ...backend('all'), projects: ['*'] }),
        );
        expect(error).toMatchObject({ code: 'permission.missing', status: 403 });
      });

    it('tells a viewer which rights he lacks', async () => {
      const his = value(await readServer(viewer));
      const error = errorOf(await createApiToken(viewer, his, backend('x')));
      expect(error).toMatchObject({ code: 'permission.missing', concern: 'permission' });
      expect(error.permissions).toContain(
        projectTokens ? 'CREATE_CLIENT_API_TOKEN' : 'CREATE_API_TOKEN',
      );
      if (projectTokens) expect(error.permissions).toContain('CREATE_PROJECT_API_TOKEN');
      expect(error.message).toContain('Ask an Unleash admin for');
    });
  });

  describe('personal tokens', () => {
    it('makes one that works at once, lists it without its secret, and deletes it', async () => {
      const expiresAt = inDays(30);
      const made = value(await createPat(admin, { description: 'ci', expiresAt }));
      expect(made).toMatchObject({ description: 'ci', expiresAt, never: false });
      expect(parseToken(made.secret)).toEqual({ kind: 'personal', storage: 'plain' });

      const holder = withToken(unleash.url, made.secret);
      expect(value(await whoIs(holder)).identity).toMatchObject({
        is: 'person',
        name: unleash.username,
      });

      const listed = value(await listPats(admin));
      expect(listed.find((pat) => pat.id === made.id)?.description).toBe('ci');
      expect(JSON.stringify(listed)).not.toContain(made.secret.slice(5));

      value(await deletePat(admin, made.id));
      expect(errorOf(await whoIs(holder)).code).toBe('auth.token-refused');
      // Gone is gone, however often it is asked for.
      value(await deletePat(admin, made.id));
    });

    it('makes one that never ends', async () => {
      const made = value(await createPat(admin, { description: 'for ever', expiresAt: null }));
      expect(made.never).toBe(true);
      expect(Date.parse(made.expiresAt)).toBeGreaterThan(Date.now() + 900 * 365 * DAY_MS);
      value(await deletePat(admin, made.id));
    });

    it('suggests a free description for one that is taken', async () => {
      const one = value(
        await createPat(viewer, { description: 'tf-2026-11', expiresAt: inDays(1) }),
      );
      const two = value(
        await createPat(viewer, { description: 'tf-2026-11-2', expiresAt: inDays(1) }),
      );
      const error = errorOf(
        await createPat(viewer, { description: 'tf-2026-11', expiresAt: inDays(1) }),
      );
      expect(error).toMatchObject({
        code: 'pat.description-exists',
        field: 'name',
        suggestion: 'tf-2026-11-3',
      });
      for (const pat of [one, two]) value(await deletePat(viewer, pat.id));
    });

    it.for(ODD_NAMES)('keeps the odd description %j as it is', async (description) => {
      const made = value(await createPat(editor, { description, expiresAt: inDays(1) }));
      const listed = value(await listPats(editor));
      expect(listed.find((pat) => pat.id === made.id)?.description).toBe(description);
      value(await deletePat(editor, made.id));
    });

    it('says that ten are the limit', async () => {
      const account = await sessionOf(await unleash.createUser('Viewer'), unleash.url);
      for (let number = 1; number <= PAT_LIMIT; number += 1) {
        value(await createPat(account, { description: `n${number}`, expiresAt: inDays(1) }));
      }
      const error = errorOf(await createPat(account, { description: 'n11', expiresAt: inDays(1) }));
      expect(error).toMatchObject({ code: 'pat.limit', status: 403 });
      expect(error.title).toContain('10');
    });

    it('refuses an end in the past and an empty description by itself', async () => {
      const past = await createPat(admin, { description: 'x', expiresAt: inDays(-1) });
      expect(errorOf(past)).toMatchObject({ code: 'expiry.past', field: 'expires' });
      const empty = await createPat(admin, { description: ' ', expiresAt: inDays(1) });
      expect(errorOf(empty)).toMatchObject({ code: 'pat.description-empty', field: 'name' });
    });

    it('finds the same when it is the server that refuses: a clock that is behind', async () => {
      const behind = createAdminClient({
        fetch: browserFetch(await unleash.login()),
        baseUrl: unleash.url,
        credential: { by: 'session' },
        now: () => new Date(Date.now() - 10 * DAY_MS),
      });
      const past = await createPat(behind, { description: 'x', expiresAt: inDays(-1) });
      expect(errorOf(past)).toMatchObject({ code: 'expiry.past', status: 400 });
    });
  });

  describe('credentials that do not work', () => {
    it('tells a session that has ended where to log in', async () => {
      const nobody = createAdminClient({
        fetch: browserFetch('unleash-session=gone'),
        baseUrl: unleash.url,
        credential: { by: 'session' },
      });
      expect(errorOf(await createPat(nobody, { description: 'x', expiresAt: null }))).toMatchObject(
        {
          code: 'auth.not-logged-in',
          loginUrl: `${unleash.url}/login`,
        },
      );
    });

    it('tells an SDK token from a personal one', async () => {
      const made = value(await createApiToken(admin, server, backend('sdk')));
      const error = errorOf(await whoIs(withToken(unleash.url, made.secret)));
      expect(error.code).toBe('auth.token-kind');
      expect(JSON.stringify(error)).not.toContain(made.secret.slice(-40));
    });

    it('says that a token nobody issued was refused', async () => {
      const error = errorOf(await whoIs(withToken(unleash.url, `user:${'0'.repeat(56)}`)));
      expect(error).toMatchObject({ code: 'auth.token-refused', concern: 'credential' });
    });

    if (adminTokens)
      it('says that an admin token has no personal tokens', async () => {
        const made = value(
          await createApiToken(admin, server, { ...backend('robot'), kind: 'admin' }),
        );
        const robot = withToken(unleash.url, made.secret);
        const his = value(await readServer(robot));
        expect(his.features.pats).toBe(false);
        expect(JSON.stringify(his)).not.toContain(made.secret.slice(-40));
      });
  });
});

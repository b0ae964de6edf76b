/** The admin API client on servers whose operator has changed what can be changed: path, storage, log-in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseToken } from '../../shared/token/grammar.ts';
import { abilitiesOf } from '../../shared/unleash/abilities.ts';
import { createApiToken, deleteApiToken, listApiTokens } from '../../shared/unleash/api-tokens.ts';
import { candidateBaseUrls } from '../../shared/unleash/base-url.ts';
import { type AdminClient, createAdminClient } from '../../shared/unleash/client.ts';
import type { Result } from '../../shared/unleash/errors.ts';
import { createPat, deletePat } from '../../shared/unleash/pats.ts';
import { recognise } from '../../shared/unleash/recognise.ts';
import { readServer } from '../../shared/unleash/server.ts';
import { whoIs } from '../../shared/unleash/who.ts';
import { startUnleash, type Unleash } from '../real-unleash/index.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';

const tomorrow = () => new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString();

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

const codeOf = (result: Result<unknown>) => (result.ok ? 'ok' : result.error.code);

function session(baseUrl: string, cookie: string): AdminClient {
  return createAdminClient({
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, cookie } }),
    baseUrl,
    credential: { by: 'session' },
  });
}

const withToken = (baseUrl: string, token: string) =>
  createAdminClient({ fetch, baseUrl, credential: { by: 'token', token } });

const found = async (address: string) => recognise(value(candidateBaseUrls(address)), { fetch });

describe('an Unleash at the root of its host', () => {
  it.for([
    '',
    '/',
    '/admin/api',
    '/admin/api/create-token',
    '/api/admin',
    '/api/admin/user/tokens',
    '/projects/default/settings/api-access',
    '/projects/default/features/new-checkout',
    '/personal',
    '/profile/personal-api-tokens',
    '/docs/openapi/',
    '//admin//api//',
  ])('is found from a pasted address that ends in "%s"', async (pasted) => {
    const { url } = sharedUnleash();
    expect(value(await found(url + pasted))).toEqual({ baseUrl: url, loggedIn: false });
  });

  it('is found without a scheme, for this machine', async () => {
    const { port } = sharedUnleash();
    expect(value(await found(`127.0.0.1:${port}/projects`)).baseUrl).toBe(
      `http://127.0.0.1:${port}`,
    );
  });

  it("says whether the session that goes along is somebody's", async () => {
    const unleash = sharedUnleash();
    const cookie = await unleash.login();
    const address = value(candidateBaseUrls(unleash.url));
    const told = await recognise(address, {
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, cookie } }),
      cookies: 'include',
    });
    expect(value(told).loggedIn).toBe(true);
  });
});

describe('an Unleash below a path, with secure storage of both kinds of tokens', () => {
  let unleash: Unleash;
  let admin: AdminClient;

  beforeAll(async () => {
    unleash = await startUnleash({
      basePath: '/flags',
      env: {
        UNLEASH_EXPERIMENTAL_SECURE_TOKEN: 'true',
        UNLEASH_EXPERIMENTAL_SECURE_ACCOUNT_TOKEN: 'true',
      },
    });
    admin = session(unleash.url, await unleash.login());
  });

  afterAll(async () => unleash?.stop());

  it.for(['', '/', '/admin/api', '/projects/default/features/x', '/api/admin/user'])(
    'is found from a pasted address that ends in "/flags%s"',
    async (pasted) => {
      expect(value(await found(unleash.url + pasted)).baseUrl).toBe(unleash.url);
    },
  );

  it('is not found beside its path, and its pages are not taken for it', async () => {
    expect(codeOf(await found(`http://127.0.0.1:${unleash.port}`))).toBe('server.not-unleash');
    const beside = withToken(`http://127.0.0.1:${unleash.port}`, `user:${'0'.repeat(56)}`);
    expect(codeOf(await whoIs(beside))).toBe('server.not-unleash');
  });

  it('says where to log in, below the path', async () => {
    const nobody = await whoIs(session(unleash.url, 'unleash-session=gone'));
    expect(nobody.ok ? null : nobody.error.loginUrl).toBe(`${unleash.url}/login`);
  });

  it('makes API tokens that are shown once, lists them without a secret, deletes them by selector', async () => {
    const server = value(await readServer(admin));
    expect(server.features.secureApiTokens).toBe(true);
    const made = value(
      await createApiToken(admin, server, {
        kind: 'backend',
        name: 'once',
        projects: ['default'],
        environment: 'development',
        expiresAt: null,
      }),
    );
    expect(made.shownOnce).toBe(true);
    expect(parseToken(made.secret)).toMatchObject({ kind: 'api', storage: 'secure' });
    const listed = value(await listApiTokens(admin)).find((token) => token.name === 'once');
    expect(listed?.secret).toBeNull();
    expect(made.secret).toContain(listed?.key);
    value(await deleteApiToken(admin, listed?.key ?? ''));
    expect(value(await listApiTokens(admin)).some((token) => token.name === 'once')).toBe(false);
  });

  it("says that a project does not exist, although the server fails with its database's words", async () => {
    const server = value(await readServer(admin));
    const made = await createApiToken(admin, server, {
      kind: 'backend',
      name: 'x',
      projects: ['nope'],
      environment: 'development',
      expiresAt: null,
    });
    expect(['api-token.project-unknown', 'api-token.scope']).toContain(codeOf(made));
  });

  it('makes personal tokens of the second form, which work', async () => {
    const made = value(await createPat(admin, { description: 'v2', expiresAt: tomorrow() }));
    expect(parseToken(made.secret)).toEqual({ kind: 'personal', storage: 'secure' });
    const who = value(await whoIs(withToken(unleash.url, made.secret)));
    expect(who.identity).toMatchObject({ is: 'person', name: 'admin' });
    value(await deletePat(admin, made.id));
  });
});

describe('an Unleash with personal tokens turned off', () => {
  let unleash: Unleash;
  beforeAll(async () => {
    unleash = await startUnleash({ env: { UNLEASH_PAT_KILL_SWITCH: 'true' } });
  });
  afterAll(async () => unleash?.stop());

  it('offers none, and says why when one is asked for all the same', async () => {
    const admin = session(unleash.url, await unleash.login());
    const server = value(await readServer(admin));
    expect(abilitiesOf(server, ['default']).kinds).toEqual(['backend', 'frontend']);
    const made = await createPat(admin, { description: 'x', expiresAt: tomorrow() });
    expect(codeOf(made)).toBe('pat.disabled');
  });
});

describe('an Unleash that asks nobody to log in', () => {
  let unleash: Unleash;
  beforeAll(async () => {
    unleash = await startUnleash({ env: { AUTH_TYPE: 'none' } });
  });
  afterAll(async () => unleash?.stop());

  it('is recognised, and offers API tokens but no personal ones', async () => {
    expect(value(await found(unleash.url))).toEqual({ baseUrl: unleash.url, loggedIn: true });
    const server = value(await readServer(session(unleash.url, '')));
    expect(abilitiesOf(server, ['default']).kinds).toEqual(['backend', 'frontend']);
  });
});

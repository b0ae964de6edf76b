import { describe, expect, it } from 'vitest';
import { createApiToken } from '../../shared/unleash/api-tokens.ts';
import { candidateBaseUrls } from '../../shared/unleash/base-url.ts';
import { type Credential, createAdminClient } from '../../shared/unleash/client.ts';
import type { Result, UnleashError } from '../../shared/unleash/errors.ts';
import { listProjects } from '../../shared/unleash/projects.ts';
import { recognise } from '../../shared/unleash/recognise.ts';
import { readServer } from '../../shared/unleash/server.ts';

const BASE = 'https://unleash.example.com/flags';

type Sent = { url: string; init: RequestInit };

/** A browser's fetch, for what only a browser does or sees. Every call that is not foreseen fails the test. */
function browser(answers: Record<string, unknown>) {
  const sent: Sent[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    sent.push({ url, init });
    const call = `${init.method} ${url.slice(BASE.length)}`;
    if (!(call in answers)) throw new Error(`The test did not foresee ${call}`);
    const answer = answers[call];
    if (answer instanceof Response) return answer;
    if (answer instanceof Error) throw answer;
    return Response.json(answer);
  };
  return { fetch, sent };
}

/** What a browser gives for `redirect: 'manual'`: no status, no address, no body. */
const opaqueRedirect = () =>
  Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' });

function errorOf(result: Result<unknown>): UnleashError {
  if (result.ok) throw new Error('This should have failed');
  return result.error;
}

const client = (
  fetch: ReturnType<typeof browser>['fetch'],
  credential: Credential = { by: 'session' },
) => createAdminClient({ fetch, baseUrl: BASE, credential });

const TOKEN = `user:${'f'.repeat(56)}`;

describe('every call', () => {
  it('of a session goes with its cookie, without a token, past the cache, and follows nothing', async () => {
    const { fetch, sent } = browser({ 'GET /api/admin/projects': { projects: [] } });
    expect((await listProjects(client(fetch))).ok).toBe(true);
    expect(sent[0]?.init).toMatchObject({
      credentials: 'include',
      cache: 'no-store',
      redirect: 'manual',
      referrerPolicy: 'no-referrer',
      headers: { accept: 'application/json' },
    });
    expect(Object.keys(sent[0]?.init.headers ?? {})).toEqual(['accept']);
  });

  it('of a token goes bare and without any cookie, for a cookie would beat it', async () => {
    const { fetch, sent } = browser({ 'GET /api/admin/projects': { projects: [] } });
    await listProjects(client(fetch, { by: 'token', token: TOKEN }));
    expect(sent[0]?.init).toMatchObject({
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'manual',
      headers: { authorization: TOKEN },
    });
  });
});

describe('in a browser', () => {
  it('a redirect that shows nothing of itself leads to the tab, where a person can see it', async () => {
    const { fetch } = browser({ 'GET /api/admin/projects': opaqueRedirect() });
    const error = errorOf(await listProjects(client(fetch)));
    expect(error.code).toBe('server.redirect');
    expect(error.advice).toContain(`Open ${BASE} in a tab`);
  });

  it('a failure without a reason names the certificate as one that it may be', async () => {
    const { fetch } = browser({ 'GET /api/admin/projects': new TypeError('Failed to fetch') });
    const error = errorOf(await listProjects(client(fetch)));
    expect(error.code).toBe('server.unreachable');
    expect(error.advice).toContain('certificate');
    expect(error.message).not.toContain('Failed to fetch');
  });

  it('a log-in in front of Unleash is told from no Unleash', async () => {
    const { fetch } = browser({
      'GET /health': opaqueRedirect(),
      'GET /api/admin/user': opaqueRedirect(),
    });
    const address = candidateBaseUrls(BASE);
    if (!address.ok) throw new Error(address.error.code);
    const found = await recognise(
      { ...address.value, candidates: [BASE] },
      { fetch, cookies: 'include' },
    );
    expect(errorOf(found).code).toBe('server.redirect');
  });
});

describe('a server that does not say its version', () => {
  const user = { user: { id: 3, username: 'ada' }, permissions: [{ permission: 'ADMIN' }] };
  const profile = { rootRole: { name: 'Admin' } };

  it('is asked for its OpenAPI', async () => {
    const { fetch } = browser({
      'GET /api/admin/user': user,
      'GET /api/admin/user/profile': profile,
      'GET /api/admin/ui-config': { version: '0.0.0', versionInfo: { current: {} }, flags: {} },
      'GET /docs/openapi.json': {
        openapi: '3.0.3',
        info: { title: 'Unleash API', version: '5.4.0' },
      },
    });
    const server = await readServer(client(fetch));
    expect(server.ok ? server.value : null).toMatchObject({
      version: '5.4.0',
      features: { adminApiTokens: true, apiTokenNameField: 'tokenName' },
    });
  });

  it('is taken for the newest when it has none, and its role may stay hidden', async () => {
    const { fetch } = browser({
      'GET /api/admin/user': user,
      'GET /api/admin/user/profile': Response.json({ message: 'no' }, { status: 403 }),
      'GET /api/admin/ui-config': {},
      'GET /docs/openapi.json': new Response('<!doctype html>', {
        headers: { 'content-type': 'text/html' },
      }),
    });
    const server = await readServer(client(fetch));
    expect(server.ok ? server.value : null).toMatchObject({
      version: '',
      role: null,
      features: { adminApiTokens: false, apiTokenNameField: 'tokenName' },
    });
  });
});

describe('a token that was refused everywhere', () => {
  it('names the rights of both ways, and what the second way said when that was something else', async () => {
    const server = await readServer(
      client(
        browser({
          'GET /api/admin/user': { user: { id: 3, username: 'ada' }, permissions: [] },
          'GET /api/admin/user/profile': {},
          'GET /api/admin/ui-config': { version: '8.2.0' },
        }).fetch,
      ),
    );
    if (!server.ok) throw new Error(server.error.code);
    const wanted = {
      kind: 'backend' as const,
      name: 'ci',
      projects: ['web shop'],
      environment: 'production',
      expiresAt: null,
    };
    const refusal = (permission: string) =>
      Response.json(
        { name: 'PermissionError', permissions: ['ADMIN', permission] },
        { status: 403 },
      );
    const both = browser({
      'POST /api/admin/api-tokens': refusal('CREATE_CLIENT_API_TOKEN'),
      'POST /api/admin/projects/web%20shop/api-tokens': refusal('CREATE_PROJECT_API_TOKEN'),
    });
    expect(
      errorOf(await createApiToken(client(both.fetch), server.value, wanted)).permissions,
    ).toEqual(['ADMIN', 'CREATE_CLIENT_API_TOKEN', 'CREATE_PROJECT_API_TOKEN']);
    const disabled = browser({
      'POST /api/admin/api-tokens': refusal('CREATE_CLIENT_API_TOKEN'),
      'POST /api/admin/projects/web%20shop/api-tokens': Response.json(
        { message: 'Client token cannot be scoped to disabled environments' },
        { status: 400 },
      ),
    });
    expect(errorOf(await createApiToken(client(disabled.fetch), server.value, wanted)).code).toBe(
      'api-token.environment-disabled',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { makeClient } from '../../proxy/clients/table.ts';
import type { DataContext } from '../../proxy/data/context.ts';
import { explainRequest } from '../../proxy/data/explain.ts';
import { STEPS } from '../../proxy/data/pipeline.ts';
import { ERRORS, errorBody, refuse } from '../../proxy/errors.ts';
import type { Access, Profile } from '../../proxy/profiles/profile.ts';

const profile: Profile = {
  name: 'prod',
  url: 'https://unleash.example.com',
  access: 'write',
  source: { from: 'stored', store: 'memory' },
  ca: null,
  clientCertificate: null,
  compression: 'identity',
  rules: [],
  allowHttp: false,
  unattended: false,
};

function contextOf(more: Partial<DataContext> = {}): DataContext {
  return {
    now: () => Date.now(),
    clientByTokenHash: () => undefined,
    profileByName: () => undefined,
    clientRules: () => [],
    currentProfile: () => profile,
    secretOf: () => {
      throw new Error('explain must not read the secret');
    },
    readOnly: false,
    audit: () => undefined,
    upstreamUnauthorized: () => undefined,
    ...more,
  };
}

function clientOf(access: Access, mint = false) {
  return makeClient({ name: 'script', profile: null, access, mint, ttlMs: null }, Date.now())
    .client;
}

const FEATURES = '/api/admin/projects/default/features';

describe('explain', () => {
  it('names every step of the pipeline, in its order', () => {
    const asked = { method: 'GET', path: '/api/admin/projects', client: clientOf('read') };
    const { steps, ...rest } = explainRequest(contextOf(), asked);
    expect(steps.map(({ step }) => step)).toEqual(STEPS.map(({ name }) => name));
    expect(rest).toEqual({
      operation: 'getProjects',
      verdict: 'allowed',
      code: null,
      status: null,
    });
  });

  it('says which step refuses by which rule, and asks no step after it', () => {
    const asked = { method: 'post', path: FEATURES, client: clientOf('read') };
    const explained = explainRequest(contextOf(), asked);
    expect(explained).toMatchObject({
      operation: 'createFeature',
      verdict: 'refused',
      code: 'policy.read_only',
      status: 403,
    });
    const verdicts = explained.steps.map(({ verdict }) => verdict);
    const at = verdicts.indexOf('refuse');
    expect(explained.steps[at]).toEqual({
      step: 'access',
      verdict: 'refuse',
      rule: 'client "script" has access read',
    });
    expect(new Set(verdicts.slice(0, at))).toEqual(new Set(['pass']));
    expect(new Set(verdicts.slice(at + 1))).toEqual(new Set(['skip']));
  });

  it.each<[string, Access, Access, boolean, string | null]>([
    ['the client reads', 'write', 'read', false, 'policy.read_only'],
    ['the profile reads', 'read', 'write', false, 'policy.read_only'],
    ['the profile asks', 'ask', 'write', false, 'policy.read_only'],
    ['the proxy reads', 'write', 'write', true, 'policy.read_only'],
    ['both write', 'write', 'write', false, null],
  ])('counts the lower of all: %s', (_name, ofProfile, ofClient, readOnly, code) => {
    const current = { ...profile, access: ofProfile };
    const context = contextOf({ readOnly, currentProfile: () => current });
    const asked = { method: 'POST', path: FEATURES, client: clientOf(ofClient) };
    expect(explainRequest(context, asked).code).toBe(code);
  });

  it.each<[string, string, boolean, string | null]>([
    ['POST', '/api/admin/user/tokens', false, 'policy.mint'],
    ['POST', '/api/admin/user/tokens', true, null],
    ['GET', '/api/admin/api-tokens', false, 'policy.mint'],
    ['POST', '/api/admin/never-heard-of', false, 'policy.mint'],
    ['GET', '/api/admin/never-heard-of', false, null],
    ['HEAD', '/api/admin/projects', false, null],
    ['POST', '/api/admin/features-batch/export', false, null],
    ['GET', '/logout', true, 'target.path'],
    ['GET', '/api/client/../admin/projects', true, 'target.path'],
    ['TRACE', '/api/admin/projects', true, 'target.method'],
  ])('knows %s %s, mint %s', (method, path, mint, code) => {
    expect(
      explainRequest(contextOf(), { method, path, client: clientOf('write', mint) }).code,
    ).toBe(code);
  });

  it('asks for a caller of the socket where no client is named; that one never mints', () => {
    const tokens = { method: 'POST', path: '/api/admin/user/tokens', client: null };
    expect(explainRequest(contextOf(), tokens).code).toBe('policy.mint');
    expect(explainRequest(contextOf(), { ...tokens, path: FEATURES }).code).toBeNull();
  });

  it('says that there is no profile', () => {
    const context = contextOf({ currentProfile: () => undefined });
    const asked = { method: 'GET', path: '/api/admin/projects', client: null };
    expect(explainRequest(context, asked)).toMatchObject({
      code: 'secret.unavailable',
      status: 503,
    });
  });
});

describe('an error', () => {
  it("has Unleash's shape, and ends with the allowed way", () => {
    const body = JSON.parse(errorBody(refuse('policy.mint', 'No.'), 'the-id'));
    expect(body).toEqual({
      id: 'the-id',
      name: 'ForbiddenError',
      message: `No. ${ERRORS['policy.mint'].hint}.`,
      details: [expect.objectContaining({ message: body.message })],
    });
  });

  it.each<[keyof typeof ERRORS, number]>([
    ['target.form', 400],
    ['target.path', 404],
    ['request.framing', 400],
    ['target.method', 405],
    ['host.refused', 421],
    ['browser.refused', 403],
    ['caller.missing', 401],
    ['caller.unknown', 401],
    ['caller.expired', 401],
    ['request.headers', 431],
    ['request.body', 413],
    ['request.expect', 417],
    ['policy.mint', 403],
    ['policy.read_only', 403],
    ['policy.rule', 403],
    ['approval.denied', 403],
    ['approval.timeout', 403],
    ['caller.limit', 429],
    ['upstream.unreachable', 502],
    ['upstream.reset', 502],
    ['upstream.tls', 502],
    ['upstream.encoding', 502],
    ['secret.unavailable', 503],
    ['proxy.draining', 503],
    ['upstream.timeout', 504],
  ])('%s has status %i, as the design has it', (code, status) => {
    expect(ERRORS[code].status).toBe(status);
  });
});

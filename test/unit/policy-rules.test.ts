import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeClient } from '../../proxy/clients/table.ts';
import type { DataContext } from '../../proxy/data/context.ts';
import { explainRequest } from '../../proxy/data/explain.ts';
import { compileGlob } from '../../proxy/policy/glob.ts';
import { globFault } from '../../proxy/policy/known-words.ts';
import type { Rule } from '../../proxy/policy/rule.ts';
import { profileFor } from '../conformance/kit/port.ts';

type Asked = {
  profile?: readonly Rule[];
  client?: readonly Rule[];
  mint?: boolean;
  body?: unknown;
  /** The body's bytes, where they are no JSON. */
  bytes?: Buffer;
};

const client = (mint: boolean) =>
  makeClient({ name: 'script', profile: null, access: 'write', mint, ttlMs: null }, Date.now())
    .client;

/** What the whole pipeline says to a request under these rules; nothing is sent. */
function explained(method: string, path: string, asked: Asked) {
  const profile = profileFor('https://unleash.example.com', { rules: asked.profile ?? [] });
  const context: DataContext = {
    now: () => Date.now(),
    clientByTokenHash: () => undefined,
    profileByName: () => profile,
    currentProfile: () => profile,
    clientRules: (name) => (name === 'script' ? (asked.client ?? []) : []),
    secretOf: () => ({ ok: false, message: '', hint: '' }),
    readOnly: false,
    audit: () => undefined,
    upstreamUnauthorized: () => undefined,
  };
  const body =
    asked.bytes ?? (asked.body === undefined ? null : Buffer.from(JSON.stringify(asked.body)));
  return explainRequest(context, { method, path, client: client(asked.mint ?? false), body });
}

const codeOf = (method: string, path: string, asked: Asked) => explained(method, path, asked).code;

const P = '/api/admin/projects/shop';
const toggle = (environment: string) => `${P}/features/search/environments/${environment}/on`;
const noProduction: Rule = { verdict: 'deny', environment: ['production'] };

describe('a rule', () => {
  test.each<[string, string, string, Rule, string | null]>([
    ['its environment', 'POST', toggle('production'), noProduction, 'policy.rule'],
    ['another environment', 'POST', toggle('development'), noProduction, null],
    ['its environment in other letters', 'POST', toggle('PRODUCTION'), noProduction, 'policy.rule'],
    ['its environment encoded', 'POST', toggle('%70roduction'), noProduction, 'policy.rule'],
    ['what changes all of them', 'DELETE', `${P}/features/search`, noProduction, 'policy.rule'],
    ['what changes none', 'POST', `${P}/favorites`, noProduction, null],
    ['a read that shows them', 'GET', `${P}/features/search`, noProduction, null],
    ['its project', 'GET', `${P}/features`, { verdict: 'deny', project: ['sh*'] }, 'policy.rule'],
    ['another project', 'GET', `${P}/features`, { verdict: 'deny', project: ['other'] }, null],
    [
      'a list of all projects',
      'GET',
      '/api/admin/projects',
      { verdict: 'deny', project: ['other'] },
      'policy.rule',
    ],
    [
      'its flag',
      'GET',
      `${P}/features/search`,
      { verdict: 'deny', flag: ['s?arch'] },
      'policy.rule',
    ],
    [
      'its operation',
      'GET',
      '/api/admin/segments',
      { verdict: 'deny', operation: ['getSegment*'] },
      'policy.rule',
    ],
    [
      'its tag',
      'GET',
      '/api/admin/segments',
      { verdict: 'deny', tag: ['segments'] },
      'policy.rule',
    ],
    ['its access', 'POST', `${P}/features`, { verdict: 'deny', access: ['write'] }, 'policy.rule'],
    ['another access', 'GET', `${P}/features`, { verdict: 'deny', access: ['write'] }, null],
    [
      'all of its subjects',
      'POST',
      toggle('production'),
      { verdict: 'deny', environment: ['production'], flag: ['search'] },
      'policy.rule',
    ],
    [
      'one of its two subjects',
      'POST',
      toggle('production'),
      { verdict: 'deny', environment: ['production'], flag: ['other'] },
      null,
    ],
    ['everything', 'GET', '/api/admin/user', { verdict: 'deny' }, 'policy.rule'],
    [
      'a strategy by its id, whichever environment is named',
      'PUT',
      `${P}/features/search/environments/development/strategies/7`,
      noProduction,
      'policy.rule',
    ],
    [
      'an unknown read, for projects',
      'GET',
      '/api/admin/never-heard-of',
      { verdict: 'deny', project: ['x'] },
      'policy.rule',
    ],
    [
      'an unknown read, for an operation that reads',
      'GET',
      '/api/admin/never-heard-of',
      { verdict: 'deny', operation: ['searchFeatures'] },
      'policy.rule',
    ],
    [
      'an unknown read, for an operation that does not',
      'GET',
      '/api/admin/never-heard-of',
      { verdict: 'deny', operation: ['deleteFeature'] },
      null,
    ],
  ])('that denies, asked for %s', (_, method, path, rule, code) => {
    expect(codeOf(method, path, { profile: [rule] })).toBe(code);
    expect(codeOf(method, path, { client: [rule] })).toBe(code);
  });

  test.each<[string, string, string, Rule, string | null]>([
    [
      'its environment',
      'POST',
      toggle('development'),
      { verdict: 'allow', environment: ['dev*'] },
      null,
    ],
    [
      'its environment in other letters',
      'POST',
      toggle('Development'),
      { verdict: 'allow', environment: ['dev*'] },
      'policy.rule',
    ],
    [
      'another environment',
      'POST',
      toggle('production'),
      { verdict: 'allow', environment: ['dev*'] },
      'policy.rule',
    ],
    [
      'what concerns all of them',
      'DELETE',
      `${P}/features/search`,
      { verdict: 'allow', environment: ['dev*'] },
      'policy.rule',
    ],
    [
      'what concerns all, where all are allowed',
      'DELETE',
      `${P}/features/search`,
      { verdict: 'allow', environment: ['*'] },
      null,
    ],
    [
      'what concerns none',
      'GET',
      '/api/admin/user',
      { verdict: 'allow', environment: ['*'] },
      'policy.rule',
    ],
    ['a read', 'GET', `${P}/features`, { verdict: 'allow', access: ['read'] }, null],
    [
      'a read that shows credentials',
      'GET',
      '/api/admin/api-tokens',
      { verdict: 'allow', access: ['read'] },
      'policy.rule',
    ],
    [
      'an unknown read',
      'GET',
      '/api/admin/never-heard-of',
      { verdict: 'allow', operation: ['get*'] },
      'policy.rule',
    ],
  ])(
    'that allows before one that denies everything, asked for %s',
    (_, method, path, rule, code) => {
      const rules: Rule[] = [rule, { verdict: 'deny' }];
      expect(codeOf(method, path, { profile: rules, mint: true })).toBe(code);
    },
  );

  test('decides when it is the first that matches', () => {
    const allow: Rule = { verdict: 'allow', environment: ['production'], flag: ['search'] };
    const path = toggle('production');
    expect(codeOf('POST', path, { profile: [allow, noProduction] })).toBeNull();
    expect(codeOf('POST', path, { profile: [noProduction, allow] })).toBe('policy.rule');
  });

  test('of the client narrows what the profile allows, and the other way round', () => {
    const allow: Rule = { verdict: 'allow' };
    const path = toggle('production');
    expect(codeOf('POST', path, { profile: [allow], client: [noProduction] })).toBe('policy.rule');
    expect(codeOf('POST', path, { profile: [noProduction], client: [allow] })).toBe('policy.rule');
  });

  test('is named in the refusal and in explain, by number and in its own words', () => {
    const { steps } = explained('POST', toggle('production'), {
      profile: [{ verdict: 'allow', access: ['read'] }, noProduction],
    });
    expect(steps.find(({ verdict }) => verdict === 'refuse')).toEqual({
      step: 'rules',
      verdict: 'refuse',
      rule: 'rule 2 of profile "test": deny environment=production',
    });
  });
});

describe('what only the body names', () => {
  const bulk = `${P}/bulk_features/environments/development/on`;
  const noBilling: Rule = { verdict: 'deny', flag: ['billing-*'] };
  const noSecret: Rule = { verdict: 'deny', project: ['secret'] };

  test.each<[string, string, string, Rule, unknown, string | null]>([
    [
      'a flag among others',
      'POST',
      bulk,
      noBilling,
      { features: ['search', 'billing-tax'] },
      'policy.rule',
    ],
    ['no such flag', 'POST', bulk, noBilling, { features: ['search'] }, null],
    ['no flag', 'POST', bulk, noBilling, { features: [] }, 'policy.rule'],
    ['nothing', 'POST', bulk, noBilling, {}, 'policy.rule'],
    ['what is no name', 'POST', bulk, noBilling, { features: [{ name: 'search' }] }, 'policy.rule'],
    [
      'what is no name beside one that is',
      'POST',
      bulk,
      noBilling,
      { features: ['search', null] },
      'policy.rule',
    ],
    ['a new flag', 'POST', `${P}/features`, noBilling, { name: 'billing-tax' }, 'policy.rule'],
    ['another new flag', 'POST', `${P}/features`, noBilling, { name: 'search' }, null],
    [
      'an environment',
      'POST',
      `${P}/environments`,
      noProduction,
      { environment: 'production' },
      'policy.rule',
    ],
    [
      'another environment',
      'POST',
      `${P}/environments`,
      noProduction,
      { environment: 'development' },
      null,
    ],
    [
      'one of several environments',
      'PUT',
      `${P}/features/search/variants-batch`,
      noProduction,
      { environments: ['development', 'production'], variants: [] },
      'policy.rule',
    ],
    [
      'a token for a project',
      'POST',
      '/api/admin/api-tokens',
      noSecret,
      { projects: ['secret'] },
      'policy.rule',
    ],
    [
      'a token for another project',
      'POST',
      '/api/admin/api-tokens',
      noSecret,
      { projects: ['shop'] },
      null,
    ],
    [
      'a token for all projects',
      'POST',
      '/api/admin/api-tokens',
      noSecret,
      { projects: ['*'] },
      'policy.rule',
    ],
    [
      'a token, by the word that 7 and 8 do not read',
      'POST',
      '/api/admin/api-tokens',
      noSecret,
      { project: 'shop' },
      'policy.rule',
    ],
    [
      'an export by project',
      'POST',
      '/api/admin/features-batch/export',
      noSecret,
      { project: 'shop', environment: 'x' },
      null,
    ],
    [
      'an export whose project does not count',
      'POST',
      '/api/admin/features-batch/export',
      noSecret,
      { project: 'shop', features: ['x'], environment: 'x' },
      'policy.rule',
    ],
    [
      'an import',
      'POST',
      '/api/admin/features-batch/import',
      noBilling,
      { project: 'shop', environment: 'x', data: { features: [{ name: 'search' }] } },
      null,
    ],
    [
      'an import with links of another flag',
      'POST',
      '/api/admin/features-batch/import',
      noBilling,
      { data: { features: [{ name: 'search' }], links: [{ feature: 'billing-tax', links: [] }] } },
      'policy.rule',
    ],
    [
      'a global segment',
      'POST',
      '/api/admin/segments',
      noSecret,
      { name: 'x', constraints: [] },
      null,
    ],
    [
      'a segment of a project',
      'POST',
      '/api/admin/segments',
      noSecret,
      { name: 'x', project: 'secret' },
      'policy.rule',
    ],
    [
      'a name that every object has',
      'POST',
      '/api/admin/segments',
      { verdict: 'deny', project: ['*'] },
      JSON.parse('{"__proto__":{"project":"x"}}'),
      null,
    ],
  ])('is held: %s', (_, method, path, rule, body, code) => {
    expect(codeOf(method, path, { profile: [rule], body, mint: true })).toBe(code);
  });

  test.each<[string, Buffer]>([
    ['is no JSON', Buffer.from('features=search')],
    ['is text in JSON', Buffer.from('"search"')],
    ['is not UTF-8', Buffer.from('{"features":["\xff"]}', 'latin1')],
    ['is UTF-16', Buffer.from('{"features":["search"]}', 'utf16le')],
    ['is longer than 64 KiB', Buffer.from(JSON.stringify({ features: ['x'.repeat(65_536)] }))],
  ])('is refused where it %s, and only where a rule needs it', (_, bytes) => {
    expect(codeOf('POST', bulk, { profile: [noBilling], bytes })).toBe('policy.rule');
    expect(codeOf('POST', bulk, { client: [{ verdict: 'allow', flag: ['search'] }], bytes })).toBe(
      'policy.rule',
    );
    expect(codeOf('POST', bulk, { profile: [noProduction], bytes })).toBeNull();
  });

  test('is not asked for where the path decides', () => {
    const rule: Rule = { verdict: 'deny', environment: ['production'], flag: ['billing-*'] };
    const { steps } = explained('POST', bulk, { profile: [rule], body: { features: ['x'] } });
    expect(steps.find(({ step }) => step === 'body-rules')?.rule).toBe('no rule goes by the body');
  });

  test('is one that nothing names, where there is no body', () => {
    expect(codeOf('POST', bulk, { profile: [noBilling] })).toBe('policy.rule');
  });
});

describe('a glob', () => {
  const slow = (glob: string) =>
    new RegExp(
      `^${[...glob].map((c) => (c === '*' ? '[^]*' : c === '?' ? '[^]' : `\\u{${c.codePointAt(0)?.toString(16)}}`)).join('')}$`,
      'u',
    );
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '🦊', '-'), maxLength: 12 });
  const glob = fc.string({ unit: fc.constantFrom('a', 'b', '🦊', '*', '?'), maxLength: 8 });

  test('means what the regular expression means', () => {
    fc.assert(
      fc.property(glob, text, (pattern, name) => {
        expect(compileGlob(pattern)(name)).toBe(slow(pattern).test(name));
      }),
      { numRuns: 5000 },
    );
  });

  test('that a regular expression would never end on has an end', () => {
    expect(compileGlob(`${'a*'.repeat(30)}b`)('a'.repeat(20_000))).toBe(false);
  });

  test('that no operation or tag has is a slip', () => {
    expect(globFault('operation', 'toggleFeatureEnvironmentOm')).toContain(
      'did you mean "toggleFeatureEnvironmentOn"',
    );
    expect(globFault('tag', 'Feature flags')).toContain('Segments');
    expect(globFault('operation', 'toggle*')).toBeNull();
    expect(globFault('flag', 'anything')).toBeNull();
  });
});

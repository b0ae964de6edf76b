import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeClient } from '../../proxy/clients/table.ts';
import { canonicalPath } from '../../proxy/data/canonical-path.ts';
import type { DataContext } from '../../proxy/data/context.ts';
import { explainRequest } from '../../proxy/data/explain.ts';
import type { Rule } from '../../proxy/policy/rule.ts';
import type { Operation } from '../../shared/unleash/operation.ts';
import { allOperations } from '../../shared/unleash/operations/find.ts';
import { namingOf } from '../../shared/unleash/operations/naming-judgements.ts';
import { profileFor } from '../conformance/kit/port.ts';

const operations = allOperations();
const NAMES = ['shop', 'Shop', 'production', 'development', 'billing-tax', 'a b', 'ü', '100%', '*'];
const SUBJECTS = ['project', 'environment', 'flag'] as const;

// --- A second reading of paths and rules, as plain as can be: Express's routes as regular expressions, all in order.

const isParameter = (segment: string) => segment.startsWith('{');

function routeOf({ path }: Operation): RegExp {
  const source = path
    .split('/')
    .map((segment) => (isParameter(segment) ? '([^/]+)' : segment.replaceAll('.', '\\.')))
    .join('/');
  return new RegExp(`^${source}/?$`, 'i');
}

const routes = operations
  .map((operation) => ({ operation, route: routeOf(operation) }))
  .sort((a, b) => (rank(a.operation) < rank(b.operation) ? -1 : 1));

function rank({ path }: Operation): string {
  return path
    .split('/')
    .map((each) => (isParameter(each) ? 'p' : 'l'))
    .join('');
}

type Served = { operation: Operation; parameters: Record<string, string> };

/** What Express makes of a path: the route, its parameters decoded. */
function serve(method: string, path: string): Served | null {
  for (const { operation, route } of routes) {
    const found = operation.method === method ? route.exec(path) : null;
    if (!found) continue;
    const names = operation.path.split('/').filter(isParameter);
    const parameters = Object.fromEntries(
      names.map((name, at) => [name, decodeURIComponent(found[at + 1] ?? '')]),
    );
    return { operation, parameters };
  }
  return null;
}

const globToRegExp = (glob: string, flags: string) =>
  new RegExp(
    `^${[...glob].map((c) => (c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[.+^${}()|[\]\\]/, '\\$&'))).join('')}$`,
    `${flags}su`,
  );

/** The names of a subject, `null` among them for "any". */
function namesOf({ operation, parameters }: Served, subject: string): (string | null)[] {
  const word = (namingOf(operation.id) ?? '').split(' ').find((each) => each.startsWith(subject));
  return (word?.split('=')[1]?.split(',') ?? []).flatMap((place) => {
    const name = isParameter(place) ? parameters[place] : null;
    // No body is sent here: only a place that may be left out then says nothing.
    return place.startsWith('?') || place.startsWith('!')
      ? []
      : [name === '*' ? null : (name ?? null)];
  });
}

function matches(rule: Rule, served: Served): boolean {
  const deny = rule.verdict === 'deny';
  return SUBJECTS.every((subject) => {
    const globs = rule[subject];
    if (globs === undefined) return true;
    const fits = (name: string | null) =>
      name === null
        ? deny || globs.includes('*')
        : globs.some((glob) => globToRegExp(glob, deny ? 'i' : '').test(name));
    const names = namesOf(served, subject);
    return deny ? names.some(fits) : names.length > 0 && names.every(fits);
  });
}

function refuses(rules: readonly Rule[], served: Served): boolean {
  return rules.find((rule) => matches(rule, served))?.verdict === 'deny';
}

// --- Requests, in every spelling.

const name = fc.constantFrom(...NAMES);
const glob = fc.constantFrom(...NAMES, 'prod*', 's?op', '*-tax', '*');
const globs = fc.array(glob, { minLength: 1, maxLength: 2 });
const rule: fc.Arbitrary<Rule> = fc
  .record({
    verdict: fc.constantFrom('deny' as const, 'allow' as const),
    project: fc.option(globs, { nil: undefined }),
    environment: fc.option(globs, { nil: undefined }),
    flag: fc.option(globs, { nil: undefined }),
  })
  .map(
    (all) =>
      Object.fromEntries(Object.entries(all).filter(([, value]) => value)) as unknown as Rule,
  );
const rules = fc.array(rule, { maxLength: 3 });

const plain = fc
  .tuple(fc.constantFrom(...operations), fc.array(name, { minLength: 6, maxLength: 6 }))
  .map(([operation, names]) => ({
    method: operation.method,
    segments: operation.path
      .slice(1)
      .split('/')
      .map((segment, at) => ({
        text: isParameter(segment) ? (names[at % 6] ?? '') : segment,
        literal: !isParameter(segment),
      })),
  }));

type Spelling = { upper: boolean; hex: boolean; lowerHex: boolean };
const spelling: fc.Arbitrary<Spelling> = fc.record({
  upper: fc.boolean(),
  hex: fc.boolean(),
  lowerHex: fc.boolean(),
});
const slashes = fc.constantFrom('/', '/', '//', '///');
/** What no path has in its canonical form, here and there. */
const dots = fc.constantFrom('/', '/', '/', '/./', '/x/../', '/%2e/', '%2f', '\\', '/;/');
const between = (of: fc.Arbitrary<string>) => fc.array(of, { minLength: 12, maxLength: 12 });

function spell(text: string, { upper, hex, lowerHex }: Spelling, literal: boolean): string {
  const cased = literal && upper ? text.toUpperCase() : text;
  const bytes = (character: string) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
      .map((triplet) => (lowerHex ? triplet : triplet.toUpperCase()))
      .join('');
  return [...cased]
    .map((character, at) =>
      (hex && at % 2 === 0) || !/[\w-]/.test(character) ? bytes(character) : character,
    )
    .join('');
}

const request = fc
  .tuple(
    plain,
    fc.array(spelling, { minLength: 12, maxLength: 12 }),
    fc.oneof({ arbitrary: between(slashes), weight: 4 }, { arbitrary: between(dots), weight: 1 }),
    fc.constantFrom('', '', '/', '//', '?x=1', '/?environment=other'),
  )
  .map(([{ method, segments }, spellings, separators, end]) => ({
    method,
    path:
      segments
        .map(({ text, literal }, at) => {
          const way = spellings[at % 12] as Spelling;
          // The first slash alone decides whether it is a path at all.
          return (at === 0 ? '/' : separators[at % 12]) + spell(text, way, literal);
        })
        .join('') + end,
  }));

function verdictOf(
  method: string,
  path: string,
  ofProfile: readonly Rule[],
  ofClient: readonly Rule[],
) {
  const profile = profileFor('https://unleash.example.com', { rules: ofProfile });
  const { client } = makeClient(
    { name: 'script', profile: null, access: 'write', mint: true, ttlMs: null },
    Date.now(),
  );
  const context: DataContext = {
    now: () => Date.now(),
    clientByTokenHash: () => undefined,
    profileByName: () => profile,
    currentProfile: () => profile,
    clientRules: () => ofClient,
    secretOf: () => ({ ok: false, message: '', hint: '' }),
    readOnly: false,
    audit: () => undefined,
    upstreamUnauthorized: () => undefined,
  };
  return explainRequest(context, { method, path, client }).code;
}

test('the verdict on any spelling of a path is the verdict on what Unleash will serve', () => {
  const seen = { refused: 0, passed: 0, noPath: 0 };
  fc.assert(
    fc.property(request, rules, rules, ({ method, path }, ofProfile, ofClient) => {
      const code = verdictOf(method, path, ofProfile, ofClient);
      const sent = canonicalPath(path.split('?')[0] ?? '');
      if (sent === null) {
        seen.noPath += 1;
        expect(code).toBe('target.path');
        return;
      }
      const served = serve(method, sent);
      if (served === null) {
        // Below the admin API nothing else is served; what is not known is held to be worse.
        expect(['policy.rule', 'target.path', null]).toContain(code);
        return;
      }
      const expected =
        refuses(ofProfile, served) || refuses(ofClient, served) ? 'policy.rule' : null;
      if (expected === null) seen.passed += 1;
      else seen.refused += 1;
      expect(code, `${method} ${path} as ${served.operation.id}`).toBe(expected);
    }),
    { numRuns: 6000 },
  );
  // What is compared is what the comparison is worth.
  expect(seen.refused).toBeGreaterThan(300);
  expect(seen.passed).toBeGreaterThan(300);
  expect(seen.noPath).toBeGreaterThan(300);
});

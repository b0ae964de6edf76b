import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Operation } from '../../shared/unleash/operation.ts';
import {
  allOperations,
  effectOf,
  findOperation,
  parseOperations,
} from '../../shared/unleash/operations/find.ts';
import { judge, judgedIds } from '../../shared/unleash/operations/judgements.ts';
import { namedIds, namingOf } from '../../shared/unleash/operations/naming-judgements.ts';
import { DESCRIBED } from '../../shared/unleash/operations/table.generated.ts';
import { UNDESCRIBED } from '../../shared/unleash/operations/undescribed.ts';

/** The server takes `admin-count` for no id. */
const KNOWN_OVERLAPS = ['GET /api/admin/user-admin/admin-count / GET /api/admin/user-admin/{id}'];

const operations = allOperations();
const name = ({ method, path }: Operation) => `${method} ${path}`;
const isParameter = (segment: string) => segment.startsWith('{');

function matches(operation: Operation, path: string): boolean {
  const pattern = operation.path
    .split('/')
    .map((segment) => (isParameter(segment) ? '[^/]+' : segment.toLowerCase()))
    .join('/');
  return new RegExp(`^${pattern}$`).test(path);
}

/** Of all that match, the one with a literal at the first place where they differ. */
function findSlowly(method: string, path: string): Operation | null {
  const rank = (operation: Operation) =>
    operation.path
      .split('/')
      .map((segment) => (isParameter(segment) ? 'p' : 'l'))
      .join('');
  const found = operations
    .filter((operation) => operation.method === method && matches(operation, path))
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return found[0] ?? null;
}

const literals = [
  ...new Set(operations.flatMap(({ path }) => path.toLowerCase().split('/'))),
].filter((segment) => segment !== '' && !isParameter(segment));
const segment = fc.oneof(
  fc.constantFrom(...literals),
  fc.string({ minLength: 1, maxLength: 12 }).map((text) => encodeURIComponent(text).toLowerCase()),
);
const likelyPath = fc
  .tuple(fc.constantFrom(...operations), fc.array(segment, { minLength: 8, maxLength: 8 }))
  .map(([{ path }, fillings]) =>
    path
      .split('/')
      .map((part, place) => (isParameter(part) ? (fillings[place % 8] ?? 'x') : part.toLowerCase()))
      .join('/'),
  );
const anyPath = fc.array(segment, { maxLength: 8 }).map((parts) => `/api/admin/${parts.join('/')}`);
const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE');

describe('finding an operation', () => {
  test('agrees with matching every path template one by one', () => {
    fc.assert(
      fc.property(method, fc.oneof(likelyPath, anyPath), (verb, path) => {
        expect(findOperation(verb, path)).toEqual(findSlowly(verb, path));
      }),
      { numRuns: 3000 },
    );
  });

  test('finds every operation by its own template', () => {
    for (const operation of operations) {
      const path = operation.path.toLowerCase().replaceAll(/\{[^}]*\}/g, '0');
      expect(findOperation(operation.method, path)?.id, name(operation)).toBe(operation.id);
    }
  });

  test('gives the same object for the same request', () => {
    const path = '/api/admin/projects/default/features/checkout';
    expect(findOperation('GET', path)).toBe(findOperation('GET', path));
  });

  test('takes a flag named like a literal segment for a flag', () => {
    const path = '/api/admin/user-admin/inactive/change-password';
    expect(findOperation('POST', path)?.id).toBe('changeUserPassword');
  });

  test.each([
    ['a path that goes on behind the operation', '/api/admin/projects/default/features/x/y/z'],
    ['an empty segment', '/api/admin/projects//features'],
    ['the bare prefix', '/api/admin'],
    ['a path outside the admin API', '/api/client/features'],
    ['a slash at the end', '/api/admin/user/'],
  ])('finds nothing for %s', (_, path) => {
    expect(findOperation('GET', path)).toBeNull();
  });

  test('looks HEAD up as GET', () => {
    expect(findOperation('HEAD', '/api/admin/projects')?.id).toBe('getProjects');
  });
});

describe('the table of operations', () => {
  test('names no request twice', () => {
    const keys = operations.map((operation) => name(operation).replaceAll(/\{[^}]*\}/g, '{}'));
    expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
  });

  test('holds only writes that someone has judged, with the effect that he gave', () => {
    const wrong = operations.filter(({ method: verb, id, effect }) => judge(verb, id) !== effect);
    expect(wrong.map(name)).toEqual([]);
  });

  test('is judged by ids that exist, each named once', () => {
    const ids = new Set(operations.map(({ id }) => id));
    expect(judgedIds.filter((id) => !ids.has(id))).toEqual([]);
    expect(judgedIds.filter((id, place) => judgedIds.indexOf(id) !== place)).toEqual([]);
  });

  test('is described by the generated table with a tag on every line', () => {
    const described = parseOperations(DESCRIBED);
    expect(described.length).toBeGreaterThan(200);
    expect(described.filter(({ tags }) => tags.length === 0)).toEqual([]);
  });

  test('has no request that is a read by one template and worse by another, but the known', () => {
    const overlaps: string[] = [];
    for (const literal of operations) {
      for (const other of operations) {
        const path = literal.path.toLowerCase().replaceAll(/\{[^}]*\}/g, '0');
        const differs = other.method === literal.method && other.effect !== literal.effect;
        if (differs && matches(other, path)) overlaps.push(`${name(literal)} / ${name(other)}`);
      }
    }
    // The server takes `admin-count` for no id, so nothing worse is behind it.
    expect(overlaps).toEqual([
      'GET /api/admin/user-admin/admin-count / GET /api/admin/user-admin/{id}',
    ]);
  });
});

describe('what an operation names', () => {
  const wordsOf = (id: string) => (namingOf(id) ?? 'nobody has looked').split(' ').filter(Boolean);

  test('has been said by someone, and stands so in the table', () => {
    const inTable = [DESCRIBED, UNDESCRIBED]
      .flatMap((table) => table.split('\n'))
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(' ').slice(3));
    const wrong = inTable.filter(([id = '', ...naming]) => `${naming}` !== `${wordsOf(id)}`);
    expect(wrong).toEqual([]);
  });

  test('is said of ids that exist, of each once', () => {
    const ids = new Set(operations.map(({ id }) => id));
    expect(namedIds.filter((id) => !ids.has(id))).toEqual([]);
    expect(namedIds.filter((id, place) => namedIds.indexOf(id) !== place)).toEqual([]);
  });

  test('is said in words that mean something', () => {
    const place = /^(?:\*|\{\w+\}|[?!]?(?:\/(?:\w+|\*))+)$/;
    const naming = /^(?:project|environment|flag)=(.+)$/;
    const wrong = namedIds.flatMap((id) =>
      wordsOf(id).filter((word) => {
        const [, places = ''] = naming.exec(word) ?? [];
        return !places.split(',').every((each) => place.test(each));
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('stands in a segment of its own path', () => {
    const wrong = operations.filter(({ id, path, names }) => {
      const named = wordsOf(id).flatMap((word) => word.match(/\{\w+\}/g) ?? []);
      const found = Object.values(names)
        .flat()
        .flatMap((each) => (each.in === 'path' ? [path.slice(1).split('/')[each.segment]] : []));
      return `${named}` !== `${found}`;
    });
    expect(wrong.map(name)).toEqual([]);
  });

  test('is the same by every template that a request matches, but the known', () => {
    const shown = ({ names }: Operation) => JSON.stringify(names);
    const overlaps: string[] = [];
    for (const literal of operations) {
      const path = literal.path.toLowerCase().replaceAll(/\{[^}]*\}/g, '0');
      for (const other of operations) {
        if (other.method !== literal.method || !matches(other, path)) continue;
        if (shown(other) !== shown(literal)) overlaps.push(`${name(literal)} / ${name(other)}`);
      }
    }
    expect(overlaps).toEqual(KNOWN_OVERLAPS);
  });
});

describe('the effect of a request', () => {
  test.each([
    ['POST', '/api/admin/user/tokens'],
    ['GET', '/api/admin/user/tokens'],
    ['GET', '/api/admin/api-tokens'],
    ['GET', '/api/admin/api-tokens/ci'],
    ['POST', '/api/admin/api-tokens'],
    ['PUT', '/api/admin/api-tokens/x'],
    ['GET', '/api/admin/projects/default/api-tokens'],
    ['POST', '/api/admin/projects/default/api-tokens'],
    ['GET', '/api/admin/invite-link/tokens'],
    ['POST', '/api/admin/user-admin'],
    ['GET', '/api/admin/user-admin'],
    ['POST', '/api/admin/user-admin/reset-password'],
    ['POST', '/api/admin/user/change-password'],
    ['POST', '/api/admin/addons'],
    ['GET', '/api/admin/addons'],
    // Enterprise's, which no OpenAPI that we have describes.
    ['GET', '/api/admin/service-account'],
    ['GET', '/api/admin/service-account/7/token'],
    ['POST', '/api/admin/service-account/7/token'],
    ['GET', '/api/admin/auth/oidc/settings'],
    ['POST', '/api/admin/auth/saml/settings'],
    ['GET', '/api/admin/signal-endpoints'],
    ['GET', '/api/admin/signal-endpoints/1/tokens'],
    ['POST', '/api/admin/signal-endpoints'],
    ['HEAD', '/api/admin/service-account'],
    ['GET', '/api/admin/license'],
  ])('%s %s mints', (verb, path) => {
    expect(effectOf(verb, path).effect).toBe('mint');
  });

  test.each([
    ['GET', '/api/admin/user'],
    ['HEAD', '/api/admin/projects'],
    ['GET', '/api/admin/projects/default/features/tokens'],
    ['POST', '/api/admin/features-batch/export'],
    ['POST', '/api/admin/playground/advanced'],
    ['POST', '/api/admin/events/search'],
    ['POST', '/api/admin/features/validate'],
  ])('%s %s reads', (verb, path) => {
    const { operation, effect } = effectOf(verb, path);
    expect(operation).not.toBeNull();
    expect(effect).toBe('read');
  });

  test.each([
    ['POST', '/api/admin/projects/default/features/x/environments/development/on'],
    ['POST', '/api/admin/features-batch/import'],
    ['POST', '/api/admin/features/x/toggle/on'],
    ['DELETE', '/api/admin/user/tokens/7'],
  ])('%s %s writes', (verb, path) => {
    expect(effectOf(verb, path).effect).toBe('write');
  });

  test('an unknown read reads', () => {
    const path = '/api/admin/impact-metrics/metadata';
    expect(effectOf('GET', path)).toEqual({ operation: null, effect: 'read' });
  });

  test('an unknown write mints, whatever its method', () => {
    const path = '/api/admin/impact-metrics/config';
    for (const verb of ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE']) {
      expect(effectOf(verb, path)).toEqual({ operation: null, effect: 'mint' });
    }
  });
});

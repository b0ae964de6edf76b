import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { effectOf, findOperation } from '../../shared/unleash/operations/find.ts';
import { judge } from '../../shared/unleash/operations/judgements.ts';
import { namingOf } from '../../shared/unleash/operations/naming-judgements.ts';
import { startUnleash, type Unleash } from '../real-unleash/index.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';

type Schema = {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
};
type Described = {
  operationId: string;
  requestBody?: { $ref?: string; content?: Record<string, { schema: Schema }> };
};
type OpenApi = {
  paths: Record<string, Record<string, Described>>;
  components: {
    schemas: Record<string, Schema>;
    requestBodies?: Record<string, { content: Record<string, { schema: Schema }> }>;
  };
};

/** One operation as a server describes it. */
type OnServer = {
  method: string;
  template: string;
  path: string;
  id: string;
  /** Pointers into its body, three steps deep: `/features/*`, `/environment`. */
  body: Set<string>;
};

async function describedAt(url: string): Promise<OnServer[]> {
  const openapi = (await (await fetch(`${url}/docs/openapi.json`)).json()) as OpenApi;
  return Object.entries(openapi.paths)
    .filter(([template]) => template.startsWith('/api/admin/'))
    .flatMap(([template, methods]) =>
      Object.entries(methods).map(([verb, described]) => ({
        method: verb.toUpperCase(),
        template,
        path: template.toLowerCase().replaceAll(/\{[^}]*\}/g, '0'),
        id: described.operationId,
        body: bodyPointers(openapi, described),
      })),
    );
}

function bodyPointers({ components }: OpenApi, { requestBody }: Described): Set<string> {
  const named = requestBody?.$ref?.split('/').at(-1) ?? '';
  const { content } = components.requestBodies?.[named] ?? requestBody ?? {};
  const pointers = new Set<string>();
  const walk = (given: Schema | undefined, pointer: string, depth: number) => {
    const schema = given?.$ref ? components.schemas[given.$ref.split('/').at(-1) ?? ''] : given;
    if (schema === undefined || depth > 6) return;
    if (pointer !== '') pointers.add(pointer);
    for (const each of [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])])
      walk(each, pointer, depth);
    if (schema.items) walk(schema.items, `${pointer}/*`, depth + 1);
    for (const [key, value] of Object.entries(schema.properties ?? {}))
      walk(value, `${pointer}/${key}`, depth + 1);
  };
  for (const { schema } of Object.values(content ?? {})) walk(schema, '', 0);
  return pointers;
}

/** Pointers into the body that the table has for an operation. */
function knownPointers(id: string): string[] {
  return [...(namingOf(id) ?? '').matchAll(/(?<=[=,?!])\/[^, ]+/g)].map(([pointer]) => pointer);
}

const NAMING_WORDS = /^(?:projects?|projectId|environments?|environmentId|features?|featureName)$/i;

/**
 * In a body, and names none of these: settings and contents of a thing, or words that the server does not go by. What
 * is not listed has to be in the table.
 */
const NAMES_NOTHING = [
  'deprecatedSearchEvents /project',
  'deprecatedSearchEvents /feature',
  'searchEvents /project',
  'searchEvents /feature',
  'updateSegment /project',
  'updateFeatureStrategySegments /projectId',
  'updateFeatureStrategySegments /environmentId',
  'updateContextField /project',
  'createContextFieldForProject /project',
  'updateContextFieldForProject /project',
  'getPlayground /context/environment',
  'getAdvancedPlayground /context/environment',
  'createAddon /projects',
  'createAddon /environments',
  'updateAddon /projects',
  'updateAddon /environments',
];

/** Where a server names something that the table does not know of. */
function newNames({ method, path, template, body }: OnServer): string[] {
  const operation = findOperation(method, path);
  if (operation === null) return [`${method} ${template} is new`];
  const naming = namingOf(operation.id) ?? '';
  if (naming.includes('project=* environment=* flag=*')) return [];
  const known = knownPointers(operation.id);
  const inBody = [...body]
    .filter((pointer) => pointer.split('/').length <= 3)
    .filter((pointer) => NAMING_WORDS.test(pointer.split('/').at(-1) ?? ''))
    .filter((pointer) => !known.some((each) => each === pointer || each.startsWith(`${pointer}/`)))
    .map((pointer) => `${operation.id} ${pointer}`)
    .filter((each) => !NAMES_NOTHING.includes(each));
  const subjects = [
    ['project', /\{projectId\}/],
    ['environment', /\{environment(?:Id)?\}/],
    ['flag', /\{featureName\}/],
  ] as const;
  const inPath = subjects
    .filter(([subject, parameter]) => parameter.test(template) && !naming.includes(`${subject}=`))
    .map(([subject]) => `${operation.id} names a ${subject} in its path`);
  return [...inBody, ...inPath];
}

const VERSIONS = ['8.2.0', '7.4.1', '6.10.1', '5.12.8', '4.19.5'];

describe.each(VERSIONS)('Unleash %s', (version) => {
  let own: Unleash | undefined;
  let described: OnServer[];

  beforeAll(async () => {
    // Described since 4.x, on by default since 5.2.0.
    if (version !== '8.2.0') own = await startUnleash({ version, env: { ENABLE_OAS: 'true' } });
    described = await describedAt(own?.url ?? inject('unleashUrl'));
  });
  afterAll(() => own?.stop());

  test('describes no admin operation that is not in the table', () => {
    expect(described.length).toBeGreaterThan(90);
    const missing = described.filter(({ method, path }) => findOperation(method, path) === null);
    expect(missing.map(({ method, template, id }) => `${method} ${template} (${id})`)).toEqual([]);
  });

  test('describes none whose effect nobody has judged', () => {
    const unjudged = described.filter(({ method, path }) => {
      const { operation, effect } = effectOf(method, path);
      return operation === null || judge(method, operation.id) !== effect;
    });
    expect(unjudged.map(({ id }) => id)).toEqual([]);
  });

  test('names no project, environment or flag at a place that nobody has looked at', () => {
    expect(described.flatMap(newNames)).toEqual([]);
  });
});

test('every admin operation that 8.2.0 describes stands in the table under its own id', async () => {
  const described = await describedAt(inject('unleashUrl'));
  const missing = described.filter(
    ({ method, path, id }) => findOperation(method, path)?.id !== id,
  );
  expect(missing.map(({ id }) => id)).toEqual([]);
});

test('every place of a body that the table has is one that 8.2.0 knows, but the known', async () => {
  const described = await describedAt(inject('unleashUrl'));
  const unknown = described.flatMap(({ id, body }) =>
    knownPointers(id)
      .filter((pointer) => !body.has(pointer))
      .map((pointer) => `${id} ${pointer}`),
  );
  // Read by 5.12.8 and 6.10.1.
  expect(unknown).toEqual(['createProjectApiToken /projects/*', 'createProjectApiToken /project']);
});

test('a read that the table lets pass shows no credential that the server has just made', async () => {
  const unleash = sharedUnleash();
  const cookie = await unleash.login();
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${unleash.url}${path}`, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.text();
  };
  const { secret: pat } = await unleash.createPat('canary');
  const tokenBody = { tokenName: 'canary', type: 'client', environment: 'development' };
  const token = JSON.parse(
    await call('POST', '/api/admin/api-tokens', { ...tokenBody, projects: ['*'] }),
  ) as { secret: string };
  const user = JSON.parse(
    await call('POST', '/api/admin/user-admin', { username: `canary-${Date.now()}`, rootRole: 3 }),
  ) as { inviteLink: string };

  const described = await describedAt(unleash.url);
  const plainReads = described.filter(
    ({ method, path }) =>
      method === 'GET' && !path.includes('0') && effectOf(method, path).effect === 'read',
  );
  expect(plainReads.length).toBeGreaterThan(20);
  const showing: string[] = [];
  for (const { path } of plainReads) {
    const answer = await call('GET', path);
    const secrets = [pat, token.secret, user.inviteLink];
    if (secrets.some((secret) => answer.includes(secret))) showing.push(path);
  }
  expect(showing).toEqual([]);
  // The check itself can see: by a read that counts as mint both are shown.
  expect(await call('GET', '/api/admin/api-tokens')).toContain(token.secret);
  expect(await call('GET', '/api/admin/user-admin')).toContain(user.inviteLink);
});

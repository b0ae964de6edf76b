import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { resolvePaths } from '../../proxy/runtime/paths.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { Started } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();
let cli: ReturnType<typeof built.fresh>;
const unleash = sharedUnleash();
let pat: string;

beforeAll(async () => {
  pat = (await unleash.createPat(`cli-rules-${process.pid}-${Date.now()}`)).secret;
});

beforeEach(async () => {
  cli = built.fresh();
  await cli.run(['profile', 'add', 'demo', '--url', unleash.url, '--unattended'], pat);
});

const rule = (...words: string[]) => cli.run(['profile', 'rule', ...words]);
const configPath = async () =>
  join((await resolvePaths({ TOKENLEASH_HOME: cli.home })).config, 'config.yaml');
const FEATURES = '/api/admin/projects/default/features';
const on = (environment: string) => `${FEATURES}/x/environments/${environment}/on`;

function ask(
  proxy: Started,
  token: string,
  method: string,
  path: string,
  body = '{}',
): Promise<{ status: number; code: string | undefined; message: string }> {
  return new Promise((done, failed) => {
    const headers = { authorization: token, 'content-type': 'application/json' };
    const asked = request(proxy.url + path, { method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('error', failed);
      answer.on('end', () => {
        const code = answer.headers['x-tokenleash-error'] as string | undefined;
        const message = code === undefined ? '' : (JSON.parse(text) as { message: string }).message;
        done({ status: answer.statusCode ?? 0, code, message });
      });
    });
    asked.on('error', failed);
    asked.end(method === 'GET' ? undefined : body);
  });
}

describe('profile rule', () => {
  test('adds in order, lists, tests and removes; the user’s comments stay', async () => {
    const path = await configPath();
    await writeFile(path, `# mine\n${await readFile(path, 'utf8')}`);
    await rule('add', 'deny', '--environment', 'prod*,staging', '--access', 'write');
    await rule('add', 'allow', '--flag', 'kill-*', '--at', '1');
    expect(JSON.parse((await rule('list', '--json')).stdout)).toEqual({
      version: 1,
      profile: 'demo',
      rules: [
        { number: 1, verdict: 'allow', flag: ['kill-*'] },
        { number: 2, verdict: 'deny', access: ['write'], environment: ['prod*', 'staging'] },
      ],
    });
    expect(await rule('test', 'POST', on('production'))).toMatchObject({
      code: 5,
      stdout: expect.stringContaining('rule 2 of profile "demo": deny access=write'),
    });
    expect((await rule('test', 'POST', on('development'))).code).toBe(0);
    expect(await readFile(path, 'utf8')).toMatch(/^# mine\n[\s\S]*- allow: \{ flag: kill-\* \}/m);
    expect((await rule('remove', '2')).stdout).toContain('environment=prod*,staging');
    expect((await rule('test', 'POST', on('production'))).code).toBe(0);
    await rule('remove', '1');
    expect(await readFile(path, 'utf8')).not.toContain('rules');
  });

  test('is for a client with --client, before he is made too', async () => {
    await rule('add', 'deny', '--operation', 'createFeature', '--client', 'ci');
    await cli.run(['client', 'add', 'ci', '--access', 'write']);
    const test = ['test', 'POST', FEATURES, '--json'];
    expect((await rule(...test, '--client', 'ci')).code).toBe(5);
    expect((await rule(...test)).code).toBe(0);
    expect(JSON.parse((await rule('list', '--client', 'ci', '--json')).stdout)).toEqual({
      version: 1,
      client: 'ci',
      rules: [{ number: 1, verdict: 'deny', operation: ['createFeature'] }],
    });
  });

  test('is for callers without a token, too', async () => {
    for (const caller of ['socket', 'uid:1000'])
      expect((await rule('add', 'deny', '--access', 'write', '--client', caller)).code).toBe(0);
    // As a caller of the socket.
    expect(await rule('test', 'POST', FEATURES)).toMatchObject({
      code: 5,
      stdout: expect.stringContaining('rule 1 of client "socket"'),
    });
    expect((await rule('list', '--client', 'uid:')).code).toBe(2);
  });

  test('test and explain take a body from a file and from stdin', async () => {
    await rule('add', 'deny', '--flag', 'billing-*');
    const file = join(cli.home, 'body.json');
    await writeFile(file, '{"name":"billing-tax"}');
    expect((await rule('test', 'POST', FEATURES, '--body', file)).code).toBe(5);
    const words = ['explain', 'POST', FEATURES, '--json', '--body', '-'];
    expect(JSON.parse((await cli.run(words, '{"name":"search"}')).stdout)).toMatchObject({
      verdict: 'allowed',
      steps: expect.arrayContaining([
        { step: 'rules', verdict: 'pass', rule: 'profile "demo": goes by the body' },
        { step: 'body-rules', verdict: 'pass', rule: 'profile "demo": no rule matches' },
      ]),
    });
    expect(JSON.parse((await cli.run(words, 'name=search')).stdout)).toMatchObject({
      code: 'policy.rule',
    });
    expect(await rule('test', 'POST', FEATURES, '--body', `${file}.none`)).toMatchObject({
      code: 1,
    });
  });

  test.each<[string, string[], number, string]>([
    ['a verdict that is none', ['add', 'forbid'], 2, 'deny or allow, not "forbid"'],
    ['a mistyped operation', ['add', 'deny', '--operation', 'createFaeture'], 2, '"createFeature"'],
    ['a tag that is none', ['add', 'deny', '--tag', 'nonsense'], 2, 'Segments'],
    ['an access that is none', ['add', 'deny', '--access', 'ask'], 2, 'read, write, mint'],
    ['an empty glob', ['add', 'deny', '--flag', 'a,,b'], 2, 'globs separated by commas'],
    ['a place that is none', ['add', 'deny', '--at', '0'], 2, '1 or more'],
    ['no such number', ['remove', '7'], 1, 'no rules of profile "demo"'],
    ['no number', ['remove', 'all'], 2, '1 or more'],
    ['a mistyped profile', ['list', '--profile', 'dmeo'], 2, 'Did you mean "demo"?'],
    ['an unknown client', ['test', 'GET', '/api/admin/user', '--client', 'nobody'], 2, 'no client'],
    ['a path that is none', ['test', 'GET', '/api/../admin'], 1, ''],
  ])('says what is wrong with %s', async (_, words, code, said) => {
    const result = await rule(...words);
    expect(result.code, result.stderr).toBe(code);
    expect(result.stderr).toContain(said);
  });

  test('keeps no token that was typed for a name', async () => {
    const result = await rule('add', 'deny', '--flag', pat);
    expect(result.code).toBe(2);
    expect(
      result.stdout + result.stderr + (await readFile(await configPath(), 'utf8')),
    ).not.toContain(pat);
  });

  test('leaves rules alone that stand elsewhere in the file by an alias', async () => {
    const path = await configPath();
    const text = (await readFile(path, 'utf8')).replace(
      '    unattended: true\n',
      '    unattended: true\n    rules: *shared\n',
    );
    await writeFile(
      path,
      `clients:\n  ci:\n    rules: &shared\n      - deny: { flag: x }\n${text}`,
    );
    expect(await rule('add', 'deny')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('by an alias'),
    });
    expect((await rule('list')).stdout).toContain('deny flag=x');
  });
});

describe('a rule in a running proxy', () => {
  test('acts on the next request, says which it was, and stands in the audit log', async () => {
    const { token } = JSON.parse(
      (await cli.run(['client', 'add', 'ci', '--access', 'write', '--json'])).stdout,
    );
    const name = `cli-rules-${process.pid}-${Date.now()}`;
    const proxy = await cli.start();
    const made = await ask(proxy, token, 'POST', FEATURES, JSON.stringify({ name }));
    expect(made).toMatchObject({ status: 201 });
    const production = `${FEATURES}/${name}/environments/production/on`;
    expect(await ask(proxy, token, 'POST', production)).toMatchObject({ status: 200 });
    await rule('add', 'deny', '--environment', 'production');
    const refused = await ask(proxy, token, 'POST', production);
    expect(refused).toMatchObject({ status: 403, code: 'policy.rule' });
    expect(refused.message).toContain(
      'toggleFeatureEnvironmentOn is refused by rule 1 of profile "demo"',
    );
    expect(refused.message).toContain('tokenleash profile rule list --profile demo');
    const development = production.replace('production', 'development');
    expect(await ask(proxy, token, 'POST', development)).toMatchObject({ status: 200 });
    // Of the client: by what only the body names.
    await rule('add', 'deny', '--flag', 'billing-*', '--client', 'ci');
    const billing = JSON.stringify({ name: `billing-${name}` });
    expect(await ask(proxy, token, 'POST', FEATURES, billing)).toMatchObject({
      code: 'policy.rule',
    });
    const search = JSON.stringify({ name: `search-${name}` });
    expect(await ask(proxy, token, 'POST', FEATURES, search)).toMatchObject({ status: 201 });
    await proxy.end();
    const log = (
      await readFile(
        join((await resolvePaths({ TOKENLEASH_HOME: cli.home })).state, 'audit.jsonl'),
        'utf8',
      )
    )
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { rule: string | null });
    expect(log.map((entry) => entry.rule).filter((each) => each !== null)).toEqual([
      'rule 1 of profile "demo": deny environment=production',
      'rule 1 of client "ci": deny flag=billing-*',
    ]);
  });
});

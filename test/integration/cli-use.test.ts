import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Agent, createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { Started } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();
let cli: ReturnType<typeof built.fresh>;
let proxy: Started;
let pat: string;
let writer: string;
let reader: string;
/** A server that says 200 and keeps what reached it; streams for ever below /api/admin/projects/stream. */
let echo: Server;
let echoUrl: string;
const seen: IncomingHttpHeaders[] = [];

beforeAll(async () => {
  cli = built.fresh();
  const unleash = sharedUnleash();
  pat = (await unleash.createPat(`cli-use-${Date.now()}`)).secret;
  echo = createServer((incoming, response) => {
    seen.push(incoming.headers);
    if (incoming.url?.endsWith('/stream')) response.write('begun\n');
    else response.end('{}');
  });
  await new Promise<void>((done) => echo.listen(0, '127.0.0.1', done));
  echoUrl = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
  await cli.run(['profile', 'add', 'demo', '--url', unleash.url, '--unattended'], pat);
  await cli.run(['profile', 'add', 'echo', '--url', echoUrl, '--unattended'], pat);
  proxy = await cli.start();
  writer = await client('writer', '--access', 'write');
  reader = await client('reader', '--access', 'read');
});
afterAll(async () => {
  echo.closeAllConnections();
  echo.close();
});

async function client(name: string, ...more: string[]): Promise<string> {
  return JSON.parse((await cli.run(['client', 'add', name, '--json', ...more])).stdout).token;
}

/** curl as a person types it; status, the proxy's error code, and the body. */
async function curl(path: string, ...words: string[]) {
  const format = '\n%{http_code} %header{x-tokenleash-error}';
  const typed = ['-sS', '-m', '20', '-w', format, ...words, proxy.url + path];
  const { stdout } = await promisify(execFile)('curl', typed);
  const [status = '', code = ''] = (stdout.split('\n').at(-1) ?? '').split(' ');
  return { status: Number(status), code, body: stdout.slice(0, stdout.lastIndexOf('\n')) };
}

const as = (token: string) => ['-H', `Authorization: ${token}`];
const json = (body: unknown) => [
  '-H',
  'Content-Type: application/json',
  '-d',
  JSON.stringify(body),
];
const PROJECTS = '/api/admin/projects';
const FLAGS = '/api/admin/projects/default/features';
const flag = (name: string) => ({ name: `use-${name}-${Date.now()}` });

test('curl lists projects and creates a flag with a token of access write', async () => {
  const listed = await curl(PROJECTS, ...as(writer));
  expect(listed.status).toBe(200);
  expect(JSON.parse(listed.body).projects).toContainEqual(
    expect.objectContaining({ id: 'default' }),
  );
  expect((await curl(FLAGS, ...as(writer), ...json(flag('curl')))).status).toBe(201);
});

test("so do Node's fetch and a script under run", async () => {
  const listed = await fetch(proxy.url + PROJECTS, { headers: { authorization: writer } });
  expect(listed.status).toBe(200);
  const created = await fetch(proxy.url + FLAGS, {
    method: 'POST',
    headers: { authorization: writer, 'content-type': 'application/json' },
    body: JSON.stringify(flag('fetch')),
  });
  expect(created.status).toBe(201);
  const script = join(cli.home, 'script.mjs');
  writeFileSync(
    script,
    `const { UNLEASH_URL, UNLEASH_PAT } = process.env;
     const headers = { authorization: UNLEASH_PAT, 'content-type': 'application/json' };
     const listed = await fetch(UNLEASH_URL + '${PROJECTS}', { headers });
     const body = JSON.stringify({ name: 'use-run-' + Date.now() });
     const made = await fetch(UNLEASH_URL + '${FLAGS}', { method: 'POST', headers, body });
     console.log(listed.status, made.status);`,
  );
  const words = ['run', '--access', 'write', '--', process.execPath, script];
  expect(await cli.run(words)).toMatchObject({ code: 0, stdout: '200 201\n' });
});

test('a token of access read lists and exports, and creates nothing', async () => {
  expect((await curl(PROJECTS, ...as(reader))).status).toBe(200);
  const wanted = { environment: 'development', features: [] };
  const exported = await curl('/api/admin/features-batch/export', ...as(reader), ...json(wanted));
  expect(exported.status).toBe(200);
  expect(await curl(FLAGS, ...as(reader), ...json(flag('no')))).toMatchObject({
    status: 403,
    code: 'policy.read_only',
  });
});

test('who has no token, comes from a page, means another host or mints is refused by name', async () => {
  const refused = async (...words: string[]) => {
    const { status, code } = await curl(PROJECTS, ...words);
    return [status, code];
  };
  expect(await refused()).toEqual([401, 'caller.missing']);
  expect(await refused('-H', 'Origin: https://evil.example', ...as(writer))).toEqual([
    403,
    'browser.refused',
  ]);
  expect(await refused('-H', 'Host: evil.example', ...as(writer))).toEqual([421, 'host.refused']);
  const minted = await curl(
    '/api/admin/user/tokens',
    ...as(writer),
    ...json({ description: 'no', expiresAt: '2099-01-01T00:00:00Z' }),
  );
  expect([minted.status, minted.code]).toEqual([403, 'policy.mint']);
});

test("the caller's own credentials and framing never reach the server", async () => {
  const own = await client('own', '--access', 'write', '--profile', 'echo');
  seen.length = 0;
  const words = ['-H', `Cookie: session=${'c'.repeat(9)}`, '-H', 'Connection: authorization'];
  const tricky = [...words, '-H', 'Expect: 100-continue', '-H', 'Proxy-Authorization: mine'];
  expect((await curl(FLAGS, ...as(own), ...tricky, ...json({}))).status).toBe(200);
  expect(await curl(PROJECTS, ...as(own), ...as(pat))).toMatchObject({ code: 'caller.unknown' });
  expect(await curl(PROJECTS, ...as(pat))).toMatchObject({ code: 'caller.unknown' });
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ authorization: pat });
  for (const name of ['cookie', 'expect', 'proxy-authorization'])
    expect(seen[0]).not.toHaveProperty(name);
});

test('the OpenAPI file needs no token, and comes from the server of the token that is shown all the same', async () => {
  const path = '/docs/openapi.json';
  const own = await client('reads-the-docs', '--profile', 'echo');
  seen.length = 0;
  expect(await curl(path, ...as(own))).toMatchObject({ status: 200, body: '{}' });
  expect(seen[0]).not.toHaveProperty('authorization');
  for (const words of [[], as('user:tl_nobody')])
    expect((await curl(path, ...words)).body).toContain('"openapi"');
});

test('client revoke cuts a streaming answer off at once, and client add needs no restart', async () => {
  const token = await client('streaming', '--profile', 'echo');
  const agent = new Agent({ keepAlive: true });
  const cut = new Promise<string>((done, failed) => {
    request(
      `${proxy.url}/api/admin/projects/stream`,
      { agent, headers: { authorization: token } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', async (chunk: string) => {
          text += chunk;
          await cli.run(['client', 'revoke', 'streaming']);
        });
        answer.on('error', () => done(text));
        answer.on('end', () => failed(new Error('it came to an orderly end')));
      },
    )
      .on('error', failed)
      .end();
  });
  expect(await cut).toBe('begun\n');
  agent.destroy();
  expect(await curl(PROJECTS, ...as(token))).toMatchObject({ code: 'caller.unknown' });
  const again = await client('streaming', '--profile', 'echo');
  expect((await curl(PROJECTS, ...as(again))).status).toBe(200);
});

test('profile use changes where the next request of a running proxy goes', async () => {
  expect((await curl(PROJECTS, ...as(reader))).body).toContain('"projects"');
  expect((await cli.run(['profile', 'use', 'echo'])).code).toBe(0);
  expect((await curl(PROJECTS, ...as(reader))).body).toBe('{}');
  expect((await cli.run(['profile', 'use', 'demo'])).code).toBe(0);
  expect((await curl(PROJECTS, ...as(reader))).body).toContain('"projects"');
});

test.each([
  ['allowed', ['GET', PROJECTS], { code: null, verdict: 'allowed' }],
  [
    'a write with a client that reads',
    ['POST', FLAGS, '--client', 'reader'],
    { code: 'policy.read_only', status: 403, operation: 'createFeature' },
  ],
  ['a mint', ['POST', '/api/admin/user/tokens'], { code: 'policy.mint', status: 403 }],
  ['a path that is not served', ['GET', '/nothing'], { code: 'target.path', status: 404 }],
])('explain says %s', async (_, words, said) => {
  const explained = await cli.run(['explain', ...words, '--json']);
  expect(explained.code).toBe(0);
  expect(JSON.parse(explained.stdout)).toMatchObject({ version: 1, ...said });
});

test('explain of an unknown client exits 2 and offers the nearest', async () => {
  expect(await cli.run(['explain', 'GET', PROJECTS, '--client', 'raeder'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('--client reader'),
  });
});

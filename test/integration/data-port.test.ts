import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PortUnderTest, startPort } from '../conformance/kit/port.ts';
import { type SharedUnleash, sharedUnleash } from '../real-unleash/shared.ts';

const run = promisify(execFile);

let unleash: SharedUnleash;
let proxy: PortUnderTest;
let folder: string;
let reader: string;
let minter: string;

beforeAll(async () => {
  unleash = sharedUnleash();
  const pat = await unleash.createPat(`data port ${process.pid}`);
  folder = await mkdtemp(join(tmpdir(), 'tokenleash-'));
  const socketPath = join(folder, 's');
  proxy = await startPort({ upstream: unleash.url, pat: pat.secret, socketPath });
  reader = proxy.addClient('reader', { access: 'read' });
  minter = proxy.addClient('minter', { mint: true });
});

afterAll(async () => {
  await proxy?.dataPort.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

/** curl's status, error code and body. */
async function curl(path: string, ...options: string[]) {
  const format = '\n%{http_code} %header{x-tokenleash-error}';
  const all = ['-sS', '-m', '20', '-w', format, ...options, `${proxy.url}${path}`];
  const { stdout } = await run('curl', all);
  const end = stdout.lastIndexOf('\n');
  const [status, code] = stdout.slice(end + 1).split(' ');
  return { status: Number(status), code: code ?? '', body: stdout.slice(0, end) };
}

const as = (token: string) => ['-H', `Authorization: ${token}`];

const flag = (name: string) => [
  ...['-X', 'POST', '-H', 'Content-Type: application/json'],
  ...['-d', JSON.stringify({ name, type: 'release' })],
];

let count = 0;
function flagName(): string {
  count += 1;
  return `data-port-${process.pid}-${Date.now()}-${count}`;
}

describe('a local tool at a real Unleash', () => {
  it('lists projects with curl, bare and as Bearer', async () => {
    for (const token of [proxy.token, `Bearer ${proxy.token}`]) {
      const { status, body } = await curl('/api/admin/projects', ...as(token));
      expect(status).toBe(200);
      expect(JSON.parse(body).projects).toMatchObject([{ id: 'default' }]);
    }
  });

  it('creates a flag with curl', async () => {
    const name = flagName();
    const path = '/api/admin/projects/default/features';
    expect(await curl(path, ...as(proxy.token), ...flag(name))).toMatchObject({ status: 201 });
    const found = await curl(`${path}/${name}`, ...as(proxy.token));
    expect(JSON.parse(found.body)).toMatchObject({ name });
    expect(proxy.audit.at(-2)).toMatchObject({
      client: 'test',
      via: 'phantom',
      profile: 'test',
      method: 'POST',
      operation: 'createFeature',
      template: '/api/admin/projects/{projectId}/features',
      verdict: 'allowed',
      code: null,
      status: 201,
    });
  });

  it("lists projects and creates a flag with Node's fetch", async () => {
    const headers = { authorization: proxy.token, 'content-type': 'application/json' };
    const listed = await fetch(`${proxy.url}/api/admin/projects`, { headers });
    expect(listed.status).toBe(200);
    const made = await fetch(`${proxy.url}/api/admin/projects/default/features`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ name: flagName(), type: 'release' }),
    });
    expect(made.status).toBe(201);
  });

  it('sends a body of unknown length with fetch', async () => {
    const name = flagName();
    const body = new Blob([JSON.stringify({ name, type: 'release' })]).stream();
    const made = await fetch(`${proxy.url}/api/admin/projects/default/features`, {
      method: 'POST',
      headers: { authorization: proxy.token, 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(made.status).toBe(201);
  });

  it('is told 304 for an ETag that it knows', async () => {
    const first = await fetch(`${proxy.url}/api/admin/projects`, {
      headers: { authorization: proxy.token },
    });
    // Not by fetch, which asks past every cache when it is given an ETag.
    const known = ['-H', `If-None-Match: ${first.headers.get('etag')}`];
    expect(await curl('/api/admin/projects', ...as(proxy.token), ...known)).toMatchObject({
      status: 304,
      body: '',
    });
  });

  it('reads and exports with access read, and creates nothing', async () => {
    expect((await curl('/api/admin/projects', ...as(reader))).status).toBe(200);
    const exported = await curl(
      '/api/admin/features-batch/export',
      ...as(reader),
      ...['-H', 'Content-Type: application/json'],
      ...['-d', JSON.stringify({ environment: 'development', features: [] })],
    );
    expect(exported.status).toBe(200);
    expect(JSON.parse(exported.body)).toHaveProperty('features');
    const refused = await curl(
      '/api/admin/projects/default/features',
      ...as(reader),
      ...flag(flagName()),
    );
    expect(refused).toMatchObject({ status: 403, code: 'policy.read_only' });
    expect(JSON.parse(refused.body)).toMatchObject({
      id: expect.any(String),
      name: 'ForbiddenError',
      message: expect.stringContaining('tokenleash client add NAME --access write'),
      details: [{ code: 'policy.read_only' }],
    });
  });

  it('mints nothing, unless its client may', async () => {
    const body = JSON.stringify({
      description: `minted ${process.pid} ${Date.now()}`,
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const post = ['-H', 'Content-Type: application/json', '-d', body];
    for (const path of ['/api/admin/user/tokens', '/API//admin/user/%74okens/']) {
      const refused = await curl(path, ...as(proxy.token), ...post);
      expect(refused).toMatchObject({ status: 403, code: 'policy.mint' });
    }
    const made = await curl('/api/admin/user/tokens', ...as(minter), ...post);
    expect(made.status).toBe(201);
  });

  it('is refused without a token, from a page, and for another host', async () => {
    const path = '/api/admin/projects';
    expect(await curl(path)).toMatchObject({ status: 401, code: 'caller.missing' });
    expect(await curl(path, ...as(proxy.pat))).toMatchObject({
      status: 401,
      code: 'caller.unknown',
    });
    const page = ['-H', 'Origin: https://evil.example'];
    expect(await curl(path, ...as(proxy.token), ...page)).toMatchObject({
      status: 403,
      code: 'browser.refused',
    });
    const rebound = ['-H', `Host: evil.example:${proxy.port}`];
    expect(await curl(path, ...as(proxy.token), ...rebound)).toMatchObject({
      status: 421,
      code: 'host.refused',
    });
  });

  it('never wins with a Cookie, Connection or Expect of its own', async () => {
    const viewer = await unleash.createUser('Viewer');
    const own = [
      // A session cookie beats a PAT on every Unleash: a Viewer may create no flag.
      ...['-H', `Cookie: ${await viewer.login()}`],
      ...['-H', 'Connection: authorization'],
      ...['-H', 'Expect: 100-continue'],
    ];
    const path = '/api/admin/projects/default/features';
    const made = await curl(path, ...as(proxy.token), ...own, ...flag(flagName()));
    expect(made.status).toBe(201);
  });

  it('reads health and the OpenAPI with no credential', async () => {
    expect(await curl('/health')).toMatchObject({ status: 200 });
    const api = await curl('/docs/openapi.json');
    expect(JSON.parse(api.body).info.title).toBe('Unleash API');
    // Unleash refuses a wrong kind of token even here; the caller's is left out.
    expect(await curl('/health', ...as(proxy.token))).toMatchObject({ status: 200 });
  });

  it("passes a backend token of Unleash's own to the client API, and a phantom token never", async () => {
    const made = await fetch(`${unleash.url}/api/admin/api-tokens`, {
      method: 'POST',
      headers: { cookie: await unleash.login(), 'content-type': 'application/json' },
      body: JSON.stringify({
        tokenName: flagName(),
        type: 'client',
        environment: 'development',
        projects: ['*'],
      }),
    });
    const { secret } = (await made.json()) as { secret: string };
    expect(await curl('/api/client/features', ...as(secret))).toMatchObject({ status: 200 });
    expect(await curl('/api/client/features', ...as(proxy.token))).toMatchObject({
      status: 401,
      code: 'caller.unknown',
    });
  });

  it('gets no admin UI, no login and no logout', async () => {
    for (const path of ['/', '/logout', '/auth/simple/login', '/projects', '/api', '/api/adminx']) {
      const answer = await curl(path, ...as(proxy.token));
      expect([path, answer.status, answer.code]).toEqual([path, 404, 'target.path']);
    }
  });

  it('reaches the unix socket with no token, has the access of the profile, and mints nothing', async () => {
    const socket = join(folder, 's');
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    const over = async (path: string, ...options: string[]) => {
      const all = ['-sS', '--unix-socket', socket, '-o', '/dev/null', '-w', '%{http_code}'];
      const { stdout } = await run('curl', [...all, ...options, `http://localhost${path}`]);
      return Number(stdout);
    };
    expect(await over('/api/admin/projects')).toBe(200);
    expect(proxy.audit.at(-1)).toMatchObject({ client: 'socket', status: 200 });
    expect(await over('/api/admin/projects/default/features', ...flag(flagName()))).toBe(201);
    expect(await over('/api/admin/user/tokens', '-X', 'POST')).toBe(403);
    expect(await over('/api/admin/projects', ...as(`user:tl_${'A'.repeat(43)}`))).toBe(401);
  });

  it('is told when the PAT is refused, and so is the proxy', async () => {
    const bad = await startPort({ upstream: unleash.url });
    const answer = await fetch(`${bad.url}/api/admin/projects`, {
      headers: { authorization: bad.token },
    });
    await bad.dataPort.close();
    expect(answer.status).toBe(401);
    expect(answer.headers.get('x-tokenleash-error')).toBe('upstream.unauthorized');
    expect(answer.headers.get('x-tokenleash-hint')).toContain('tokenleash profile login');
    expect(await answer.json()).toMatchObject({ name: 'UnauthorizedError' });
    expect(bad.unauthorized).toEqual(['test']);
    expect(bad.audit[0]).toMatchObject({ verdict: 'allowed', code: 'upstream.unauthorized' });
  });

  it('is unknown the moment its client is revoked, and expired after its time', async () => {
    const token = proxy.addClient('short-lived');
    expect((await curl('/api/admin/projects', ...as(token))).status).toBe(200);
    proxy.revoke('short-lived');
    expect(await curl('/api/admin/projects', ...as(token))).toMatchObject({
      status: 401,
      code: 'caller.unknown',
    });
    const old = proxy.addClient('old', { expiresAt: new Date(Date.now() - 1_000).toISOString() });
    expect(await curl('/api/admin/projects', ...as(old))).toMatchObject({
      status: 401,
      code: 'caller.expired',
    });
  });

  it('leaves no token in the audit', () => {
    const text = JSON.stringify(proxy.audit);
    for (const secret of [proxy.pat, proxy.token, reader, minter]) {
      expect(text).not.toContain(secret.slice(8));
    }
    expect(proxy.audit.length).toBeGreaterThan(20);
  });
});

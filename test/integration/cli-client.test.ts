import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { beforeAll, expect, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { ask, type Started } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();
let cli: ReturnType<typeof built.fresh>;
let proxy: Started;
let pat: string;

beforeAll(async () => {
  cli = built.fresh();
  const unleash = sharedUnleash();
  pat = (await unleash.createPat(`cli-client-${Date.now()}`)).secret;
  await cli.run(['profile', 'add', 'demo', '--url', unleash.url, '--unattended'], pat);
  proxy = await cli.start();
});

const printing = (expression: string) => [process.execPath, '-p', expression];

test('client add prints a token that acts at once, and revoke ends it on an open connection', async () => {
  const added = await cli.run([
    'client',
    'add',
    'ci',
    '--access',
    'write',
    '--ttl',
    '1h',
    '--json',
  ]);
  const made = JSON.parse(added.stdout);
  expect(made).toMatchObject({
    version: 1,
    name: 'ci',
    profile: null,
    access: 'write',
    mint: false,
    expiresAt: expect.stringMatching(/Z$/),
    token: expect.stringMatching(/^user:tl_/),
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const status = () =>
    new Promise<number | string>((done) => {
      request(
        `${proxy.url}/api/admin/projects`,
        { agent, headers: { authorization: made.token } },
        (answer) => {
          answer.resume();
          answer.on('end', () => done(answer.statusCode ?? 0));
        },
      )
        .on('error', (error: NodeJS.ErrnoException) => done(error.code ?? ''))
        .end();
    });
  expect(await status()).toBe(200);
  expect((await cli.run(['client', 'revoke', 'ci'])).code).toBe(0);
  expect(await status()).not.toBe(200);
  expect(await ask(proxy.url, made.token)).toMatchObject({ status: 401, code: 'caller.unknown' });
  agent.destroy();
});

test('client revoke offers the nearest name', async () => {
  await cli.run(['client', 'add', 'terraform']);
  expect(await cli.run(['client', 'revoke', 'teraform'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean "terraform"?'),
  });
});

test('a client that exists is left as it is', async () => {
  await cli.run(['client', 'add', 'twice']);
  expect(await cli.run(['client', 'add', 'twice'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('tokenleash client revoke twice'),
  });
});

test('run gives the child a token under every name, and its exit code back', async () => {
  const names = ['UNLEASH_AUTH_TOKEN', 'AUTH_TOKEN', 'UNLEASH_API_TOKEN', 'UNLEASH_PAT'];
  const shown = await cli.run([
    'run',
    '--',
    ...printing(
      `JSON.stringify(['UNLEASH_URL','UNLEASH_BASE_URL','UNLEASH_API_URL',...${JSON.stringify(names)}].map((name) => process.env[name]))`,
    ),
  ]);
  const [url, base, api, ...tokens] = JSON.parse(shown.stdout);
  expect([url, base, api]).toEqual([proxy.url, proxy.url, proxy.url]);
  expect(new Set(tokens).size).toBe(1);
  expect(await ask(proxy.url, tokens[0])).toMatchObject({ status: 401, code: 'caller.unknown' });
  expect((await cli.run(['run', '--', process.execPath, '-e', 'process.exit(7)'])).code).toBe(7);
  const killed = ['run', '--', process.execPath, '-e', "process.kill(process.pid, 'SIGTERM')"];
  expect((await cli.run(killed)).code).toBe(143);
  expect((await cli.run(['run', '--', './not-there'])).code).toBe(127);
});

test('the flags of the program are its own', async () => {
  const words = ['sh', '-c', 'echo "$@"', 'sh', '--profile', '--json', '--help'];
  const shown = await cli.run(['run', '--access', 'write', ...words]);
  expect(shown).toMatchObject({ code: 0, stdout: '--profile --json --help\n' });
});

test('Node’s fetch reads through it, and may write only with --access write', async () => {
  const create = (name: string) =>
    `fetch(process.env.UNLEASH_URL + '/api/admin/projects/default/features', { method: 'POST',
      headers: { authorization: process.env.UNLEASH_PAT, 'content-type': 'application/json' },
      body: JSON.stringify({ name: '${name}' }) }).then((answer) => console.log(answer.status))`;
  const flag = `cli-${Date.now()}`;
  const script = [process.execPath, '-e', create(flag)];
  expect((await cli.run(['run', '--', ...script])).stdout).toBe('403\n');
  expect((await cli.run(['run', '--access', 'write', '--', ...script])).stdout).toBe('201\n');
});

test('the token of a program dies with tokenleash itself, by SIGKILL too', async () => {
  const child = spawn(
    process.execPath,
    [
      cli.program,
      'run',
      '--',
      process.execPath,
      '-e',
      'console.log(process.env.UNLEASH_PAT); setInterval(() => {}, 1000)',
    ],
    { env: cli.env, stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  );
  const [line] = await once(child.stdout, 'data');
  const token = String(line).trim();
  expect((await ask(proxy.url, token)).status).toBe(200);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expect.poll(async () => (await ask(proxy.url, token)).code).toBe('caller.unknown');
  if (child.pid) process.kill(-child.pid, 'SIGKILL');
});

test('SIGTERM reaches the program', async () => {
  const child = spawn(
    process.execPath,
    [
      cli.program,
      'run',
      '--',
      process.execPath,
      '-e',
      "process.on('SIGTERM', () => process.exit(9)); console.log('up'); setInterval(() => {}, 1000)",
    ],
    { env: cli.env, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect((await once(child, 'close'))[0]).toBe(9);
});

test('env prints exports that a shell takes, for a client that may read', async () => {
  const child = spawn(
    'sh',
    [
      '-c',
      `eval "$(${process.execPath} ${cli.program} env 2>/dev/null)"; echo "$UNLEASH_URL $UNLEASH_PAT"`,
    ],
    { env: { ...cli.env, SHELL: '/bin/sh' } },
  );
  const [line] = await once(child.stdout, 'data');
  const [url, token] = String(line).trim().split(' ');
  expect(url).toBe(proxy.url);
  expect((await ask(proxy.url, token ?? '')).status).toBe(200);
  const listed = JSON.parse((await cli.run(['client', 'list', '--json'])).stdout);
  const made = listed.clients.find(({ name }: { name: string }) => name.startsWith('shell-'));
  const hours = (Date.parse(made.expiresAt) - Date.parse(made.createdAt)) / 3_600_000;
  expect([made.access, hours]).toEqual(['read', 8]);
});

test('a profile added to a running proxy works at once, kept in memory only too', async () => {
  const words = ['profile', 'add', 'volatile', '--url', sharedUnleash().url, '--store', 'memory'];
  expect((await cli.run(words, pat)).code).toBe(0);
  const shown = await cli.run([
    'run',
    '--profile',
    'volatile',
    '--',
    'sh',
    '-c',
    'echo "$UNLEASH_PAT"; sleep 0.2',
  ]);
  expect(shown.code).toBe(0);
  const made = JSON.parse(
    (await cli.run(['client', 'add', 'v', '--profile', 'volatile', '--json'])).stdout,
  );
  expect((await ask(proxy.url, made.token)).status).toBe(200);
  expect((await cli.run(['profile', 'remove', 'volatile'])).code).toBe(0);
  expect((await ask(proxy.url, made.token)).status).not.toBe(200);
});

test('explain names operation, steps and verdict without sending anything', async () => {
  const mint = await cli.run(['explain', 'POST', '/api/admin/user/tokens', '--json']);
  expect(mint.code).toBe(0);
  expect(JSON.parse(mint.stdout)).toMatchObject({
    version: 1,
    operation: 'createPat',
    verdict: 'refused',
    code: 'policy.mint',
    status: 403,
  });
  const read = JSON.parse(
    (await cli.run(['explain', 'GET', '/api/admin/projects', '--json'])).stdout,
  );
  expect(read).toMatchObject({ verdict: 'allowed', code: null, status: null });
  expect(read.steps[0]).toEqual({
    step: expect.any(String),
    verdict: expect.any(String),
    rule: expect.any(String),
  });
});

test('pair prints a code, the control port and when it ends', async () => {
  const paired = JSON.parse((await cli.run(['pair', '--json'])).stdout);
  expect(paired).toMatchObject({ version: 1, control: proxy.control });
  expect(paired.code.replaceAll('-', '').length).toBeGreaterThanOrEqual(20);
  expect(Date.parse(paired.expiresAt)).toBeGreaterThan(Date.now());
});

test('commands that need a running proxy say how to start one', async () => {
  const { run } = built.fresh();
  for (const words of [['env'], ['pair'], ['pair', '--json']])
    expect(await run(words)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Type: tokenleash start'),
    });
});

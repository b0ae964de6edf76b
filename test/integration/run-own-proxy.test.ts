import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ask } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

/** A server that answers 200 and keeps what reached it: what `run` does is the same with any. */
let server: Server;
let url: string;
const seen: IncomingHttpHeaders[] = [];
const built = useTokenleash();
let cli: ReturnType<typeof built.fresh>;
const children = new Set<ChildProcess>();

const PAT = `user:${'a1'.repeat(28)}`;
const OTHER_PAT = `user:${'b2'.repeat(28)}`;

beforeAll(async () => {
  server = createServer((incoming, response) => {
    seen.push(incoming.headers);
    response.setHeader('content-type', 'application/json').end('{"version":1,"projects":[]}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(async () => {
  cli = built.fresh();
  seen.length = 0;
  await cli.run(['profile', 'add', 'demo', '--url', url, '--unattended'], PAT);
});
afterEach(() => {
  for (const child of children) {
    // What an orphan waits for.
    child.stdin?.end();
    child.kill('SIGKILL');
  }
  children.clear();
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
});

/** A program under `run` that prints address and token, and stays until its input ends. */
async function waiting(more: NodeJS.ProcessEnv = {}) {
  const script =
    "console.log(process.pid, process.env.UNLEASH_URL, process.env.UNLEASH_PAT); process.stdin.resume().on('end', () => process.exit(0))";
  const words = [cli.program, 'run', '--', process.execPath, '-e', script];
  const child = spawn(process.execPath, words, {
    env: { ...cli.env, ...more },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.add(child);
  const closed = once(child, 'exit');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const [pid = '', address = '', token = ''] = String(line).split(' ');
  return { child, closed, pid: Number(pid), address, token };
}

/** Nobody listens there, or nobody who knows the token. */
const isDead = async ({ address, token }: { address: string; token: string }) =>
  await ask(address, token).then(
    ({ code }) => code === 'caller.unknown',
    (error) => error.code === 'ECONNREFUSED',
  );

test('with no proxy running the program has one of its own, and leaves nothing behind', async () => {
  const before = readdirSync(cli.home, { recursive: true, encoding: 'utf8' }).sort();
  const running = await waiting();
  expect(await ask(running.address, running.token)).toMatchObject({ status: 200, code: undefined });
  expect(seen.at(-1)).toMatchObject({ authorization: PAT });
  expect(await ask(running.address, null)).toMatchObject({ code: 'caller.missing' });
  expect((await cli.run(['status'])).code).toBe(1);
  running.child.stdin.end();
  expect((await running.closed)[0]).toBe(0);
  expect(await isDead(running)).toBe(true);
  const audit = join('state', 'audit.jsonl');
  const after = readdirSync(cli.home, { recursive: true, encoding: 'utf8' }).sort();
  expect(after.filter((name) => !before.includes(name)).sort()).toEqual(['state', audit]);
  expect(readFileSync(join(cli.home, audit), 'utf8')).toContain('"client":"run-node-');
});

test('its exit code comes back, and 127 for a program that is not there', async () => {
  const code = async (...words: string[]) => (await cli.run(['run', '--', ...words])).code;
  expect(await code('sh', '-c', 'exit 7')).toBe(7);
  expect(await code('sh', '-c', 'kill -TERM $$')).toBe(143);
  expect(await code('./not-there')).toBe(127);
  expect(await code(cli.home)).toBe(126);
});

test('two side by side have addresses of their own, and neither takes the other’s token', async () => {
  const [one, two] = await Promise.all([waiting(), waiting()]);
  expect(one.address).not.toBe(two.address);
  expect((await ask(one.address, one.token)).status).toBe(200);
  expect((await ask(two.address, two.token)).status).toBe(200);
  expect(await ask(one.address, two.token)).toMatchObject({ code: 'caller.unknown' });
  expect(await ask(two.address, one.token)).toMatchObject({ code: 'caller.unknown' });
});

test('a proxy that is started meanwhile is nothing to it', async () => {
  const running = await waiting();
  const proxy = await cli.start();
  expect((await ask(running.address, running.token)).status).toBe(200);
  expect(await ask(proxy.url, running.token)).toMatchObject({ code: 'caller.unknown' });
  expect(await proxy.end()).toBe(143);
  expect((await ask(running.address, running.token)).status).toBe(200);
});

test.each(['with a proxy running', 'with none'])(
  'the token dies with the program and with run, by SIGKILL too, %s',
  async (how) => {
    const proxy = how === 'with none' ? null : await cli.start();
    const killed = await waiting();
    expect((await ask(killed.address, killed.token)).status).toBe(200);
    process.kill(killed.pid, 'SIGKILL');
    expect((await killed.closed)[0]).toBe(137);
    expect(await isDead(killed)).toBe(true);

    const orphaned = await waiting();
    expect((await ask(orphaned.address, orphaned.token)).status).toBe(200);
    orphaned.child.kill('SIGKILL');
    await orphaned.closed;
    await expect.poll(() => isDead(orphaned), { timeout: 30_000 }).toBe(true);
    await proxy?.end();
  },
);

test.each(['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)(
  '%s reaches the program',
  async (signal) => {
    const script = `process.on('${signal}', () => process.exit(9)); console.log('up'); setInterval(() => {}, 1000)`;
    const words = [cli.program, 'run', '--', process.execPath, '-e', script];
    const child = spawn(process.execPath, words, {
      env: cli.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.add(child);
    await once(child.stdout, 'data');
    child.kill(signal);
    expect((await once(child, 'exit'))[0]).toBe(9);
  },
);

test('an interrupt reaches the program where no terminal can have sent it one', async () => {
  const script = `process.on('SIGINT', () => process.exit(9)); console.log('up'); setInterval(() => {}, 1000)`;
  // Detached: the leader of a session of its own, which has no terminal.
  const words = [cli.program, 'run', '--', process.execPath, '-e', script];
  const child = spawn(process.execPath, words, {
    env: cli.env,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  children.add(child);
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  expect((await once(child, 'exit'))[0]).toBe(9);
});

test('the program has no other credential than its phantom token', async () => {
  const words = ['profile', 'add', 'from-env', '--url', url, '--token-from', 'env:UNLEASH_SECRET'];
  const env = { UNLEASH_SECRET: PAT, UNLEASH_ADMIN_TOKEN: OTHER_PAT, UNLEASH_PAT: OTHER_PAT };
  const own = built.at(cli.home, env);
  expect((await own.run(words)).code).toBe(0);
  const shown = await own.run(['run', '--profile', 'from-env', '--', 'env']);
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain('UNLEASH_PAT=user:tl_');
  expect(shown.stdout).not.toContain(PAT);
  expect(shown.stdout).not.toContain(OTHER_PAT);
  expect(shown.stderr).toContain('UNLEASH_ADMIN_TOKEN holds a token of Unleash');
  expect(shown.stderr).not.toContain(OTHER_PAT);
});

test('a corporate proxy does not see what is meant for ours', async () => {
  const own = built.at(cli.home, {
    http_proxy: 'http://127.0.0.1:1',
    HTTP_PROXY: 'http://127.0.0.1:1',
  });
  const line =
    'curl -sS -o /dev/null -w "%{http_code}" -H "Authorization: $UNLEASH_PAT" "$UNLEASH_URL/api/admin/projects"';
  expect(await own.run(['run', '--', 'sh', '-c', line])).toMatchObject({ code: 0, stdout: '200' });
});

test('what stands in the way is said before the program starts', async () => {
  const none = built.fresh();
  expect(await none.run(['run', '--', 'sh', '-c', 'echo started'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('There is no profile yet'),
  });
  await cli.run([
    'profile',
    'add',
    'waits',
    '--url',
    url,
    '--token-from',
    'browser',
    '--store',
    'memory',
  ]);
  const waits = await cli.run(['run', '--profile', 'waits', '--', 'sh', '-c', 'echo started']);
  expect(waits).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringContaining('Type: tokenleash start'),
  });
  expect(await cli.run(['run', '--profile', 'dmeo', '--', 'true'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean "demo"?'),
  });
  const debugged = built.at(cli.home, { NODE_OPTIONS: '--inspect=127.0.0.1:0' });
  expect(await debugged.run(['run', '--', 'sh', '-c', 'echo started'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('NODE_OPTIONS holds --inspect'),
  });
  expect(existsSync(join(none.home, 'state'))).toBe(false);
});

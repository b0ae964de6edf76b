import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { makePat } from '../conformance/kit/port.ts';
import { ask } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const PROJECTS = '/api/admin/projects';
const LIMIT_MS = 60_000;

const until = (what: string, holds: () => boolean | Promise<boolean>) =>
  expect.poll(holds, { message: what, timeout: LIMIT_MS }).toBe(true);

const built = useTokenleash();

/** A server whose answers to `/api/admin/projects` wait for the test; all others come at once. */
async function slowServer() {
  const waiting: ServerResponse[] = [];
  const server = createServer((incoming, response) => {
    incoming.resume();
    response.setHeader('content-type', 'application/json');
    if (incoming.url === PROJECTS) waiting.push(response);
    else response.end('{"ok":true}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, waiting };
}

async function started(words: string[] = []) {
  const server = await slowServer();
  const cli = built.fresh();
  const added = await cli.run(
    ['profile', 'add', 'test', '--url', server.url, '--unattended', '--access', 'write'],
    makePat(),
  );
  expect(added.code, added.stderr).toBe(0);
  const client = await cli.run(['client', 'add', 'script', '--json']);
  const { token } = JSON.parse(client.stdout) as { token: string };
  const proxy = await cli.start(['--port', '0', '--control-port', '0', ...words]);
  server.waiting.length = 0;
  return { server, cli, proxy, token };
}

test('SIGTERM lets what is in flight finish, answers 503 to what comes then, and ends with 143', async () => {
  const { server, cli, proxy, token } = await started();
  const { port } = new URL(proxy.url);
  const head = `GET ${PROJECTS} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${token}\r\n\r\n`;
  const socket = connect(Number(port), '127.0.0.1');
  let answers = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answers += text;
  });
  socket.write(head);
  await until('it is in flight', () => server.waiting.length === 1);
  const closed = once(proxy.child, 'close');
  proxy.child.kill('SIGTERM');
  await until('it drains', () => proxy.stderr().includes('requests in flight may finish'));
  // Nobody new gets in, and on a connection that is there the next request is refused.
  await until(
    'it does not listen',
    async () => (await ask(proxy.url, token).catch(() => 'refused')) === 'refused',
  );
  socket.write(head);
  // The refusal waits behind the answer that is in flight; nothing shows that it was read.
  await new Promise((done) => setTimeout(done, 2_000));
  server.waiting[0]?.end('{"late":true}');
  expect(await closed).toEqual([143, null]);
  await until('all was read', () => answers.includes('proxy.draining'));
  expect(answers).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*\{"late":true\}[\s\S]*HTTP\/1\.1 503 /);
  const log = readFileSync(join(cli.home, 'state', 'audit.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const lines = log.map((line) => JSON.parse(line) as { code: string | null; status: number });
  expect(lines.map(({ code, status }) => [code, status])).toEqual(
    expect.arrayContaining([
      [null, 200],
      ['proxy.draining', 503],
    ]),
  );
  expect(readdirSync(join(cli.home, 'runtime'))).toEqual([]);
});

test('SIGTERM cuts off what has not finished after 10 s, and ends', async () => {
  const { server, proxy, token } = await started();
  const pending = ask(proxy.url, token).then(
    () => 'answered',
    () => 'cut off',
  );
  await until('it is in flight', () => server.waiting.length === 1);
  const from = performance.now();
  expect(await proxy.end('SIGTERM')).toBe(143);
  expect(performance.now() - from).toBeGreaterThan(9_000);
  expect(await pending).toBe('cut off');
});

test('curl --unix-socket needs no token, has the access of the profile and never mints', async () => {
  const { cli, proxy } = await started();
  const socket = proxy.socket ?? '';
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  const curl = async (...words: string[]) => {
    const { stdout } = await promisify(execFile)('curl', [
      '-sSi',
      '--unix-socket',
      socket,
      ...words,
    ]);
    return stdout;
  };
  const flag = ['-H', 'content-type: application/json', '-d', '{"name":"x"}'];
  const features = `http://localhost${PROJECTS}/default/features`;
  expect(await curl(features)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await curl(...flag, features)).toMatch(/^HTTP\/1\.1 200 /);
  const mint = await curl(...flag, 'http://localhost/api/admin/user/tokens');
  expect(mint).toMatch(/^HTTP\/1\.1 403 [\s\S]*policy\.mint/);
  const page = await curl('-H', 'Origin: http://localhost', features);
  expect(page).toMatch(/^HTTP\/1\.1 403 [\s\S]*browser\.refused/);
  const log = join(cli.home, 'state', 'audit.jsonl');
  await until('it is in the log', () => readFileSync(log, 'utf8').split('\n').length > 4);
  const first = JSON.parse(readFileSync(log, 'utf8').split('\n')[0] ?? '') as object;
  expect(first).toMatchObject({ client: 'socket', via: 'socket', verdict: 'allowed' });

  // Another user's program does not even reach it; who is not root cannot become one.
  if (process.getuid?.() !== 0) return;
  const other = promisify(execFile)('curl', ['-sS', '--unix-socket', socket, features], {
    uid: 54_321,
    gid: 54_321,
    cwd: '/',
  });
  await expect(other).rejects.toMatchObject({ code: 7 });
});

test('start --metrics shows figures on the control port, never on the data port, and status counts on', async () => {
  const { proxy, token } = await started(['--metrics']);
  await ask(proxy.url, token, '/api/admin/ui-config');
  await ask(proxy.url, token, '/api/admin/user/tokens');
  await ask(proxy.url, null, '/api/admin/ui-config');
  const page = async () => (await fetch(`${proxy.control}/metrics`)).text();
  await until('all were counted', async () => (await page()).includes('caller.missing'));
  const text = await page();
  const total = (labels: string) => new RegExp(`^tokenleash_requests_total\\{${labels}\\} 1$`, 'm');
  expect(text).toMatch(
    total('profile="test",verdict="allowed",operation="getUiConfig",code="",status="200"'),
  );
  expect(text).toMatch(
    total('profile="",verdict="refused",operation="",code="caller.missing",status="401"'),
  );
  expect(text).toMatch(/^tokenleash_profile_state\{profile="test",state="ready"\} 1$/m);
  expect(text).not.toContain(token);
  expect(await ask(proxy.url, token, '/metrics')).toMatchObject({ code: 'target.path' });
  const off = await started();
  expect((await fetch(`${off.proxy.control}/metrics`)).status).toBe(404);
});

test('start --keyless lets programs of this user in without a token', async () => {
  const { proxy } = await started(['--keyless']);
  expect(await ask(proxy.url, null, '/api/admin/ui-config')).toMatchObject({ status: 200 });
});

test('what happens is told on the control socket as it happens', async () => {
  const { cli, proxy, token } = await started();
  const socketPath = join(cli.home, 'runtime', 'control.sock');
  let text = '';
  const asked = request({ socketPath, path: '/local/events', headers: { host: 'localhost' } });
  asked.on('response', (answer) => {
    answer.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    answer.on('error', () => undefined);
  });
  asked.on('error', () => undefined);
  asked.end();
  await until('it listens', () => text !== '');
  await ask(proxy.url, token, '/api/admin/ui-config');
  await until('it was told', () => text.includes('"operation":"getUiConfig"'));
  expect(text).not.toContain(token);
  await cli.run(['client', 'add', 'another', '--json']);
  await until('the change was told', () => text.includes('event: status'));
});

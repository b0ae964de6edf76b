import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { ask } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();
let url: string;
let pat: string;

beforeAll(async () => {
  const unleash = sharedUnleash();
  url = unleash.url;
  pat = (await unleash.createPat(`cli-start-${Date.now()}`)).secret;
});

async function withProfile(more: NodeJS.ProcessEnv = {}) {
  const cli = built.fresh(more);
  const words = ['profile', 'add', 'demo', '--url', url, '--unattended'];
  expect(await cli.run(words, pat)).toMatchObject({ code: 0 });
  return cli;
}

test('the first line of start --json names event, ports and socket, and status agrees', async () => {
  const cli = await withProfile();
  const proxy = await cli.start();
  expect(proxy).toMatchObject({
    version: 1,
    event: 'listening',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    control: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  expect(statSync(proxy.socket ?? '').mode & 0o777).toBe(0o600);
  const status = await cli.run(['status', '--json']);
  expect(status.code).toBe(0);
  const { control, socket } = proxy;
  expect(JSON.parse(status.stdout)).toEqual({
    version: 1,
    running: true,
    url: proxy.url,
    control,
    socket,
    profile: 'demo',
    clients: 0,
  });
  await proxy.end();
  const ended = await cli.run(['status', '--json']);
  expect(ended.code).toBe(1);
  expect(JSON.parse(ended.stdout)).toMatchObject({ version: 1, running: false, url: null });
});

test('a second start exits 1 and names process and URL', async () => {
  const cli = await withProfile();
  const proxy = await cli.start();
  const second = await cli.run(['start', '--port', '0', '--control-port', '0']);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(String(proxy.child.pid));
  expect(second.stderr).toContain(proxy.url);
  expect(second.stderr).toContain('Type: tokenleash stop');
  expect((await cli.run(['status'])).code).toBe(0);
});

test('stop ends it with 0, SIGTERM with 143, SIGINT with 130, and stop with none running exits 0', async () => {
  const cli = await withProfile();
  const stopped = await cli.start();
  const closed = new Promise((done) => stopped.child.once('close', done));
  expect(await cli.run(['stop'])).toMatchObject({ code: 0 });
  expect(await closed).toBe(0);
  expect(await (await cli.start()).end('SIGTERM')).toBe(143);
  expect(await (await cli.start()).end('SIGINT')).toBe(130);
  expect(await cli.run(['stop'])).toMatchObject({ code: 0 });
  expect(readdirSync(join(cli.home, 'runtime'))).toEqual([]);
});

test('what a killed proxy left behind stops no new one', async () => {
  const cli = await withProfile();
  await (await cli.start()).end('SIGKILL');
  expect(readdirSync(join(cli.home, 'runtime'))).toContain('proxy.json');
  expect((await cli.run(['status'])).code).toBe(1);
  const proxy = await cli.start();
  expect(await ask(proxy.url, null)).toMatchObject({ status: 401, code: 'caller.missing' });
});

test('a port that is taken is named with its owner', async () => {
  const cli = await withProfile();
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => other.once('listening', done));
  const { port } = other.address() as AddressInfo;
  const taken = await cli.run(['start', '--port', String(port), '--control-port', '0']);
  other.close();
  expect(taken.code).toBe(1);
  expect(taken.stderr).toContain(`Port ${port} is taken by`);
  expect(taken.stderr).toContain(`process ${process.pid}`);
  expect((await cli.run(['status'])).code).toBe(1);
});

test('without a profile and a terminal it exits 2 and says what to type', async () => {
  const { run } = built.fresh();
  expect(await run(['start'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Type: tokenleash profile add'),
  });
});

test('a sealed profile with no passphrase and no terminal exits 4 and says what to type', async () => {
  const cli = built.fresh();
  mkdirSync(cli.home, { recursive: true });
  const file = join(cli.home, 'passphrase');
  writeFileSync(file, 'open sesame', { mode: 0o600 });
  cli.env.TOKENLEASH_PASSPHRASE_FILE = file;
  expect((await cli.run(['profile', 'add', 'demo', '--url', url], pat)).code).toBe(0);
  const proxy = await cli.start();
  const made = JSON.parse((await cli.run(['client', 'add', 'c', '--json'])).stdout);
  expect((await ask(proxy.url, made.token)).status).toBe(200);
  await proxy.end();
  delete cli.env.TOKENLEASH_PASSPHRASE_FILE;
  expect(await cli.run(['start'])).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('TOKENLEASH_PASSPHRASE_FILE=FILE tokenleash start'),
  });
});

test('a runtime path too long for a socket falls back to a folder that is printed', async () => {
  const long = built.at(join(built.fresh().home, 'x'.repeat(120)));
  const words = ['profile', 'add', 'demo', '--url', url, '--unattended'];
  expect((await long.run(words, pat)).code).toBe(0);
  const proxy = await long.start();
  expect(proxy.stderr()).toContain('too long for a socket');
  expect(statSync(join(proxy.socket ?? '', '..')).mode & 0o777).toBe(0o700);
  expect((await long.run(['status'])).code).toBe(0);
  expect((await long.run(['run', '--', 'true'])).code).toBe(0);
});

test('flags win over the environment, the environment over the config file', async () => {
  const cli = await withProfile();
  const config = join(cli.home, 'config/config.yaml');
  const free = async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    return port;
  };
  const [inFile, inEnvironment, inFlag] = [await free(), await free(), await free()];
  writeFileSync(
    config,
    `settings:\n  port: ${inFile}\n  control-port: 0\n${readFileSync(config, 'utf8')}`,
    { mode: 0o600 },
  );
  const ports: string[] = [];
  const portOf = async (words: string[]) => {
    const proxy = await cli.start(words);
    ports.push(new URL(proxy.url).port);
    await proxy.end();
  };
  await portOf([]);
  cli.env.TOKENLEASH_PORT = String(inEnvironment);
  await portOf([]);
  await portOf(['--port', String(inFlag)]);
  expect(ports).toEqual([inFile, inEnvironment, inFlag].map(String));
});

test.each([
  ['NODE_OPTIONS', '--inspect=0'],
  ['NODE_OPTIONS', '--require=node:fs'],
  ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
])('it does not start with %s=%s', async (name, value) => {
  const cli = await withProfile();
  cli.env[name] = value;
  const refused = await cli.run(['start', '--port', '0', '--control-port', '0']);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(name) });
});

test('SIGUSR1 opens no inspector', async () => {
  const proxy = await (await withProfile()).start();
  proxy.child.kill('SIGUSR1');
  await after(300);
  expect(proxy.stderr()).not.toContain('Debugger listening');
  expect((await ask(proxy.url, null)).status).toBe(401);
});

test('a request in flight finishes when the proxy is told to end', async () => {
  const cli = await withProfile();
  const proxy = await cli.start();
  const made = JSON.parse((await cli.run(['client', 'add', 'slow', '--json'])).stdout);
  const answered = new Promise<number>((done, failed) => {
    const body = '{"features":[],"environment":"development"}';
    const sent = request(
      `${proxy.url}/api/admin/features-batch/export`,
      {
        method: 'POST',
        headers: {
          authorization: made.token,
          'content-type': 'application/json',
          'content-length': body.length,
        },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => done(answer.statusCode ?? 0));
      },
    );
    sent.on('error', failed);
    sent.write(body.slice(0, 10));
    setTimeout(() => sent.end(body.slice(10)), 1000);
  });
  await after(400);
  const code = proxy.end('SIGTERM');
  expect(await answered).toBeLessThan(500);
  expect(await code).toBe(143);
});

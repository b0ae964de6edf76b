import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const PAT = `user:${'5'.repeat(56)}`;

const built = useTokenleash();

function withConfig(text: string, more: NodeJS.ProcessEnv = {}) {
  const cli = built.fresh(more);
  mkdirSync(join(cli.home, 'config'), { recursive: true, mode: 0o700 });
  writeFileSync(join(cli.home, 'config', 'config.yaml'), text, { mode: 0o600 });
  return cli;
}

describe('config', () => {
  test('path prints where the file is, though it is not there or does not read', async () => {
    for (const cli of [built.fresh(), withConfig('profiles: [')]) {
      const path = join(cli.home, 'config', 'config.yaml');
      expect(await cli.run(['config', 'path'])).toEqual({
        code: 0,
        stdout: `${path}\n`,
        stderr: '',
      });
      const json = await cli.run(['config', 'path', '--json']);
      expect(JSON.parse(json.stdout)).toEqual({ version: 1, path });
    }
  });

  test('show says of each value where it came from: environment before file before default', async () => {
    const cli = withConfig('settings:\n  port: 4299\n  control-port: 4298\n', {
      TOKENLEASH_PORT: '4297',
    });
    const { code, stdout } = await cli.run(['config', 'show', '--json']);
    expect(code).toBe(0);
    const { version, file, settings } = JSON.parse(stdout);
    expect(version).toBe(1);
    const said = (name: string) => settings.find((each: { name: string }) => each.name === name);
    expect(said('port')).toMatchObject({
      value: 4297,
      from: 'environment',
      source: 'TOKENLEASH_PORT',
    });
    expect(said('control-port')).toMatchObject({ value: 4298, from: 'config', source: file });
    expect(said('read-only')).toMatchObject({ value: false, from: 'default', source: null });
    const { stdout: words } = await cli.run(['config', 'show']);
    expect(words).toMatch(/^port +4297 +TOKENLEASH_PORT$/m);
    expect(words).toMatch(/^read-only +false +default$/m);
  });

  test('show points out a wrong value without repeating it, and a name that nothing reads', async () => {
    const cli = withConfig('settings:\n  prot: 1\n', {
      TOKENLEASH_PORT: PAT,
      TOKENLEASH_SOCKET: PAT,
      TOKENLEASH_RAED_ONLY: '1',
    });
    const { code, stdout, stderr } = await cli.run(['config', 'show']);
    expect(code).toBe(0);
    expect(stdout).toContain('TOKENLEASH_PORT has to be a port');
    expect(stdout + stderr).not.toContain('555555555');
    expect(stderr).toContain('Did you mean TOKENLEASH_READ_ONLY?');
    expect(stderr).toContain('Did you mean port?');
    const json = JSON.parse((await cli.run(['config', 'show', '--json'])).stdout);
    expect(json.unknown).toContainEqual(expect.objectContaining({ name: 'prot', near: 'port' }));
  });

  test('show of a broken file names file, line and reason', async () => {
    const said = await withConfig('version: 1\nprofiles:\n  a: { url: 5 }\n').run([
      'config',
      'show',
    ]);
    expect(said).toMatchObject({ code: 1, stdout: '' });
    expect(said.stderr).toMatch(/config\.yaml, line 3: /);
  });
});

describe('wait', () => {
  let server: Server;
  let url: string;
  /** What the server answers with. */
  let status = 200;
  beforeAll(async () => {
    server = createServer((incoming, response) => {
      const found = incoming.url === '/api/admin/user';
      response.writeHead(found ? status : 404, { 'content-type': 'application/json' }).end('{}');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const profile = (at: string) =>
    `profiles:\n  acme: { url: "${at}", token-from: env:MY_PAT }\ncurrent: acme\n`;

  test('ends with 0 once a proxy that was started after it listens', async () => {
    const cli = withConfig(profile(url), { MY_PAT: PAT });
    const waiting = cli.run(['wait', '--timeout', '60s', '--json']);
    const proxy = await cli.start();
    const { code, stdout } = await waiting;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      ready: true,
      url: proxy.url,
      control: proxy.control,
      socket: proxy.socket,
      code: null,
    });
    await proxy.end();
  });

  test('gives up with 1 and the next thing to type when none comes', async () => {
    const cli = built.fresh();
    const said = await cli.run(['wait', '--timeout', '0']);
    expect(said).toEqual({
      code: 1,
      stdout: '',
      stderr: 'tokenleash: No proxy is running.\nType: tokenleash start\n',
    });
    const { stdout } = await cli.run(['wait', '--timeout', '200', '--json', '--timeout', '0s']);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, ready: false, url: null });
  });

  test.each(['x', '-1', '1.5s', '99999999', ''])('a timeout of "%s" exits 2', async (time) => {
    const said = await built.fresh().run(['wait', `--timeout=${time}`]);
    expect(said).toMatchObject({ code: 2, stdout: '' });
    expect(said.stderr).toContain('has to be a time');
  });

  test('--server ends with 0, with 4 for a refused or missing token, with 3 for a server that is away', async () => {
    const cli = withConfig(profile(url), { MY_PAT: PAT });
    const proxy = await cli.start();
    const wait = () => cli.run(['wait', '--server', '--timeout', '0', '--json']);
    expect((await wait()).code).toBe(0);
    status = 401;
    expect(await wait()).toMatchObject({ code: 4, stderr: expect.stringContaining('Type: ') });
    status = 200;
    await proxy.end();

    const away = withConfig(profile('http://127.0.0.1:9'), { MY_PAT: PAT });
    await away.start();
    const gone = await away.run(['wait', '--server', '--timeout', '0', '--json']);
    expect(gone.code).toBe(3);
    expect(JSON.parse(gone.stdout)).toMatchObject({ ready: false, code: 'upstream.unreachable' });

    const empty = withConfig(profile(url));
    await empty.start();
    expect((await empty.run(['wait', '--server', '--timeout', '0'])).code).toBe(4);
  });
});

describe('env', () => {
  let cli: ReturnType<typeof built.fresh>;
  let url: string;
  beforeAll(async () => {
    cli = withConfig(
      'profiles:\n  a: { url: "http://127.0.0.1:9", token-from: env:MY_PAT }\ncurrent: a\n',
      {
        MY_PAT: PAT,
      },
    );
    ({ url } = await cli.start());
  });
  const works = async (token: string | undefined) =>
    expect(await ask(url, token ?? '')).toMatchObject({ code: 'upstream.unreachable' });

  test.each(['bash', 'zsh', 'sh'])('--shell %s is what a shell evaluates', async (shell) => {
    const { stdout } = await cli.run(['env', '--shell', shell]);
    const script = `${stdout}\nprintf %s "$UNLEASH_URL $UNLEASH_PAT"`;
    const { stdout: seen } = await promisify(execFile)('sh', ['-c', script]);
    expect(seen.split(' ')[0]).toBe(url);
    await works(seen.split(' ')[1]);
  });

  test('--format json is one object of names and values', async () => {
    const { code, stdout } = await cli.run(['env', '--format', 'json']);
    expect(code).toBe(0);
    const variables = JSON.parse(stdout);
    expect(variables).toMatchObject({ UNLEASH_URL: url, UNLEASH_BASE_URL: url });
    await works(variables.UNLEASH_AUTH_TOKEN);
  });

  test('--format dotenv is what Node reads as an env file', async () => {
    const file = join(cli.home, '.env');
    writeFileSync(file, (await cli.run(['env', '--format', 'dotenv'])).stdout);
    const script = 'process.stdout.write(process.env.UNLEASH_URL + " " + process.env.UNLEASH_PAT)';
    const env = { PATH: process.env.PATH };
    const typed = [`--env-file=${file}`, '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, typed, { env });
    expect(stdout.split(' ')[0]).toBe(url);
    await works(stdout.split(' ')[1]);
  });

  test('--format github is lines for $GITHUB_ENV, and has the runner mask the token', async () => {
    const { stdout, stderr } = await cli.run(['env', '--format', 'github']);
    for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^[A-Za-z_]+=[^\s'"]+$/);
    const token = /^UNLEASH_PAT=(.*)$/m.exec(stdout)?.[1];
    expect(stderr).toContain(`::add-mask::${token}\n`);
    await works(token);
  });

  test.each([
    [['--format', 'xml'], 'has to be dotenv, json or github'],
    [['--shell', 'tcsh'], 'has to be bash, zsh, fish or pwsh'],
    [['--shell', 'fish', '--format', 'json'], 'do not go together'],
  ])('%j exits 2 and makes no client', async (words, says) => {
    const before = (await cli.run(['client', 'list', '--json'])).stdout;
    const said = await cli.run(['env', ...words]);
    expect(said).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(says) });
    expect((await cli.run(['client', 'list', '--json'])).stdout).toBe(before);
  });
});

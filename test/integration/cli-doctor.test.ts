import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createAdminClient } from '../../shared/unleash/client.ts';
import { deletePat } from '../../shared/unleash/pats.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { useTokenleash } from './use-tokenleash.ts';

const DAY_MS = 86_400_000;

const built = useTokenleash();
let url: string;
let pat: string;

beforeAll(async () => {
  const unleash = sharedUnleash();
  url = unleash.url;
  const end = new Date(Date.now() + 30 * DAY_MS);
  pat = (await unleash.createPat(`cli-doctor-${Date.now()}`, end)).secret;
});

type Found = {
  check: string;
  status: string;
  message: string;
  remedy: string | null;
  places: { file: string; line: number }[];
};

/** A user of their own: home folder, folders of ours, and no variable that this machine happens to have. */
function user(more: NodeJS.ProcessEnv = {}) {
  const cli = built.fresh();
  const home = join(cli.home, 'user');
  mkdirSync(home, { recursive: true });
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'HISTFILE', 'ZDOTDIR'];
  for (const name of names.flatMap((each) => [each, each.toLowerCase()])) delete cli.env[name];
  delete cli.env.NODE_EXTRA_CA_CERTS;
  Object.assign(cli.env, { HOME: home, TOKENLEASH_PORT: '0', TOKENLEASH_CONTROL_PORT: '0' }, more);
  const doctor = async () => {
    const { code, stdout, stderr } = await cli.run(['doctor', '--json']);
    const said = JSON.parse(stdout) as { version: number; verdict: string; checks: Found[] };
    expect(said.version).toBe(1);
    for (const { status, remedy } of said.checks) expect(remedy === null).toBe(status === 'ok');
    const of = (check: string) => said.checks.filter((found) => found.check === check);
    return { code, ...said, of, text: stdout + stderr };
  };
  const put = (path: string, text: string, mode = 0o600) => {
    const file = join(home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
    return file;
  };
  return { ...cli, home: cli.home, userHome: home, doctor, put };
}

async function withProfile(more: NodeJS.ProcessEnv = {}) {
  const cli = user(more);
  const added = await cli.run(['profile', 'add', 'demo', '--url', url, '--unattended'], pat);
  expect(added).toMatchObject({ code: 0 });
  return cli;
}

test('a healthy set-up is ok in every check, with a proxy and without', async () => {
  const cli = await withProfile();
  for (const running of [false, true]) {
    const proxy = running ? await cli.start() : null;
    const { code, checks, of } = await cli.doctor();
    const bad = checks.filter(({ check, status }) => status !== 'ok' && check !== 'node');
    expect(bad).toEqual([]);
    expect(code).toBe(0);
    expect(of('token')[0]?.message).toMatch(/is admin-\w+'s/);
    expect(of('server')[0]?.message).toContain(url);
    if (running) expect(of('ports')[0]?.message).toContain(`process ${proxy?.child.pid}`);
  }
});

test('people read one line for each finding, with the remedy below it', async () => {
  const cli = user();
  const { code, stdout } = await cli.run(['doctor']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok {7}store: /m);
  expect(stdout).toMatch(/^warning {2}config: There is no profile yet\.\n {9}Type: tokenleash/m);
  expect(existsSync(join(cli.home, 'data'))).toBe(false);
});

test('a token planted in the environment, a dotfile and three histories is found, and never repeated', async () => {
  const planted = `user:${'0123456789abcdef'.repeat(4).slice(0, 56)}`;
  const cli = user({ UNLEASH_PAT: planted, HARMLESS: 'user:tl_nothing' });
  const line = `curl -H "Authorization: ${planted}" ${url}`;
  const expected = [
    [cli.put('.zshenv', `# mine\n\nexport UNLEASH_AUTH_TOKEN='${planted}'\n`), 3],
    [cli.put('.bash_history', `ls\n${line}\n`), 2],
    [cli.put('.zsh_history', `: 1700000000:0;ls\n: 1700000001:0;ls\n: 1700000002:0;${line}\n`), 3],
    [
      cli.put(
        '.local/share/fish/fish_history',
        `- cmd: set -gx A \\n${planted}\n  when: 1700000000\n`,
      ),
      1,
    ],
  ];
  cli.put('.profile', 'export UNLEASH_URL=http://127.0.0.1:4280\n');
  const { of, text, verdict } = await cli.doctor();
  const stray = of('stray-tokens');
  expect(stray.every(({ status }) => status === 'warning')).toBe(true);
  expect(
    stray.flatMap(({ places }) => places.map(({ file, line }) => [file, line])).sort(),
  ).toEqual(expected.sort());
  expect(stray.find(({ places }) => places.length === 0)?.message).toContain('UNLEASH_PAT');
  expect(verdict).toBe('warning');
  expect(text).not.toContain(planted.slice(5, 25));
  const people = await cli.run(['doctor']);
  for (const [file, line] of expected) {
    expect(people.stdout).toContain(`${file} holds a token in clear: line ${line}.`);
  }
  expect(people.stdout + people.stderr).not.toContain(planted.slice(5, 25));
});

test('phantom tokens, SDK tokens and pipes among the dotfiles are no finding', async () => {
  const cli = user();
  cli.put(
    '.bashrc',
    `export A=user:tl_${'x'.repeat(43)}\nexport B=*:development.${'a'.repeat(56)}\n`,
  );
  execFileSync('mkfifo', [join(cli.userHome, '.pipe')]);
  expect((await cli.doctor()).of('stray-tokens')).toMatchObject([{ status: 'ok' }]);
});

test('a broken config.yaml is named with its line, and the other checks go on', async () => {
  const cli = await withProfile();
  writeFileSync(join(cli.home, 'config/config.yaml'), 'version: 1\nprofiles: [\n');
  const { code, of, checks } = await cli.doctor();
  expect(code).toBe(1);
  expect(of('config')[0]).toMatchObject({
    status: 'failed',
    message: expect.stringMatching(/config\.yaml, line \d/),
  });
  expect(checks.map(({ check }) => check)).toContain('stray-tokens');
});

test('a changed file that the running proxy refused is told', async () => {
  const cli = await withProfile();
  const proxy = await cli.start();
  writeFileSync(join(cli.home, 'config/config.yaml'), 'profiles: [\n');
  await expect.poll(() => proxy.stderr(), { timeout: 30_000 }).toContain('was refused');
  const told = (await cli.doctor()).of('config').map(({ message }) => message);
  expect(told).toContainEqual(expect.stringContaining('works with older files'));
});

test('files and folders that others could read or change fail, with what to type', async () => {
  const cli = await withProfile();
  const key = join(cli.home, 'data/secrets-unattended.key');
  chmodSync(key, 0o640);
  chmodSync(join(cli.home, 'config'), 0o777);
  const { code, of } = await cli.doctor();
  expect(code).toBe(1);
  expect(of('files').map(({ remedy }) => remedy)).toEqual([
    `Type: chmod 700 ${join(cli.home, 'config')}`,
    `Type: chmod 600 ${key}`,
  ]);
});

test('a sealed file that was damaged, or whose entry was moved, fails', async () => {
  const cli = await withProfile();
  const path = join(cli.home, 'data/secrets-unattended.json');
  writeFileSync(path, '{"format":', { mode: 0o600 });
  const { code, of } = await cli.doctor();
  expect(code).toBe(1);
  expect(of('store').at(-1)).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('damaged'),
  });
});

test('a token sealed under a passphrase is a warning where nothing opens it, and is read by a running proxy', async () => {
  const cli = user();
  cli.env.TOKENLEASH_PASSPHRASE_FILE = cli.put('passphrase', 'open sesame');
  expect((await cli.run(['profile', 'add', 'demo', '--url', url], pat)).code).toBe(0);
  const proxy = await cli.start();
  delete cli.env.TOKENLEASH_PASSPHRASE_FILE;
  expect((await cli.doctor()).of('token')).toMatchObject([{ status: 'ok' }]);
  await proxy.end();
  const { code, of } = await cli.doctor();
  expect(code).toBe(0);
  expect(of('token')).toMatchObject([
    { status: 'warning', message: expect.stringContaining('passphrase') },
  ]);
});

test('a token that ends soon is a warning, with its date', async () => {
  const end = new Date(Date.now() + 3 * DAY_MS);
  const secret = (await sharedUnleash().createPat(`cli-doctor-soon-${Date.now()}`, end)).secret;
  const cli = user({ SOON: secret });
  const added = await cli.run(['profile', 'add', 'demo', '--url', url, '--token-from', 'env:SOON']);
  expect(added.code).toBe(0);
  const { of } = await cli.doctor();
  // A user of its own with this one token: so it is known which of them it is.
  expect(of('token')).toMatchObject([
    { status: 'warning', message: expect.stringContaining(end.toISOString().slice(0, 16)) },
  ]);
});

test('a revoked token fails, with a proxy and without', async () => {
  const gone = await sharedUnleash().createPat(`cli-doctor-gone-${Date.now()}`);
  const cli = user();
  const words = ['profile', 'add', 'demo', '--url', url, '--unattended'];
  expect((await cli.run(words, gone.secret)).code).toBe(0);
  const client = createAdminClient({
    fetch,
    now: () => new Date(),
    baseUrl: url,
    credential: { by: 'token', token: gone.secret },
  });
  expect(await deletePat(client, Number(gone.id))).toMatchObject({ ok: true });
  for (const running of [false, true]) {
    if (running) await cli.start();
    // Unleash itself remembers for a moment who had a token.
    await expect
      .poll(async () => (await cli.doctor()).of('token'), { timeout: 60_000, interval: 500 })
      .toMatchObject([
        { status: 'failed', message: expect.stringContaining('does not take the token') },
      ]);
    expect((await cli.doctor()).code).toBe(1);
  }
});

test('a server that is not there fails, and says so of the token too', async () => {
  const cli = user({ DEMO: pat });
  const words = [
    'profile',
    'add',
    'demo',
    '--url',
    'http://127.0.0.1:1',
    '--token-from',
    'env:DEMO',
  ];
  expect((await cli.run(words)).code).toBe(0);
  const { code, of } = await cli.doctor();
  expect(code).toBe(1);
  expect(of('server')).toMatchObject([{ status: 'failed' }]);
  expect(of('token')).toMatchObject([{ status: 'warning' }]);
});

test('a port that is taken fails and names who has it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => other.once('listening', done));
  const { port } = other.address() as AddressInfo;
  const cli = user({ TOKENLEASH_PORT: String(port) });
  const { code, of } = await cli.doctor();
  other.close();
  expect(code).toBe(1);
  expect(of('ports')[0]).toMatchObject({
    status: 'failed',
    message: expect.stringContaining(`process ${process.pid}`),
    remedy: 'Type: tokenleash start --port 0',
  });
});

test.each([
  ['no URL', { HTTPS_PROXY: 'http://' }, 'failed', 'HTTPS_PROXY is no address'],
  [
    'requests to this machine',
    { HTTP_PROXY: 'http://u:hunter2@p:1' },
    'warning',
    'NO_PROXY leaves',
  ],
  [
    'two that differ',
    { HTTP_PROXY: 'http://a:1', http_proxy: 'http://b:1', NO_PROXY: '*' },
    'warning',
    'differ',
  ],
  ['a good one', { HTTPS_PROXY: 'p:3128', NO_PROXY: '.corp,127.0.0.1,localhost' }, 'ok', 'set'],
])('variables of a corporate proxy: %s', async (_, env, status, message) => {
  const { of, text } = await user(env).doctor();
  const found = of('proxy-variables');
  expect(found).toContainEqual(
    expect.objectContaining({ status, message: expect.stringContaining(message) }),
  );
  expect(text).not.toContain('hunter2');
});

test('a CA file that is gone fails', async () => {
  const cli = await withProfile();
  const config = join(cli.home, 'config/config.yaml');
  writeFileSync(
    config,
    readFileSync(config, 'utf8').replace(/( +)access:/, '$1ca: /gone.pem\n$1access:'),
  );
  const { code, of } = await cli.doctor();
  expect(code).toBe(1);
  expect(of('ca')).toMatchObject([{ status: 'failed', message: 'There is no /gone.pem.' }]);
});

test('Node options with which the proxy would not start fail', async () => {
  const { code, of } = await user({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }).doctor();
  expect(code).toBe(1);
  expect(of('node').at(-1)?.message).toContain('NODE_TLS_REJECT_UNAUTHORIZED');
});

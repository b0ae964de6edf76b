import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();
let cli: ReturnType<typeof built.fresh>;

beforeAll(async () => {
  cli = built.fresh({ MY_PAT: `user:${'7'.repeat(56)}` });
  await cli.run([
    'profile',
    'add',
    'acme',
    '--url',
    'http://127.0.0.1:9',
    '--token-from',
    'env:MY_PAT',
  ]);
});

describe('a word that is typed wrongly exits 2 and offers the nearest', () => {
  test.each([
    ['command', 'strat', 'Did you mean "start"?', 'start'],
    ['command of a group', 'profile lst', 'Did you mean "profile list"?', 'profile list'],
    ['command with a hyphen', 'client-add', 'Did you mean "client add"?', 'client add'],
    ['command without its group', 'revoke', 'Did you mean "client revoke"?', 'client revoke'],
    ['flag', 'start --prot 1', 'Did you mean --port?', 'start --port <port>'],
    ['flag of the program', '--vresion', 'Did you mean --version?', '--version'],
    ['profile', 'profile show amce', 'Did you mean "acme"?', 'profile show acme'],
    [
      'profile of a flag',
      'client add x --profile amce',
      'Did you mean "acme"?',
      'client add NAME --profile acme',
    ],
    ['flag before its command', '--json status', 'Flags stand after the command.', '--help'],
    ['word that is near nothing', 'wibble', 'There is no command "wibble".', '--help'],
    ['argument that is missing', 'client add', "'name'", 'client add --help'],
  ])('%s: %s', async (_, typed, says, next) => {
    const said = await cli.run(typed.split(' '));
    expect(said).toMatchObject({ code: 2, stdout: '' });
    expect(said.stderr).toContain(says);
    expect(said.stderr).toContain(`\nType: tokenleash ${next}\n`);
  });

  test('a token typed in the wrong place does not come back', async () => {
    const token = `user:${'0123456789abcdef'.repeat(4).slice(0, 56)}`;
    for (const words of [
      [token],
      [`--token=${token}`],
      ['start', `--token=${token}`],
      ['env', token],
      ['profile', 'show', token],
      ['client', 'revoke', token],
    ]) {
      const { code, stdout, stderr } = await cli.run(words);
      expect(code).toBe(2);
      expect(stdout + stderr).not.toContain('9abcdef0');
    }
  });
});

describe('tokenleash alone', () => {
  test('without a profile says how to begin, and exits 0', async () => {
    const { code, stdout } = await built.fresh().run([]);
    expect(code).toBe(0);
    expect(stdout).toContain('There is no profile yet.');
    expect(stdout).toContain('Type: tokenleash start ');
  });

  test('says which profile there is, and what to type with and without a proxy', async () => {
    const before = await cli.run([]);
    expect(before).toMatchObject({ code: 0, stderr: '' });
    expect(before.stdout).toContain('No proxy is running.');
    expect(before.stdout).toContain('Profile "acme": http://127.0.0.1:9, write, ready.');
    expect(before.stdout).toContain('Type: tokenleash start ');
    const proxy = await cli.start();
    const { stdout } = await cli.run([]);
    expect(stdout).toContain(`The proxy runs at ${proxy.url}`);
    expect(stdout).toContain('Type: tokenleash run -- CMD');
    await proxy.end();
  });
});

test('help shows every command by its whole name, also when asked as a word', async () => {
  const { code, stdout } = await cli.run(['--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}profile add +add an Unleash server/m);
  expect(await cli.run(['help'])).toEqual({ code: 0, stdout, stderr: '' });
  expect(await cli.run(['help', 'client', 'add'])).toEqual(
    await cli.run(['client', 'add', '--help']),
  );
});

test('the version comes alone, under both of its names', async () => {
  const { version } = await import('../../package.json');
  for (const flag of ['--version', '-V'])
    expect(await cli.run([flag])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('the version is said although nothing reads it, and a disk that is full is a failure', async () => {
  const shell = async (line: string) =>
    promisify(execFile)('bash', ['-c', line, cli.program, process.execPath]).then(
      () => 0,
      (error) => error.code,
    );
  expect(await shell('set -o pipefail; "$1" "$0" --version | true')).toBe(0);
  expect(await shell('"$1" "$0" --version > /dev/full')).toBe(1);
});

describe('NO_COLOR', () => {
  /** What a question looks like on a terminal, up to Ctrl-C. */
  async function asked(env: NodeJS.ProcessEnv): Promise<string> {
    // A terminal made from a pipe has no width, and every letter would stand on a line of its own.
    const line = `stty cols 120 rows 40; ${process.execPath} ${cli.program} start --port 0`;
    const child = spawn('script', ['-qfec', line, '/dev/null'], { env: { ...env, TERM: 'xterm' } });
    let seen = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      seen += text;
    });
    await vi.waitFor(
      () => {
        if (!seen.includes('Address of your Unleash')) throw new Error(`not asked: ${seen}`);
      },
      { timeout: 60_000, interval: 50 },
    );
    child.stdin.write('\x03');
    if (child.exitCode === null) await once(child, 'close');
    return seen;
  }
  const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[(?:3[0-7]|9[0-7])m`);

  test('takes the colours out of questions', async () => {
    const plain = built.fresh();
    expect(await asked(plain.env)).not.toMatch(COLOUR);
    const coloured = built.fresh();
    delete coloured.env.NO_COLOR;
    expect(await asked(coloured.env)).toMatch(COLOUR);
  });
});

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ensureShells } from '../../scripts/shells.mjs';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();
let cli: ReturnType<typeof built.fresh>;
/** `tokenleash` is on PATH, and no one's own shell settings count. */
let env: NodeJS.ProcessEnv;
const children = new Set<ChildProcess>();

const CONFIG = `current: acme
profiles:
  acme: { url: "https://acme.example:8443/unleash", token-from: env:X }
  acorn: { url: "https://acorn.example", token-from: env:X }
  zeta: { url: "https://zeta.example", token-from: env:X }
`;

beforeAll(async () => {
  await ensureShells();
  cli = built.fresh();
  mkdirSync(join(cli.home, 'config'), { recursive: true, mode: 0o700 });
  writeFileSync(join(cli.home, 'config', 'config.yaml'), CONFIG, { mode: 0o600 });
  writeFileSync(join(cli.home, 'some-file.txt'), '');
  expect((await cli.run(['client', 'add', 'terraform'])).code).toBe(0);
  const programs = join(cli.home, 'bin');
  mkdirSync(programs);
  symlinkSync(built.program, join(programs, 'tokenleash'));
  chmodSync(built.program, 0o755);
  const path = `${programs}${delimiter}${process.env.PATH}`;
  env = { ...cli.env, PATH: path, HOME: cli.home, ZDOTDIR: cli.home, XDG_CONFIG_HOME: cli.home };
});
afterAll(async () => {
  await Promise.all([...children].map(killed));
});

/** Shells write their history and settings to the very end; their home is removed after that. */
async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const complete = async (...words: string[]) => {
  const { code, stdout } = await cli.run(['__complete', ...words]);
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  return { words: lines.slice(0, -1).map((line) => line.split('\t')[0]), also: lines.at(-1) };
};

describe('what is offered', () => {
  test.each([
    [['=sta'], ['start', 'status'], ':none'],
    [['profile', '=re'], ['remove'], ':none'],
    [['profile', 'show', '=ac'], ['acme', 'acorn'], ':none'],
    [['client', 'revoke', '='], ['terraform'], ':none'],
    [['explain', 'GET', '/x', '--client', '=t'], ['terraform'], ':none'],
    [['export', '='], ['envoy', 'nginx', 'caddy'], ':none'],
    [['export', 'nginx', '--out', '='], [], ':files'],
    [['explain', '=P'], ['POST', 'PUT', 'PATCH'], ':none'],
    [['start', '=--po'], ['--port'], ':none'],
    [['start', '--read-only', '=--r'], [], ':none'],
    [['start', '--profile', '=z'], ['zeta'], ':none'],
    [['start', '--profile', '=', '=z'], ['zeta'], ':none'],
    [['start', '=--profile=z'], ['--profile=zeta'], ':none'],
    [['start', '--socket', '='], [], ':files'],
    [['client', 'add', 'x', '--access', '='], ['read', 'write'], ':none'],
    [['env', '--shell', '=z'], ['zsh'], ':none'],
    [['run', '--access', 'read', '--', '='], [], ':command 5'],
    [['run', 'curl', '=--h'], [], ':command 2'],
    [['wibble', '='], [], ':none'],
  ])('after %j: %j', async (typed, words, also) => {
    expect(await complete(...typed)).toEqual({ words, also });
  });

  test('nothing, and no error, where a file of ours does not read', async () => {
    const broken = built.fresh();
    mkdirSync(join(broken.home, 'config'), { recursive: true, mode: 0o700 });
    writeFileSync(join(broken.home, 'config', 'config.yaml'), 'profiles: [', { mode: 0o600 });
    expect(await broken.run(['__complete', 'profile', 'show', '='])).toEqual({
      code: 0,
      stdout: ':none\n',
      stderr: '',
    });
  });
});

/** How each shell is started bare, and told of completion as its help says. */
const SHELLS: Record<string, { start: string; setUp: string }> = {
  bash: { start: 'bash --norc --noprofile -i', setUp: 'source <(tokenleash completion bash)' },
  zsh: {
    start: 'zsh -f -i',
    setUp: 'autoload -Uz compinit && compinit -u; source <(tokenleash completion zsh)',
  },
  fish: { start: 'fish --no-config -i', setUp: 'tokenleash completion fish | source' },
};

/** A shell on a terminal of its own; `sees` waits for what it prints. */
function onTerminal(line: string) {
  const sized = `stty cols 150 rows 40; ${line}`;
  const child = spawn('script', ['-qfec', sized, '/dev/null'], { env: { ...env, TERM: 'xterm' } });
  children.add(child);
  let seen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
  });
  return {
    /** Waits for a text to be printed, from a position on. */
    async sees(text: string, from = 0) {
      const look = () => {
        if (!seen.slice(from).includes(text))
          throw new Error(`"${text}" was not seen in: ${JSON.stringify(seen.slice(from))}`);
      };
      await vi.waitFor(look, { timeout: 30_000, interval: 50 });
    },
    at: () => seen.length,
    type: (text: string) => child.stdin.write(text),
  };
}

describe.each(Object.entries(SHELLS))('Tab in %s', (_, { start, setUp }) => {
  /** A shell of its own for each test: a line that did not come to its end must not stand in another's way. */
  async function shell() {
    const terminal = onTerminal(start);
    terminal.type(`${setUp}\r`);
    terminal.type('printf "%s-%s\\n" set up\r');
    await terminal.sees('set-up');
    // The prompt is drawn after it.
    await pause(300);
    return terminal;
  }

  /** Types up to a Tab, waits for the rest of the word, and has the line run. */
  async function completed(typed: string, whole: string, result: string) {
    const terminal = await shell();
    const from = terminal.at();
    terminal.type(`${typed}\t`);
    await terminal.sees(whole, from);
    const entered = terminal.at();
    terminal.type('\r');
    await terminal.sees(result, entered);
  }

  test('completes a profile, and the line runs', async () => {
    await completed('tokenleash profile show z', 'zeta', 'https://zeta.example');
  });

  test('completes a command, and the line runs', async () => {
    await completed('tokenleash config pa', 'path', join('config', 'config.yaml'));
  });

  test('completes a flag, and the line runs', async () => {
    await completed('tokenleash profile list --js', '--json', '"version":1');
  });

  test('shows several', async () => {
    const terminal = await shell();
    const from = terminal.at();
    terminal.type('tokenleash profile show ac\t\t');
    await terminal.sees('acme', from);
    await terminal.sees('acorn', from);
  });

  test('completes a file after the program of run', async () => {
    const terminal = await shell();
    const from = terminal.at();
    terminal.type(`tokenleash run -- cat ${cli.home}/some-f\t`);
    await terminal.sees('some-file.txt', from);
  });
});

test('fish tells each name with what it is', async () => {
  const script = 'tokenleash completion fish | source; complete -C "tokenleash profile show a"';
  const { stdout } = await promisify(execFile)('fish', ['--no-config', '-c', script], { env });
  expect(stdout.split('\n')).toContain('acme\thttps://acme.example:8443/unleash');
});

test('zsh without compinit is told what to type', async () => {
  const script = 'source <(tokenleash completion zsh)';
  const { stderr } = await promisify(execFile)('zsh', ['-f', '-c', script], { env });
  expect(stderr).toContain('type: autoload -Uz compinit && compinit');
});

test.each(['tcsh', ''])('completion for "%s" exits 2 and names the shells', async (shell) => {
  const said = await cli.run(['completion', shell]);
  expect(said).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('bash, zsh') });
});

test('the script of PowerShell hands over an empty word as well, and calls nothing but us', async () => {
  const { stdout } = await cli.run(['completion', 'pwsh']);
  expect(stdout).toContain('Register-ArgumentCompleter -Native -CommandName tokenleash');
  expect(stdout).toContain('& tokenleash __complete @typed "=$wordToComplete"');
});

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { quoteForShell } from '../../proxy/problem.ts';
import type { Started } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();
let cli: ReturnType<typeof built.fresh>;
let program: string;
let proxy: Started | null = null;
const terminals = new Set<ChildProcess>();

/** Says what it sees of its terminal, each time in a line that begins with @. */
const INTERACTIVE = `
  const say = (...words) => console.log('@' + words.join(' '));
  const { stdin, stdout, stderr } = process;
  say('tty', stdin.isTTY, stdout.isTTY, stderr.isTTY, 'colours', stdout.getColorDepth() > 1);
  say('size', stdout.columns, stdout.rows, process.env.UNLEASH_PAT.slice(0, 8));
  stdout.on('resize', () => say('resized', stdout.columns, stdout.rows));
  process.on('SIGINT', () => say('interrupted'));
  process.on('SIGCONT', () => say('continued'));
  let text = '';
  stdin.setEncoding('utf8').on('data', (typed) => {
    text += typed;
    for (const line of text.split('\\n').slice(0, -1)) {
      say('read', line);
      if (line === 'leave') process.exit(5);
      if (line === 'raw') stdin.setRawMode(true), say('is', 'raw');
    }
    text = text.slice(text.lastIndexOf('\\n') + 1);
  });
`;

beforeAll(async () => {
  cli = built.fresh();
  // Nothing is sent to it: what is looked at here is the terminal.
  await cli.run(['profile', 'add', 'demo', '--url', 'http://127.0.0.1:1', '--unattended'], PAT);
  program = join(cli.home, 'interactive.cjs');
  writeFileSync(program, INTERACTIVE);
  for (const name of ['ready', 'inner'])
    writeFileSync(join(cli.home, name), `PS1='${name}> '; bind 'set enable-bracketed-paste off'`);
});
afterEach(async () => {
  for (const terminal of terminals) terminal.kill('SIGKILL');
  terminals.clear();
  await proxy?.end();
  proxy = null;
});

const PAT = `user:${'a1'.repeat(28)}`;
const CTRL_C = '\x03';
const CTRL_Z = '\x1a';
/** For steps of a shell on a busy machine; bounds a hang. */
const STEP_MS = 60_000;

/** An interactive shell whose prompt is `NAME> `. */
const bash = (name: string) =>
  `bash --noprofile --rcfile ${quoteForShell(join(cli.home, name))} -i`;

/** bash, as a person sits before it, on a pseudo-terminal of util-linux `script`. */
async function shell() {
  const line = `stty cols 120 rows 40; tty; exec ${bash('ready')}`;
  const child = spawn('script', ['-qfec', line, '/dev/null'], {
    env: { ...cli.env, NO_COLOR: undefined, TERM: 'xterm-256color' },
  });
  terminals.add(child);
  let text = '';
  let from = 0;
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  /** Waits for what comes after all that was waited for before. */
  const sees = async (wanted: string) => {
    const find = () => text.indexOf(wanted, from);
    await expect
      .poll(find, { timeout: STEP_MS, message: `"${wanted}" on the screen` })
      .toBeGreaterThan(-1);
    from = find() + wanted.length;
  };
  await sees('/dev/');
  await sees('ready> ');
  const device = /\/dev\/\S+/.exec(text)?.[0] ?? '';
  const type = (typed: string) => child.stdin.write(typed);
  const words = [process.execPath, cli.program, 'run', '--', process.execPath, program];
  return { child, sees, type, device, line: `${words.map(quoteForShell).join(' ')}\r` };
}

/** Waits until `sleep` runs in the foreground of its terminal: what is typed now is for it. */
async function sleeps(seconds: string): Promise<void> {
  const listed = () => execFileSync('ps', ['-eo', 'stat=,args='], { encoding: 'utf8' });
  await expect
    .poll(listed, { timeout: STEP_MS })
    .toMatch(new RegExp(`^S[^ ]*\\+ +sleep ${seconds}$`, 'm'));
}

test.each(['a proxy running', 'none running'])(
  'a program under run has the terminal to itself, with %s',
  async (how) => {
    if (how === 'a proxy running') proxy = await cli.start();
    const { child, sees, type, device, line } = await shell();
    type(line);
    await sees('@tty true true true colours true');
    await sees('@size 120 40 user:tl_');

    type('hello\r');
    await sees('@read hello');
    type(CTRL_C);
    await sees('@interrupted');
    execFileSync('stty', ['-F', device, 'cols', '99', 'rows', '33']);
    await sees('@resized 99 33');

    type(CTRL_Z);
    await sees('Stopped');
    await sees('ready> ');
    type('jobs | wc -l; echo "still $((40+2))"\r');
    await sees('still 42');
    type('fg\r');
    await sees('@continued');
    type('again\r');
    await sees('@read again');
    type('leave\r');
    await sees('@read leave');
    type('echo "code $?"\r');
    await sees('code 5');

    type('exit\r');
    await once(child, 'exit');
  },
);

test('Ctrl-C ends a program that does not catch it, with 130, and the terminal is as before', async () => {
  const { sees, type, line } = await shell();
  type('stty -g > before; sleep 0\r'.replace('before', quoteForShell(join(cli.home, 'before'))));
  await sees('ready> ');
  type(line.replace(/\S+ \S+\r$/, 'sleep 60017\r'));
  await sleeps('60017');
  type(CTRL_C);
  await sees('ready> ');
  type('echo "code $?"\r');
  await sees('code 130');
  type(`stty -g | cmp - ${quoteForShell(join(cli.home, 'before'))} && echo "same $((1+1))"\r`);
  await sees('same 2');
});

test('a shell under run has job control of its own', async () => {
  const { sees, type, line } = await shell();
  type(line.replace(/\S+ \S+\r$/, `${bash('inner')}\r`));
  await sees('inner> ');
  type('sleep 60018\r');
  await sleeps('60018');
  type(CTRL_Z);
  await sees('Stopped');
  await sees('inner> ');
  type('fg\r');
  await sleeps('60018');
  type(CTRL_C);
  await sees('inner> ');
  type('exit 3\r');
  await sees('ready> ');
  type('echo "code $?"\r');
  await sees('code 3');
});

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quoteForShell } from '../../proxy/problem.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { CTRL_C, ENTER, endTerminals, onTerminal, words } from './on-terminal.ts';
import { useTokenleash } from './use-tokenleash.ts';

const built = useTokenleash();
let url: string;
let pat: string;

beforeAll(async () => {
  const unleash = sharedUnleash();
  url = unleash.url;
  pat = (await unleash.createPat(`cli-prompts-${Date.now()}`)).secret;
});
afterAll(async () => {
  endTerminals();
});

test('a token pasted unseen and a new passphrase typed twice make a profile; neither is shown', async () => {
  const cli = built.fresh();
  const terminal = onTerminal(words(cli, 'profile', 'add', 'demo', '--url', url), cli.env);
  await terminal.sees('Personal access token');
  terminal.type(pat + ENTER);
  await terminal.sees('New passphrase');
  terminal.type(`open sesame${ENTER}`);
  await terminal.sees('The same passphrase again');
  terminal.type(`open sesame${ENTER}`);
  expect(await terminal.closed).toBe(0);
  expect(terminal.seen()).not.toContain(pat.slice(5, 30));
  expect(terminal.seen()).not.toContain('sesame');
  expect((await cli.run(['profile', 'list'])).stdout).toContain('ready');

  const start = onTerminal(words(cli, 'start', '--port', '0', '--control-port', '0'), cli.env);
  await start.sees('Passphrase of the sealed tokens');
  start.type(`wrong${ENTER}`);
  await start.sees('does not open it');
  await after(300);
  start.type(`open sesame${ENTER}`);
  await start.sees('Tokenleash listens on http://127.0.0.1:');
  start.type(CTRL_C);
  expect(await start.closed).toBe(130);
});

test('a token that is piped in leaves the terminal free for the passphrase', async () => {
  const cli = built.fresh();
  mkdirSync(cli.home, { recursive: true });
  const file = join(cli.home, 'pat');
  writeFileSync(file, pat, { mode: 0o600 });
  const line = `cat ${quoteForShell(file)} | ${words(cli, 'profile', 'add', 'demo', '--url', url)}`;
  const terminal = onTerminal(line, cli.env);
  for (const prompt of ['New passphrase', 'The same passphrase again']) {
    await terminal.sees(prompt);
    terminal.type(`open sesame${ENTER}`);
  }
  expect(await terminal.closed).toBe(0);
  expect(terminal.seen()).not.toContain('sesame');
});

const PROMPTS: [string, string[], string[]][] = [
  ['the token', ['profile', 'add', 'demo', '--url', 'URL'], ['Personal access token']],
  [
    'the new passphrase',
    ['profile', 'add', 'demo', '--url', 'URL'],
    ['Personal access token', 'PAT', 'New passphrase'],
  ],
  [
    'the passphrase again',
    ['profile', 'add', 'demo', '--url', 'URL'],
    ['Personal access token', 'PAT', 'New passphrase', 'open sesame', 'The same passphrase again'],
  ],
  ['the address', ['start'], ['Address of your Unleash']],
  ['the source', ['start'], ['Address of your Unleash', 'URL', 'make it in the browser']],
];

test.each(PROMPTS)('Ctrl-C at %s exits 130 and leaves nothing', async (_, typed, steps) => {
  const cli = built.fresh();
  const terminal = onTerminal(
    words(cli, ...typed.map((word) => (word === 'URL' ? url : word))),
    cli.env,
  );
  for (const [at, step] of steps.entries()) {
    const text = step === 'PAT' ? pat : step === 'URL' ? url : step;
    if (at % 2 === 0) await terminal.sees(text);
    else terminal.type(text + ENTER);
  }
  terminal.type(CTRL_C);
  expect(await terminal.closed).toBe(130);
  expect(existsSync(join(cli.home, 'config'))).toBe(false);
  expect(existsSync(join(cli.home, 'data'))).toBe(false);
});

test('start asks for server and source where there is no profile, and listens', async () => {
  const cli = built.fresh();
  mkdirSync(cli.home, { recursive: true });
  const file = join(cli.home, 'passphrase');
  writeFileSync(file, 'open sesame', { mode: 0o600 });
  cli.env.TOKENLEASH_PASSPHRASE_FILE = file;
  const terminal = onTerminal(words(cli, 'start', '--port', '0', '--control-port', '0'), cli.env);
  await terminal.sees('Address of your Unleash');
  terminal.type(url + ENTER);
  await terminal.sees('make it in the browser');
  terminal.type(ENTER);
  await terminal.sees('Tokenleash listens on http://127.0.0.1:');
  terminal.type(CTRL_C);
  expect(await terminal.closed).toBe(130);
  expect((await cli.run(['profile', 'list'])).stdout).toContain('waiting-for-secret');
});

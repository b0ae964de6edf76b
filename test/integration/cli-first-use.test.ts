import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handOver, pair } from '../../extension/background/proxy-link-exchange.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { CHROMIUM, startExtension } from './control-fixture.ts';
import { CTRL_C, ENTER, endTerminals, onTerminal, words } from './on-terminal.ts';
import { useTokenleash } from './use-tokenleash.ts';

/** A person with an address and a token, an empty home, and no manual. */

const built = useTokenleash();
let url: string;
let pat: string;

beforeAll(async () => {
  const unleash = sharedUnleash();
  url = unleash.url;
  pat = (await unleash.createPat(`first-use-${Date.now()}`)).secret;
});
afterAll(async () => {
  endTerminals();
});

const DOWN = '\x1b[B';
const START = ['start', '--port', '0', '--control-port', '0'];
/** No session bus: the keychain does not work here, whatever this machine has. */
const fresh = () => built.fresh({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' });

/** What `start` tells to try, without curl: the projects, by the child's own variables. */
const REQUEST = [
  'run',
  '--',
  process.execPath,
  '-e',
  `fetch(process.env.UNLEASH_URL + '/api/admin/projects', {
    headers: { authorization: process.env.UNLEASH_PAT },
  }).then(async (answer) => console.log(answer.status, await answer.text()))`,
];

test('an address and a pasted token end in a working proxy; the passphrase is not asked a third time', async () => {
  const cli = fresh();
  const terminal = onTerminal(words(cli, ...START), cli.env);
  await terminal.sees('Address of your Unleash');
  terminal.type(url + ENTER);
  await terminal.sees('paste it here, unseen');
  terminal.type(DOWN + ENTER);
  await terminal.sees('in Unleash: your profile');
  terminal.type(pat + ENTER);
  await terminal.sees('New passphrase');
  terminal.type(`open sesame${ENTER}`);
  await terminal.sees('The same passphrase again');
  terminal.type(`open sesame${ENTER}`);
  await terminal.sees('Try it there: tokenleash run -- ');
  expect(terminal.seen()).toContain('Tokenleash listens on http://127.0.0.1:');
  expect(terminal.seen()).not.toContain('Passphrase of the sealed tokens');
  expect(terminal.seen()).not.toContain(pat.slice(5, 30));

  const asked = await cli.run(REQUEST);
  expect(asked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^200 .*"projects"/) });
  terminal.type(CTRL_C);
  expect(await terminal.closed).toBe(130);
});

test('an address where no Unleash is, and a token that is refused, are asked again', async () => {
  const other = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
  await new Promise((done) => other.once('listening', done));
  const wrong = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const cli = fresh();
  const terminal = onTerminal(words(cli, ...START), cli.env);
  await terminal.sees('Address of your Unleash');
  terminal.type(wrong + ENTER);
  await terminal.sees('type another address');
  terminal.type(ENTER);
  await terminal.sees('Address of your Unleash', 3);
  terminal.type(url + ENTER);
  await terminal.sees('paste it here, unseen');
  terminal.type(DOWN + ENTER);
  await terminal.sees('in Unleash: your profile');
  terminal.type(`user:${'0'.repeat(56)}${ENTER}`);
  await terminal.sees('Paste another one');
  terminal.type(pat + ENTER);
  await terminal.sees('New passphrase');
  terminal.type(`open sesame${ENTER}`);
  await terminal.sees('The same passphrase again');
  terminal.type(`open sesame${ENTER}`);
  await terminal.sees('Try it there');
  other.close();
  expect((await cli.run(REQUEST)).stdout).toMatch(/^200 /);
  terminal.type(CTRL_C);
  expect(await terminal.closed).toBe(130);
});

test('an address and a token made in the browser end in a working proxy, by the code that start shows', async () => {
  const cli = fresh();
  const terminal = onTerminal(words(cli, ...START), cli.env);
  await terminal.sees('Address of your Unleash');
  terminal.type(url + ENTER);
  await terminal.sees('make it in the browser');
  terminal.type(ENTER);
  for (const prompt of ['New passphrase', 'The same passphrase again']) {
    await terminal.sees(prompt);
    terminal.type(`open sesame${ENTER}`);
  }
  await terminal.sees('good once, for 60 s:');
  const code = /^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]+){3,})\s*$/im;
  await expect.poll(() => code.test(terminal.seen()), { timeout: 60_000 }).toBe(true);
  const extension = startExtension(CHROMIUM, { now: Date.now() });
  const paired = await pair(extension, code.exec(terminal.seen())?.[1] ?? '', 'Chromium');
  expect(paired).toMatchObject({ ok: true });
  await terminal.sees('Paired with Chromium. Now choose "New PAT for the proxy" there.');
  const handedOver = await handOver(extension, {
    secret: pat,
    id: 1,
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    owner: 'grace',
    origin: url,
  });
  expect(handedOver).toMatchObject({ state: 'answered' });
  await terminal.sees('handed over a token for profile "local"');
  const asked = await cli.run(REQUEST);
  expect(asked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^200 /) });
  terminal.type(CTRL_C);
  expect(await terminal.closed).toBe(130);
});

test('a server that is not there may be kept, and Ctrl-C there leaves nothing', async () => {
  const cli = fresh();
  const terminal = onTerminal(words(cli, ...START), cli.env);
  await terminal.sees('Address of your Unleash');
  terminal.type(`http://127.0.0.1:1${ENTER}`);
  await terminal.sees('use http://127.0.0.1:1 all the same');
  terminal.type(CTRL_C);
  expect(await terminal.closed).toBe(130);
  expect(existsSync(join(cli.home, 'config'))).toBe(false);

  const again = onTerminal(words(cli, ...START), cli.env);
  await again.sees('Address of your Unleash');
  again.type(`http://127.0.0.1:1${ENTER}`);
  await again.sees('all the same');
  again.type(DOWN + ENTER);
  await again.sees('make it in the browser');
  again.type(CTRL_C);
  expect(await again.closed).toBe(130);
});

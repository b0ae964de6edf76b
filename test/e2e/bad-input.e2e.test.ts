/** What people mistype and what servers do wrong: a sentence each, the form kept, nothing half-made. */
import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { selfSignedCertificate } from '../certificate.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { sendFrom } from './fixtures/messages.ts';
import {
  fill,
  hasPart,
  heard,
  part,
  press,
  showsText,
  textOf,
  typedIn,
} from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';
import { startUnrulyServer, type UnrulyServer } from './fixtures/unruly-server.ts';
import { until } from './fixtures/until.ts';

const OPTIONS = 'extension/options/index.html';
const POPUP = 'extension/popup/index.html';
const CHECK_TOKENS = 'Check Tokens before you create it again.';
const JSON_TYPE = 'application/json';
const uniqueName = (word: string) => `${word}-${randomBytes(4).toString('hex')}`;

/** As the client waits for an answer, and what a busy machine adds, in ms. */
const ANSWER_MS = 30_000 + 20_000;

const servers: Server[] = [];

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = async (listener: RequestListener) => `http://${await listen(createServer(listener))}`;

const serveAlways = (type: string, body: string) =>
  serve((_, response) => response.writeHead(200, { 'content-type': type }).end(body));

/** An address where nobody is: it was somebody's until a moment ago. */
async function deserted(): Promise<string> {
  const server = createServer();
  const host = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return `http://${host}`;
}

afterAll(() => {
  for (const server of servers) {
    if ('closeAllConnections' in server)
      (server as ReturnType<typeof createServer>).closeAllConnections();
    server.close();
  }
});

const unleash = sharedUnleash();

async function storedOnDisk(own: Page): Promise<string> {
  return String(
    await own.evaluate(
      `(globalThis.browser ?? chrome).storage.local.get(null).then((all) => JSON.stringify(all))`,
    ),
  );
}

describe.each(BOTH_BROWSERS)('an address that is wrong, in $kind', ({ launch }) => {
  let extension: ExtensionBrowser;
  let options: Page;

  beforeAll(async () => {
    extension = await launch();
    await logIn(extension, unleash.url, await unleash.login());
    options = await extension.openExtensionPage(OPTIONS);
  });
  afterAll(() => extension?.close());

  async function addTyped(typed: string): Promise<void> {
    await fill(options, 'textbox', 'Unleash URL', typed);
    await press(options, 'button', 'Add instance');
  }

  /** The error by the field, once there is one. */
  const complaint = () =>
    until('an error stands by the field', () =>
      options.evaluate(() => document.querySelector<HTMLElement>('.field-error')?.innerText),
    );

  const { host } = new URL(unleash.url);
  const html = '<!doctype html><title>A shop</title>';
  const cases: [string, () => Promise<string> | string, string][] = [
    ['has a password in it', () => `http://ada:5ecret@${host}/projects`, 'password'],
    ['has a query', () => `${unleash.url}/?sort=name`, 'has a query'],
    ['has a fragment', () => `${unleash.url}/#top`, 'has a fragment'],
    ['is of a port where nobody listens', deserted, 'cannot be reached'],
    ['is a web page', () => serveAlways('text/html', html), 'not as Unleash does'],
    ['answers other JSON', () => serveAlways(JSON_TYPE, '{"health":"UP"}'), 'not as Unleash does'],
    [
      'leads to another origin',
      () =>
        serve((request, response) =>
          response.writeHead(302, { location: `${unleash.url}${request.url}` }).end(),
        ),
      'another address',
    ],
    ['would be reached in clear', () => 'http://unleash.example.com', 'without encryption'],
    ['is of another protocol', () => 'ftp://unleash.example.com', 'https'],
    ['is no address', () => 'our unleash', 'address'],
    ['is empty', () => ' ', 'address'],
  ];

  test.each(cases)(
    'and %s is not added: a sentence says why, and it stays to be mended',
    async (_, address, words) => {
      const typed = await address();
      await addTyped(typed);
      const said = await complaint();
      expect(said).toContain(words);
      expect(said).toMatch(/[.!?]/);
      expect(said).not.toContain('5ecret');
      expect((await typedIn(options, 'textbox', 'Unleash URL')).trim()).toBe(typed.trim());
      expect((await sendFrom(options, 'instances.list', {})).instances).toEqual([]);
      expect(await storedOnDisk(options)).not.toMatch(/5ecret|127\.0\.0\.1|example\.com/);
    },
  );

  test('and has a certificate that nobody trusts is not added', async () => {
    const { key, cert } = selfSignedCertificate();
    const address = await listen(createTlsServer({ key, cert }, (_, response) => response.end()));
    // By message: a host that is not in the test build would open the browser's prompt, which nobody presses here.
    const answer = await sendFrom(options, 'instances.add', { url: `https://${address}` });
    expect(answer).toMatchObject({ ok: false, message: expect.stringContaining('certificate') });
    expect((await sendFrom(options, 'instances.list', {})).instances).toEqual([]);
  });

  test('but only lacks its scheme and has a page of the UI behind it, is added', async () => {
    await addTyped(`${host}/projects/default/features`);
    await heard(options, 'Recognised as Unleash 8.2.0.');
    const { instances } = await sendFrom(options, 'instances.list', {});
    expect(instances).toMatchObject([{ id: unleash.url }]);
  });
});

describe.each(BOTH_BROWSERS)(
  'a server that fails while a token is made, in $kind',
  ({ kind, launch }) => {
    let extension: ExtensionBrowser;
    let unruly: UnrulyServer;
    let own: Page;
    let popup: Page;

    beforeAll(async () => {
      unruly = await startUnrulyServer(unleash.url);
      extension = await launch();
      await logIn(extension, unruly.url, await unleash.login());
      own = await extension.openExtensionPage(OPTIONS);
      expect(await sendFrom(own, 'instances.add', { url: unruly.url })).toMatchObject({ ok: true });
    });
    afterEach(async () => {
      unruly.mood = { is: 'obedient' };
      await popup?.close().catch(() => undefined);
      for (const { id } of (await sendFrom(own, 'created.list', { instanceId: unruly.url }))
        .created) {
        await sendFrom(own, 'created.dismiss', { id });
      }
    });
    afterAll(async () => {
      await extension?.close();
      await unruly?.stop();
    });

    /** The form for a backend token of this name; in a tab, so that it stays open beside others. */
    async function openWith(name: string): Promise<Page> {
      popup = await extension.openExtensionPage(POPUP);
      await press(popup, 'radio', 'Backend');
      await fill(popup, 'textbox', 'Name', name);
      return popup;
    }

    const namesInUnleash = async (): Promise<string[]> => {
      const answer = await fetch(`${unleash.url}/api/admin/api-tokens`, {
        headers: { cookie: await unleash.login() },
      });
      const { tokens } = (await answer.json()) as { tokens: { tokenName: string }[] };
      return tokens.map((token) => token.tokenName);
    };

    async function leavesTheForm(name: string): Promise<void> {
      expect(await typedIn(popup, 'textbox', 'Name')).toBe(name);
      expect(await hasPart(popup, 'button', 'Create and copy')).toBe(true);
      const { created } = await sendFrom(own, 'created.list', { instanceId: unruly.url });
      expect(created).toEqual([]);
      // As it is after the popup was closed in anger.
      const { form } = await sendFrom(own, 'draft.read', { instanceId: unruly.url });
      expect(form).toMatchObject({ kind: 'backend', name });
    }

    const answering = (status: number, type: string, body: string) =>
      ({ is: 'answering', status, type, body }) as const;
    const page = '<html><h1>Oh no</h1></html>';
    const failures: [string, UnrulyServer['mood'], string[]][] = [
      ['hangs up', { is: 'hanging-up' }, ['cannot be reached', CHECK_TOKENS]],
      [
        'dies in the middle of its answer',
        { is: 'cutting' },
        ['closed the connection', CHECK_TOKENS],
      ],
      ['answers 500 with a page', answering(500, 'text/html', page), ['status 500', CHECK_TOKENS]],
      ['answers 200 with a page', answering(200, 'text/html', page), ['not as Unleash does']],
      ['answers other JSON', answering(201, JSON_TYPE, '{"secret":7}'), [CHECK_TOKENS]],
      [
        'wants fewer requests',
        answering(429, 'text/html', page),
        ['fewer requests', 'Nothing was'],
      ],
      ['says nothing at all', { is: 'silent' }, ['did not answer', 'Waited 30 s.', CHECK_TOKENS]],
    ];

    test.each(failures)(
      'and %s leaves the form as it was, and says what to do',
      async (_, mood, words) => {
        const name = uniqueName('fails');
        await openWith(name);
        await extension.copyInOtherTab('my own words');
        await popup.bringToFront();
        unruly.mood = mood;
        await press(popup, 'button', 'Create and copy');
        await until(
          `the popup shows "${words[0]}"`,
          async () => (await textOf(popup)).includes(words[0] ?? ''),
          ANSWER_MS,
        );
        const text = await textOf(popup);
        for (const word of words) expect(text).toContain(word);
        expect(text).not.toContain('Oh no');
        await leavesTheForm(name);
        expect(await extension.readClipboard()).toBe('my own words');
      },
    );

    test('and is gone by then leaves the form as it was; once it is back, the same press works', async () => {
      const name = uniqueName('gone');
      await openWith(name);
      await unruly.leave();
      try {
        await press(popup, 'button', 'Create and copy');
        await showsText(popup, 'cannot be reached');
        await leavesTheForm(name);
      } finally {
        await unruly.comeBack();
      }
      await press(popup, 'button', 'Create and copy');
      await heard(popup, 'Copied. Clears in');
      expect((await namesInUnleash()).filter((one) => one === name)).toHaveLength(1);
    });

    test('since the session has expired leaves the form as it was, with the way to log in; then it works', async () => {
      const name = uniqueName('expired');
      await openWith(name);
      const cookies = await extension.browser.cookies();
      await extension.browser.deleteCookie(...cookies);
      await press(popup, 'button', 'Create and copy');
      const link = await part(popup, 'link', 'Open login page');
      expect(await popup.evaluate((one) => (one as HTMLAnchorElement).href, link)).toContain(
        `${unruly.url}/login`,
      );
      await leavesTheForm(name);
      await logIn(extension, unruly.url, await unleash.login());
      await press(popup, 'button', 'Create and copy');
      await heard(popup, 'Copied. Clears in');
      expect(await namesInUnleash()).toContain(name);
    });

    const odd: [string, string][] = [
      ['quotes', `it's "quoted" \`so\``],
      ['percent signs', '100%25 %s %00'],
      ['emoji', 'rocket 🚀👩‍🚀'],
      ['right-to-left text', 'رمز النشر'],
      ['markup', '<img src=x onerror=alert(1)>'],
    ];

    test.each(odd)('does not: a name with %s is taken as it was typed', async (_, word) => {
      const name = `${word} ${randomBytes(3).toString('hex')}`;
      await openWith(name);
      await press(popup, 'button', 'Create and copy');
      await heard(popup, 'Copied. Clears in');
      await showsText(popup, name);
      expect(await namesInUnleash()).toContain(name);
      expect(await popup.evaluate(() => document.querySelectorAll('img').length)).toBe(0);
    });

    test('does not: of two forms at once each makes its own token, and the later copy counts', async () => {
      const names = [uniqueName('one'), uniqueName('two')];
      const first = await openWith(names[0] ?? '');
      const second = await openWith(names[1] ?? '');
      await first.bringToFront();
      await fill(first, 'textbox', 'Name', names[0] ?? '');
      await press(first, 'button', 'Create and copy');
      await heard(first, 'Copied. Clears in');
      await second.bringToFront();
      expect(await typedIn(second, 'textbox', 'Name')).toBe(names[1]);
      await press(second, 'button', 'Create and copy');
      await heard(second, 'Copied. Clears in');
      const { created, copy } = await sendFrom(own, 'created.list', { instanceId: unruly.url });
      expect(created.map((token) => token.name).sort()).toEqual([...names].sort());
      const last = created.find((token) => token.name === names[1]);
      expect(copy?.createdId).toBe(last?.id);
      const secret = await sendFrom(own, 'created.secret', { id: last?.id ?? '' });
      expect(secret).toMatchObject({ secret: await extension.readClipboard() });
      await first.close();
    });

    test(`leaves nothing secret on the disk of ${kind}`, async () => {
      // A hash of what is on the clipboard lies there until that is cleared.
      await sendFrom(own, 'clipboard.clearNow', {});
      expect(await storedOnDisk(own)).not.toMatch(/[0-9a-f]{56}|user:/);
    });
  },
);

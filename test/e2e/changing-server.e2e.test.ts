/** What changes at the server while the popup is open, and a server that takes its time. */
import { randomBytes } from 'node:crypto';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { sendFrom } from './fixtures/messages.ts';
import { fill, hasPart, heard, part, press, showsText, typedIn } from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';
import { startUnrulyServer, type UnrulyServer } from './fixtures/unruly-server.ts';
import { until } from './fixtures/until.ts';

const POPUP = 'extension/popup/index.html';
const OPTIONS = 'extension/options/index.html';
/** As slow as a server may be without anyone calling it dead, in ms. */
const SLOW_MS = 10_000;
/** For what asks twice of it, one after the other, on a busy machine, in ms. */
const SLOW_ANSWER_MS = 60_000;
const uniqueName = (word: string) => `${word}-${randomBytes(4).toString('hex')}`;

const unleash = sharedUnleash();

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${unleash.url}${path}`, {
    method,
    headers: { cookie: await unleash.login(), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return JSON.parse((await answer.text()) || '{}') as T;
}

type Users = {
  users: { id: number; username: string }[];
  rootRoles: { id: number; name: string }[];
};

async function giveRole(username: string, role: string): Promise<void> {
  const { users, rootRoles } = await call<Users>('GET', '/api/admin/user-admin');
  const id = users.find((user) => user.username === username)?.id;
  const rootRole = rootRoles.find(({ name }) => name === role)?.id;
  await call('PUT', `/api/admin/user-admin/${id}`, { name: username, rootRole });
}

const namesInUnleash = async (): Promise<string[]> => {
  const { tokens } = await call<{ tokens: { tokenName: string }[] }>(
    'GET',
    '/api/admin/api-tokens',
  );
  return tokens.map(({ tokenName }) => tokenName);
};

describe.each(BOTH_BROWSERS)('with the popup open in $kind', ({ launch }) => {
  let extension: ExtensionBrowser;
  let slow: UnrulyServer;
  let own: Page;
  let popup: Page;

  beforeAll(async () => {
    slow = await startUnrulyServer(unleash.url);
    extension = await launch();
    await logIn(extension, slow.url, await unleash.login());
    own = await extension.openExtensionPage(OPTIONS);
    expect(await sendFrom(own, 'instances.add', { url: slow.url })).toMatchObject({ ok: true });
  });
  afterAll(async () => {
    await extension?.close();
    await slow?.stop();
  });

  async function open(): Promise<void> {
    await popup?.close().catch(() => undefined);
    popup = await extension.openExtensionPage(POPUP);
  }

  test('an admin who becomes a viewer is told so and loses nothing; as an editor the same press works', async () => {
    const name = uniqueName('role');
    const user = await unleash.createUser('Admin');
    await logIn(extension, slow.url, await user.login());
    await open();
    await press(popup, 'radio', 'Backend');
    await fill(popup, 'textbox', 'Name', name);
    await giveRole(user.username, 'Viewer');
    await press(popup, 'button', 'Create and copy');
    await until('the refusal names the right that is missing', () =>
      popup.evaluate(() =>
        document.querySelector('[role=alert]')?.textContent?.includes('CREATE_CLIENT_API_TOKEN'),
      ),
    );
    expect(await namesInUnleash()).not.toContain(name);
    await until(
      'what is not allowed any more is gone',
      async () =>
        (await hasPart(popup, 'radio', 'Personal')) && !(await hasPart(popup, 'radio', 'Backend')),
    );

    await giveRole(user.username, 'Editor');
    await open();
    await press(popup, 'radio', 'Backend');
    await fill(popup, 'textbox', 'Name', name);
    await press(popup, 'button', 'Create and copy');
    await heard(popup, 'Copied. Clears in 30 s.');
    expect(await namesInUnleash()).toContain(name);
    await logIn(extension, slow.url, await unleash.login());
  });

  test('a token that was revoked elsewhere is said to be gone, and leaves the list', async () => {
    const name = uniqueName('elsewhere');
    const { secret } = await call<{ secret: string }>('POST', '/api/admin/api-tokens', {
      tokenName: name,
      type: 'client',
      environment: 'development',
      projects: ['default'],
    });
    await open();
    await press(popup, 'tab', 'Tokens');
    await fill(popup, 'textbox', 'Search', name);
    await until('its row is there', () =>
      popup.evaluate(
        (row) => document.querySelector(`fieldset[aria-label="${row}"]`) !== null,
        name,
      ),
    );
    await call('DELETE', `/api/admin/api-tokens/${secret}`);
    await popup.evaluate((row) => {
      document
        .querySelector<HTMLElement>(`fieldset[aria-label="${row}"] button[aria-label="Extend"]`)
        ?.focus();
    }, name);
    await popup.keyboard.press('Enter');
    await press(popup, 'button', 'Extend');
    await showsText(popup, 'This token is gone');
    await open();
    await press(popup, 'tab', 'Tokens');
    await fill(popup, 'textbox', 'Search', name);
    await part(popup, 'button', 'Clear filters');
    await press(popup, 'button', 'Clear filters');
    await press(popup, 'tab', 'Create');
  });

  test('a server that takes 10 s is waited for, with a word, and gives its token', async () => {
    const name = uniqueName('slow');
    slow.mood = { is: 'slow', ms: SLOW_MS };
    try {
      await open();
      await showsText(popup, 'is slow to answer');
      await until(
        'the form is there',
        () => hasPart(popup, 'button', 'Create and copy'),
        SLOW_ANSWER_MS,
      );
      await press(popup, 'radio', 'Backend');
      await fill(popup, 'textbox', 'Name', name);
      await press(popup, 'button', 'Create and copy');
      // A second press while it waits makes no second token.
      await popup.keyboard.press('Enter');
      await until(
        'it is copied',
        () =>
          popup.evaluate(() =>
            document.querySelector('[role=status]')?.textContent?.includes('Copied.'),
          ),
        SLOW_ANSWER_MS,
      );
    } finally {
      slow.mood = { is: 'obedient' };
    }
    expect((await namesInUnleash()).filter((one) => one === name)).toHaveLength(1);
    expect(await hasPart(popup, 'button', 'Copy again')).toBe(true);
    await press(popup, 'button', 'Done');
    expect(await typedIn(popup, 'textbox', 'Name')).not.toBe(name);
  });
});

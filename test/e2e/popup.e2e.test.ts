import { randomBytes } from 'node:crypto';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseToken } from '../../shared/token/grammar.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import {
  accessibilityProblems,
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
import { until } from './fixtures/until.ts';

const OPTIONS = 'extension/options/index.html';
const uniqueName = (word: string) => `${word}-${randomBytes(4).toString('hex')}`;

describe.each(BOTH_BROWSERS)('the popup in $kind', ({ launch }) => {
  const unleash = sharedUnleash();
  let extension: ExtensionBrowser;
  let popup: Page;

  /** As a click on the toolbar does; in Chromium the real popup. */
  async function open(): Promise<Page> {
    popup = await extension.openPopup();
    return popup;
  }

  beforeAll(async () => {
    extension = await launch();
  });
  afterAll(async () => {
    await extension?.close();
  });

  test('sends a new user to a tab to add an instance', async () => {
    await open();
    await showsText(popup, 'Add your Unleash');
    expect(await accessibilityProblems(popup)).toEqual([]);
    await press(popup, 'button', 'Add an instance');
    await until('the options page is open', async () => {
      const pages = await extension.browser.pages();
      // Firefox's driver does not know the address of a tab that an extension has opened.
      const addresses = await Promise.all(
        pages.map((page) => page.evaluate(() => location.href).catch(() => page.url())),
      );
      return addresses.some((address) => address.startsWith(extension.extensionUrl(OPTIONS)));
    });
  });

  test('says that nobody is logged in, with a way to the login page', async () => {
    const options = await extension.openExtensionPage(OPTIONS);
    await fill(options, 'textbox', 'Unleash URL', unleash.url);
    await press(options, 'button', 'Add instance');
    await heard(options, 'You are not logged in to it.');
    await options.close();
    await open();
    await showsText(popup, 'Log in to Unleash first');
    expect(await accessibilityProblems(popup)).toEqual([]);
    const link = await part(popup, 'link', 'Open login page');
    expect(await popup.evaluate((element) => (element as HTMLAnchorElement).href, link)).toContain(
      `${unleash.url}/login`,
    );
    await logIn(extension, unleash.url, await unleash.login());
    await press(popup, 'button', 'Try again');
    await part(popup, 'button', 'Create and copy');
  });

  test('creates a backend token by keyboard alone, and copies it', async () => {
    const name = uniqueName('ci');
    await open();
    await part(popup, 'button', 'Create and copy');
    expect(await accessibilityProblems(popup)).toEqual([]);
    // The name has the focus from the start.
    await until('the name has the focus', () =>
      popup.evaluate(() => document.activeElement instanceof HTMLInputElement),
    );
    await popup.evaluate(() => (document.activeElement as HTMLInputElement).select());
    await popup.keyboard.type(name);
    await popup.keyboard.press('Enter');
    await heard(popup, 'Copied. Clears in 30 s.');
    expect(await accessibilityProblems(popup)).toEqual([]);
    const shown = await popup.evaluate(() => document.documentElement.outerHTML);
    const copied = await extension.readClipboard();
    expect(parseToken(copied)).toMatchObject({ kind: 'api' });
    expect(shown.includes(copied.slice(copied.lastIndexOf('.') + 1))).toBe(false);
    const listed = await adminGet('/api/admin/api-tokens');
    expect(listed.tokens).toContainEqual(
      expect.objectContaining({ tokenName: name, type: expect.stringMatching(/client|backend/) }),
    );
  });

  test('shows the secret while Reveal is held, and takes it out of the page again', async () => {
    if (!(await hasPart(popup, 'button', 'Reveal').catch(() => false)))
      await createAnother('reveal');
    const secretLength = () =>
      popup.evaluate(() => document.querySelector('.secret-text')?.textContent?.length ?? 0);
    const masked = await secretLength();
    const button = await part(popup, 'button', 'Reveal');
    await button.focus();
    for (const key of [' ', 'Enter'] as const) {
      await popup.keyboard.down(key);
      await until(`${key} shows it`, async () =>
        parseToken(
          await popup.evaluate(() => document.querySelector('.secret-text')?.textContent ?? ''),
        ),
      );
      await popup.keyboard.up(key);
      await until(`it is hidden after ${key}`, async () => (await secretLength()) === masked);
    }
    await popup.keyboard.down(' ');
    await until('it is shown', async () => (await secretLength()) > masked);
    await popup.evaluate(() => (document.activeElement as HTMLElement).blur());
    await until('blur hides it', async () => (await secretLength()) === masked);
    await popup.keyboard.up(' ');
    await press(popup, 'button', 'Done');
    await part(popup, 'button', 'Create and copy');
  });

  async function createAnother(word: string): Promise<string> {
    await open();
    const name = uniqueName(word);
    await fill(popup, 'textbox', 'Name', name);
    await popup.keyboard.press('Enter');
    await heard(popup, 'Copied. Clears in 30 s.');
    return name;
  }

  test('keeps a personal token under "Just created" when it is closed and opened again', async () => {
    const description = uniqueName('laptop');
    await open();
    await press(popup, 'radio', 'Personal');
    await fill(popup, 'textbox', 'Description', description);
    await showsText(popup, 'slots used.');
    expect(await accessibilityProblems(popup)).toEqual([]);
    await popup.keyboard.press('Enter');
    await heard(popup, 'Copied. Clears in 30 s.');
    expect(await accessibilityProblems(popup)).toEqual([]);
    await popup.close().catch(() => undefined);
    await open();
    await showsText(popup, 'Just created');
    await showsText(popup, description);
    await extension.copyInOtherTab('something of my own');
    if (popup.isClosed()) await open();
    await popup.bringToFront();
    await press(popup, 'button', 'Copy');
    await heard(popup, 'Copied. Clears in 30 s.');
    expect(parseToken(await extension.readClipboard())).toMatchObject({ kind: 'personal' });
    if (popup.isClosed()) await open();
    await popup.bringToFront();
    await press(popup, 'button', 'Dismiss');
    await until('it is gone', async () => !(await textOf(popup)).includes('Just created'));
  });

  test('keeps what was typed when Unleash refuses it, and offers a description that works', async () => {
    const description = uniqueName('twice');
    await unleash.createPat(description);
    await open();
    await press(popup, 'radio', 'Personal');
    await fill(popup, 'textbox', 'Description', description);
    await popup.keyboard.press('Enter');
    await showsText(popup, `Use ${description}-2`);
    expect(await typedIn(popup, 'textbox', 'Description')).toBe(description);
    expect(await accessibilityProblems(popup)).toEqual([]);
    await press(popup, 'button', `Use ${description}-2`);
    expect(await typedIn(popup, 'textbox', 'Description')).toBe(`${description}-2`);
    await press(popup, 'button', 'Create and copy');
    await heard(popup, 'Copied. Clears in 30 s.');
  });

  test('keeps the half-filled form while it is closed', async () => {
    const name = uniqueName('draft');
    await open();
    await press(popup, 'radio', 'Frontend');
    await fill(popup, 'textbox', 'Name', name);
    await press(popup, 'combobox', 'Environment');
    await press(popup, 'option', 'production');
    await press(popup, 'combobox', 'Expires');
    expect(await accessibilityProblems(popup)).toEqual([]);
    await press(popup, 'option', '7 days');
    await until('it is kept', async () => (await typedIn(popup, 'combobox', 'Expires')) !== '');
    await popup.close().catch(() => undefined);
    await open();
    expect(await typedIn(popup, 'textbox', 'Name')).toBe(name);
    expect(await typedIn(popup, 'combobox', 'Environment')).toBe('production');
    expect(await typedIn(popup, 'combobox', 'Expires')).toBe('In 7 days');
    const frontend = await part(popup, 'radio', 'Frontend');
    expect(await popup.evaluate((radio) => (radio as HTMLInputElement).checked, frontend)).toBe(
      true,
    );
  });

  test('offers all projects first, and makes a token for all of them', async () => {
    await open();
    await press(popup, 'radio', 'Backend');
    const projects = await part(popup, 'combobox', 'Projects');
    await projects.click();
    await part(popup, 'option', 'All current and future projects');
    const first = await popup.evaluate(
      () => document.querySelector('[role=option]')?.textContent ?? '',
    );
    expect(first).toBe('All current and future projects');
    await press(popup, 'option', 'All current and future projects');
    const name = uniqueName('all');
    await fill(popup, 'textbox', 'Name', name);
    await popup.keyboard.press('Enter');
    await heard(popup, 'Copied. Clears in 30 s.');
    const listed = await adminGet('/api/admin/api-tokens');
    expect(listed.tokens).toContainEqual(
      expect.objectContaining({ tokenName: name, projects: ['*'] }),
    );
  });

  test('moves between its tabs by arrow keys', async () => {
    await open();
    await (await part(popup, 'tab', 'Create')).focus();
    await popup.keyboard.press('ArrowRight');
    await part(popup, 'textbox', 'Search');
    expect(await accessibilityProblems(popup)).toEqual([]);
    await popup.keyboard.press('ArrowRight');
    await part(popup, 'textbox', 'Pairing code');
    await part(popup, 'button', 'Pair');
    expect(await accessibilityProblems(popup)).toEqual([]);
    await popup.keyboard.press('ArrowRight');
    await part(popup, 'button', 'Create and copy');
  });

  test('offers a viewer personal tokens alone, and says which right is missing', async () => {
    const viewer = await unleash.createUser('Viewer');
    await logIn(extension, unleash.url, await viewer.login());
    await open();
    await part(popup, 'radio', 'Personal');
    expect(await hasPart(popup, 'radio', 'Backend')).toBe(false);
    expect(await hasPart(popup, 'radio', 'Frontend')).toBe(false);
    await press(popup, 'button', 'See which right is missing');
    await showsText(popup, 'CREATE_CLIENT_API_TOKEN');
    await showsText(popup, 'Viewer');
    expect(await accessibilityProblems(popup)).toEqual([]);
    await press(popup, 'button', 'personal token');
    await part(popup, 'textbox', 'Description');
  });

  async function adminGet(path: string): Promise<{ tokens: unknown[] }> {
    const answer = await fetch(`${unleash.url}${path}`, {
      headers: { cookie: await unleash.login() },
    });
    return (await answer.json()) as { tokens: unknown[] };
  }
});

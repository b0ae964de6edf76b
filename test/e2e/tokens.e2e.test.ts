import { randomBytes } from 'node:crypto';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { sendFrom } from './fixtures/messages.ts';
import {
  accessibilityProblems,
  fill,
  hasPart,
  heard,
  part,
  press,
  pressIfThere,
  showsText,
  textOf,
  typedIn,
} from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';
import { until } from './fixtures/until.ts';

const DAY_MS = 86_400_000;
const OPTIONS = 'extension/options/index.html';

type Listed = { tokenName: string; secret: string; expiresAt: string | null; projects: string[] };

describe.each(BOTH_BROWSERS)('the Tokens tab in $kind', ({ launch }) => {
  const unleash = sharedUnleash();
  /** The server is shared: only tokens of this name are ours. */
  const ours = randomBytes(4).toString('hex');
  const named = (word: string) => `${ours}-${word}`;
  let extension: ExtensionBrowser;
  let popup: Page;
  let cookie: string;

  beforeAll(async () => {
    extension = await launch();
    cookie = await unleash.login();
    await logIn(extension, unleash.url, cookie);
    for (const [word, days] of [
      ['edge', 2],
      ['web', 60],
      ['legacy', null],
    ] as const) {
      await create(named(word), days);
    }
    const options = await extension.openExtensionPage(OPTIONS);
    await sendFrom(options, 'instances.add', { url: unleash.url });
    await options.close();
  });
  afterAll(async () => {
    await extension?.close();
  });

  async function call(method: string, path: string, body?: unknown): Promise<Response> {
    const answer = await fetch(`${unleash.url}${path}`, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} ended in ${answer.status}`);
    return answer;
  }

  const create = (tokenName: string, days: number | null) =>
    call('POST', '/api/admin/api-tokens', {
      tokenName,
      type: 'client',
      environment: 'development',
      projects: ['default'],
      ...(days === null
        ? {}
        : { expiresAt: new Date(Date.now() + (days + 0.5) * DAY_MS).toISOString() }),
    });

  async function listed(word: string): Promise<Listed[]> {
    const answer = await call('GET', '/api/admin/api-tokens');
    const { tokens } = (await answer.json()) as { tokens: Listed[] };
    return tokens.filter(({ tokenName }) => tokenName === named(word));
  }

  /** The list, narrowed to what is ours. */
  async function open(): Promise<Page> {
    popup = await extension.openPopup();
    if (!(await hasPart(popup, 'textbox', 'Search'))) await press(popup, 'tab', 'Tokens');
    await part(popup, 'textbox', 'Search');
    await fill(popup, 'textbox', 'Search', ours);
    await until('the list is ours', async () =>
      (await textOf(popup)).includes(named('edge')),
    ).catch(async (cause) => {
      throw new Error(`The page shows: ${await textOf(popup)}`, { cause });
    });
    return popup;
  }

  /** Presses a button in the row of a token. */
  async function pressIn(word: string, button: string, at = 0): Promise<void> {
    const find = `[...document.querySelectorAll('fieldset')].filter((row) =>
      row.getAttribute('aria-label') === ${JSON.stringify(named(word))})[${at}]
      ?.querySelector('button[aria-label=${JSON.stringify(button)}]') ?? null`;
    const handle = await until(`${word} offers ${button}`, async () =>
      (await popup.evaluateHandle(find)).asElement(),
    );
    // By key: the list may be read anew and shift under a mouse.
    await (handle as Awaited<ReturnType<typeof part>>).focus();
    await popup.keyboard.press('Enter');
  }

  /** Chooses from a menu by key. */
  async function choose(button: string, role: string, item: string): Promise<void> {
    await (await part(popup, 'button', button)).focus();
    await popup.keyboard.press('Enter');
    await (await part(popup, role, item)).focus();
    await popup.keyboard.press('Enter');
  }

  test('shows what expires soon first, and no secret', async () => {
    await open();
    const text = await textOf(popup);
    expect(text.indexOf('Expiring soon')).toBeLessThan(text.indexOf('API tokens'));
    expect(text).toContain('in 2 days');
    expect(await accessibilityProblems(popup)).toEqual([]);
    const [token] = await listed('web');
    const shown = await popup.evaluate(() => document.documentElement.outerHTML);
    expect(shown.includes(token?.secret.split('.').at(-1) ?? '?')).toBe(false);
  });

  test('keeps search and filters while it is closed', async () => {
    await open();
    await choose('Environment: All environments', 'menuitemradio', 'development');
    await part(popup, 'button', 'Environment: development');
    await popup.close().catch(() => undefined);
    popup = await extension.openPopup();
    await part(popup, 'button', 'Environment: development');
    expect(await typedIn(popup, 'textbox', 'Search')).toBe(ours);
    await fill(popup, 'textbox', 'Search', `${ours} nothing has this name`);
    await press(popup, 'button', 'Clear filters');
    await part(popup, 'button', 'Environment: All environments');
  });

  test('copies a token, and extends one', async () => {
    await open();
    await pressIn('web', 'Copy');
    await heard(popup, 'Copied. Clears in 30 s.');
    expect(await extension.readClipboard()).toBe((await listed('web'))[0]?.secret);
    if (popup.isClosed()) await open();
    await popup.bringToFront();
    await pressIn('edge', 'Extend');
    await part(popup, 'heading', `Extend ${named('edge')}`);
    expect(await accessibilityProblems(popup)).toEqual([]);
    await press(popup, 'button', 'Extend');
    await heard(popup, `${named('edge')} has a new end.`);
    const end = Date.parse((await listed('edge'))[0]?.expiresAt ?? '');
    expect(Math.round((end - Date.now()) / DAY_MS)).toBe(30);
  });

  test('copies a token in a format by keyboard, its menu whole over the list', async () => {
    await open();
    await pressIn('web', 'Copy as…');
    const focused = (words: string) =>
      until(`"${words}" has the focus`, () =>
        popup.evaluate((wanted) => document.activeElement?.textContent === wanted, words),
      );
    await focused('Plain');
    expect(await accessibilityProblems(popup)).toEqual([]);
    const menu = await popup.evaluate(() => {
      const { left, right, top, bottom } =
        document.querySelector('[role=menu]')?.getBoundingClientRect() ?? new DOMRect();
      const items = [...document.querySelectorAll('[role=menuitem]')];
      // What is at the middle of an item, on screen, is that item: nothing covers it or cuts it off.
      const seen = items.every((item) => {
        const box = item.getBoundingClientRect();
        const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        return item.contains(at);
      });
      return {
        inside: left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight,
        seen,
      };
    });
    expect(menu).toEqual({ inside: true, seen: true });
    const acts = await popup.evaluate(
      () =>
        getComputedStyle(
          document.querySelector('[aria-expanded=true]')?.parentElement?.parentElement as Element,
        ).opacity,
    );
    expect(acts, 'the buttons of the row stay').toBe('1');
    await popup.keyboard.press('ArrowDown');
    await popup.keyboard.press('ArrowDown');
    await focused('.env');
    await popup.keyboard.press('Enter');
    await heard(popup, 'Copied. Clears in 30 s. In the form of .env.');
    const [token] = await listed('web');
    expect(await extension.readClipboard()).toBe(
      `UNLEASH_SERVER_API_URL=${unleash.url}/api\nUNLEASH_SERVER_API_TOKEN=${token?.secret}\n`,
    );
    if (popup.isClosed()) await open();
    await popup.bringToFront();
    // The next row of this kind opens at it, and Escape closes the menu alone.
    await pressIn('edge', 'Copy as…');
    await focused('.env');
    await popup.keyboard.press('Escape');
    await until('the menu is closed', async () => (await popup.$('[role=menu]')) === null);
    expect(popup.isClosed()).toBe(false);
    expect(await popup.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Copy as…',
    );
  });

  test('takes a revoke back by keyboard alone', async () => {
    await open();
    await (await part(popup, 'textbox', 'Search')).focus();
    await pressIn('legacy', 'Revoke');
    await heard(popup, `Revoking ${named('legacy')} in 5 s.`);
    expect(await accessibilityProblems(popup)).toEqual([]);
    await popup.keyboard.down('Control');
    await popup.keyboard.press('z');
    await popup.keyboard.up('Control');
    await heard(popup, `${named('legacy')} stays.`);
    expect(await listed('legacy')).toHaveLength(1);
  });

  test('revokes with the popup closed, and shows the bar to one that is opened meanwhile', async () => {
    await open();
    await pressIn('legacy', 'Revoke');
    await part(popup, 'button', 'Undo');
    await popup.close().catch(() => undefined);
    popup = await extension.openPopup();
    await part(popup, 'button', 'Undo');
    await popup.close().catch(() => undefined);
    await until('it is revoked', async () => (await listed('legacy')).length === 0);
  });

  test('revokes though the background was ended within the 5 s', async () => {
    await create(named('killed'), null);
    await open();
    await pressIn('killed', 'Revoke');
    await part(popup, 'button', 'Undo');
    await popup.close().catch(() => undefined);
    await extension.killWorker();
    await until('it is revoked', async () => (await listed('killed')).length === 0, 60_000);
  });

  test('replaces a token by one like it, the old one going on for a day', async () => {
    await open();
    const [old] = await listed('web');
    await pressIn('web', 'Replace');
    await part(popup, 'radio', '1 day');
    expect(await accessibilityProblems(popup)).toEqual([]);
    await press(popup, 'button', 'Replace');
    await heard(popup, 'Copied. Clears in 30 s.');
    await part(popup, 'button', 'Keep');
    await showsText(popup, 'replaced, ends in');
    const both = await listed('web');
    expect(both).toHaveLength(2);
    const fresh = both.find(({ secret }) => secret !== old?.secret);
    expect(fresh?.projects).toEqual(['default']);
    expect(await extension.readClipboard()).toBe(fresh?.secret);
  });

  test('makes another like one in the Create form', async () => {
    await open();
    await pressIn('edge', 'Make another like this');
    await until(
      'the form is filled',
      async () => (await typedIn(popup, 'textbox', 'Name')) === `${named('edge')}-2`,
    );
    expect(await typedIn(popup, 'combobox', 'Environment')).toBe('development');
    await press(popup, 'tab', 'Tokens');
  });

  test('names all that have expired before it revokes them, and of a searched list no others', async () => {
    const [not, only] = [randomBytes(4).toString('hex'), named('expired')];
    for (const tokenName of [not, only]) {
      await call('POST', '/api/admin/api-tokens', {
        tokenName,
        type: 'client',
        environment: 'development',
        projects: ['default'],
        expiresAt: new Date(Date.now() - DAY_MS).toISOString(),
      });
    }
    await open();
    await choose('Several at once', 'menuitem', 'Revoke all expired');
    await part(popup, 'heading', 'Revoke 1 expired token');
    await showsText(popup, only);
    expect(await textOf(popup)).not.toContain(not);
    expect(await accessibilityProblems(popup)).toEqual([]);
    await press(popup, 'button', 'Revoke 1 token');
    await until('it is revoked', async () => (await listed('expired')).length === 0);
  });

  test('leads to the login page when the session is lost while it is open', async () => {
    await open();
    await logIn(extension, unleash.url, 'unleash-session=gone');
    // The list may find out by itself first, when it is read anew.
    await until('it leads to the login page', async () => {
      if (await hasPart(popup, 'link', 'Open login page')) return true;
      await pressIfThere(popup, 'button', 'Extend');
      return false;
    });
    await logIn(extension, unleash.url, cookie);
    await press(popup, 'button', 'Try again');
    // Among the tokens of other files it may be beyond what is drawn of the list.
    await fill(popup, 'textbox', 'Search', ours);
    await showsText(popup, named('edge'));
  });
});

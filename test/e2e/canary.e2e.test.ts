/** Secrets that went every way through the extension are in no file of the browser afterwards. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseToken } from '../../shared/token/grammar.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { filesHolding } from './fixtures/files-holding.ts';
import { islandOn, pressOn } from './fixtures/islands.ts';
import { sendFrom } from './fixtures/messages.ts';
import { fill, heard, part, press, showsText } from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';
import { createPersonalTokenOnPage } from './fixtures/unleash-forms.ts';
import { until } from './fixtures/until.ts';

const OPTIONS = 'extension/options/index.html';
const POPUP = 'extension/popup/index.html';
const uniqueName = (word: string) => `${word}-${randomBytes(4).toString('hex')}`;

/** The random part alone: what stands before it is not secret. */
const core = (secret: string) => secret.slice(-56);

const isHttpCache = (path: string) => /\/(cache2|Cache_Data)\//.test(path);

describe.each(BOTH_BROWSERS)('a secret in $kind', ({ launch }) => {
  const unleash = sharedUnleash();
  let extension: ExtensionBrowser;
  let own: Page;
  const secrets: string[] = [];
  /** Made by Unleash's own form. */
  const byUnleash: string[] = [];

  beforeAll(async () => {
    extension = await launch();
    await logIn(extension, unleash.url, await unleash.login());
    own = await extension.openExtensionPage(OPTIONS);
    expect(await sendFrom(own, 'instances.add', { url: unleash.url })).toMatchObject({ ok: true });
  });
  afterAll(() => rm(extension.profileDir, { recursive: true, force: true, maxRetries: 20 }));

  async function reveal(popup: Page): Promise<string> {
    await (await part(popup, 'button', 'Reveal')).focus();
    await popup.keyboard.down(' ');
    const shown = await until('the secret is shown', async () => {
      const text = await popup.evaluate(
        () => document.querySelector('.secret-text, .card-shown')?.textContent ?? '',
      );
      return parseToken(text) === null ? null : text;
    });
    await popup.keyboard.up(' ');
    return shown;
  }

  async function create(kind: 'Backend' | 'Personal', field: 'Name' | 'Description') {
    const name = uniqueName('canary');
    const popup = await extension.openExtensionPage(POPUP);
    await press(popup, 'radio', kind);
    await fill(popup, 'textbox', field, name);
    await popup.keyboard.press('Enter');
    await heard(popup, 'Copied. Clears in');
    secrets.push(await reveal(popup));
    await popup.bringToFront();
    await press(popup, 'button', 'Copy again');
    expect(await extension.readClipboard()).toBe(secrets.at(-1));
    await popup.close();
    return name;
  }

  test('goes through form, reveal, copy and "Just created"', async () => {
    await create('Backend', 'Name');
    const name = await create('Personal', 'Description');
    const popup = await extension.openExtensionPage(POPUP);
    await showsText(popup, 'Just created');
    await showsText(popup, name);
    expect(await reveal(popup)).toBe(secrets.at(-1));
    await press(popup, 'button', 'Copy');
    await heard(popup, 'Copied. Clears in');
    await popup.close();
  });

  /** With personal tokens alone: Unleash's own page of API tokens reads a list with every secret in it, ours too. */
  test('goes through the admin UI: copied securely, let go, and copied by Unleash’s own button', async () => {
    const page = await extension.browser.newPage();
    await page.setViewport({ width: 1400, height: 900 });
    const ownButton = '[role="dialog"] button[aria-label="Copy token"]';
    for (const action of ['Copy securely', 'Let it go', null]) {
      await sendFrom(own, 'settings.write', { pageShownOnce: action !== null });
      await page.goto(`${unleash.url}/profile/personal-api-tokens`, {
        waitUntil: 'domcontentloaded',
      });
      await page.bringToFront();
      const secret = await createPersonalTokenOnPage(page, uniqueName('page'));
      byUnleash.push(secret);
      if (action === null) {
        await page.click(ownButton);
        await islandOn(own, page, 'notice');
        expect(await extension.readClipboard()).toBe(secret);
      } else {
        await pressOn(own, page, 'shown-once', action);
        await islandOn(own, page, 'shown-once', (one) => /Copied\.|Let go\./.test(one.text));
      }
    }
    await page.close();
  });

  test('lies in no file of the browser’s profile when it is closed, and not in storage.local before', async () => {
    const all = [...secrets, ...byUnleash];
    expect(all.map((secret) => parseToken(secret)?.kind).sort()).toEqual([
      'api',
      ...Array(4).fill('personal'),
    ]);
    const local = String(
      await own.evaluate(
        `(globalThis.browser ?? chrome).storage.local.get(null).then((all) => JSON.stringify(all))`,
      ),
    );
    expect(local).toContain(unleash.url);
    const { profileDir } = extension;
    await extension.close({ keepProfile: true });
    for (const secret of all) {
      expect(local).not.toContain(core(secret));
      const files = await filesHolding(profileDir, core(secret));
      // Firefox keeps the answers to Unleash's own requests on disk; ours are made with `cache: 'no-store'`.
      const ours = files.filter((path) => !(byUnleash.includes(secret) && isHttpCache(path)));
      expect(ours).toEqual([]);
    }
    // That the search finds what does lie there.
    expect(await filesHolding(profileDir, unleash.url)).not.toEqual([]);
  });
});

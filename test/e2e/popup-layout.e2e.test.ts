import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TokenleashCli, tokenleashCli } from '../../scripts/proxy-process.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { sendFrom } from './fixtures/messages.ts';
import { misfits } from './fixtures/misfits.ts';
import { fill, heard, part, press, showsText } from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';

const POPUP = 'extension/popup/index.html';
const LONG = 'warehouse-and-checkout-service-of-the-northern-region-2026-11-25-canary';

/** The popup is 400 px wide; in a tab, as on a phone, it is as wide as that. */
const WIDTHS = [320, 400, 800];

describe.each(BOTH_BROWSERS)(
  'the popup in $kind fits every width, text size and direction',
  ({ launch }) => {
    const unleash = sharedUnleash();
    let extension: ExtensionBrowser;
    let page: Page;
    let cookie: string;
    let home: string;
    let proxy: Awaited<ReturnType<TokenleashCli['start']>> | null = null;

    beforeAll(async () => {
      cookie = await unleash.login();
      extension = await launch();
      await logIn(extension, unleash.url, cookie);
      const own = await extension.openExtensionPage('extension/options/index.html');
      expect(await sendFrom(own, 'instances.add', { url: unleash.url })).toMatchObject({
        ok: true,
      });
      await own.close();
      home = await mkdtemp(join(tmpdir(), 'tokenleash-layout-'));
    });
    afterAll(async () => {
      await proxy?.stop();
      await extension?.close();
      await rm(home, { recursive: true, force: true, maxRetries: 20 });
    });

    /** Everything on screen that sticks out of the popup, is cut off, or leaves nothing to scroll. */
    async function fits(screen: string): Promise<void> {
      for (const direction of ['ltr', 'rtl']) {
        for (const textSize of ['100%', '200%']) {
          await page.evaluate(
            (dir, size) => {
              document.documentElement.dir = dir;
              document.documentElement.style.fontSize = size;
            },
            direction,
            textSize,
          );
          for (const width of WIDTHS) {
            await page.setViewport({ width, height: 700 });
            const found = await page.evaluate(misfits);
            expect.soft(found, `${screen}, ${direction}, ${textSize}, ${width} px`).toEqual([]);
          }
        }
      }
      await page.evaluate(() => {
        document.documentElement.dir = 'ltr';
        document.documentElement.style.fontSize = '';
      });
      await page.setViewport({ width: 400, height: 700 });
    }

    /** Puts the focus on a button in the row of the token with the long name. */
    async function focusInRow(button: string): Promise<void> {
      const where = `fieldset[aria-label="${LONG}"] button[aria-label="${button}"]`;
      await (await page.waitForSelector(where))?.focus();
    }

    test('on Create, with what was created, and with a personal token kept', async () => {
      page = await extension.openExtensionPage(POPUP);
      await part(page, 'button', 'Create and copy');
      await fits('Create');
      await fill(page, 'textbox', 'Name', LONG);
      await page.keyboard.press('Enter');
      await heard(page, 'Copied. Clears in');
      await fits('Created');
      await press(page, 'button', 'Done');
      await press(page, 'radio', 'Personal');
      await fill(page, 'textbox', 'Description', LONG);
      await page.keyboard.press('Enter');
      await part(page, 'button', 'Send to proxy');
      await fits('Created, personal');
      await press(page, 'button', 'Send to proxy');
      await showsText(page, 'No proxy is paired');
      await fits('Created, not sent');
      await press(page, 'button', 'Done');
      await showsText(page, 'Just created');
      await fits('Create, with Just created');
    });

    test('no tab moves when the number of tokens comes to be known', async () => {
      const places = await page.evaluate(() => {
        const count = document.querySelector('.tab-count');
        const proxy = document.querySelector('#tab-proxy');
        if (!count || !proxy) throw new Error('there is no count, or no tab behind it');
        return ['', '1', '42'].map((text) => {
          count.textContent = text;
          return Math.round(proxy.getBoundingClientRect().left);
        });
      });
      expect(places).toEqual([places[0], places[0], places[0]]);
    });

    test('on Tokens, and with each act', async () => {
      await press(page, 'tab', 'Tokens');
      await showsText(page, LONG);
      await fits('Tokens');
      for (const act of ['Extend', 'Replace']) {
        // Other files make tokens on this server too, and theirs may come first.
        await fill(page, 'textbox', 'Search', LONG);
        await focusInRow(act);
        await page.keyboard.press('Enter');
        await part(page, 'heading', `${act} ${LONG}`);
        await fits(act);
        await press(page, 'button', 'Cancel');
      }
      await fill(page, 'textbox', 'Search', 'nothing has this name');
      await showsText(page, 'Nothing matches');
      await fits('Tokens, nothing matches');
      await press(page, 'button', 'Clear filters');
    });

    test('on Proxy, before and after pairing, with what a press says', async () => {
      const cli = tokenleashCli(home);
      for (const [name, url] of [
        ['of-another-server-with-a-long-name', 'https://unleash.northern-region.example.com/flags'],
        ['lab', 'http://127.0.0.1:9'],
      ] as const) {
        const words = ['profile', 'add', name, '--url', url, '--token-from', 'browser'];
        const added = await cli.run([...words, '--store', 'memory']);
        expect(added).toMatchObject({ code: 0 });
      }
      await press(page, 'tab', 'Proxy');
      await part(page, 'textbox', 'Pairing code');
      await fits('Proxy, unpaired');
      proxy = await cli.start(['--port', '0', '--control-port', '0']);
      const { code } = JSON.parse((await cli.run(['pair', '--json'])).stdout) as { code: string };
      await fill(page, 'textbox', 'Pairing code', code);
      await press(page, 'button', 'Pair');
      await showsText(page, 'Running');
      await fits('Proxy');
      await press(page, 'button', 'New PAT for the proxy');
      await showsText(page, 'The proxy has no profile for this Unleash');
      await fits('Proxy, no profile');
      await press(page, 'button', 'Make profile local');
      await showsText(page, 'In the proxy, profile local');
      await fits('Proxy, sent');
      await proxy.stop();
      proxy = null;
      await press(page, 'tab', 'Create');
      await press(page, 'tab', 'Proxy');
      await showsText(page, 'The proxy did not answer');
      await fits('Proxy, away');
    });

    test('where nobody is logged in, and where there is no instance yet', async () => {
      await logIn(extension, unleash.url, 'unleash-session=gone');
      await page.close();
      page = await extension.openExtensionPage(POPUP);
      await press(page, 'tab', 'Create');
      await part(page, 'link', 'Open login page');
      await fits('Not logged in');
      await sendFrom(page, 'instances.remove', { id: unleash.url });
      await page.close();
      page = await extension.openExtensionPage(POPUP);
      await part(page, 'button', 'Add an instance');
      await fits('First run');
    });
  },
);

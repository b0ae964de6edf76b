import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startUnleash, type Unleash } from '../real-unleash/index.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { islandOn, pressOn } from './fixtures/islands.ts';
import { sendFrom } from './fixtures/messages.ts';
import { logIn } from './fixtures/session.ts';
import { createApiTokenOnPage } from './fixtures/unleash-forms.ts';
import { until } from './fixtures/until.ts';

const COPY_BUTTON = '[role="dialog"] button[aria-label="Copy token"]';

/** A server below a path that keeps no more than the hash of an API token: then that one, too, is shown only once. */
describe('where the server stores tokens securely, below a path', () => {
  let unleash: Unleash;
  beforeAll(async () => {
    unleash = await startUnleash({
      basePath: '/flags',
      env: {
        UNLEASH_EXPERIMENTAL_SECURE_TOKEN: 'true',
        UNLEASH_EXPERIMENTAL_SECURE_ACCOUNT_TOKEN: 'true',
      },
    });
  });
  afterAll(() => unleash?.stop());

  describe.each(BOTH_BROWSERS)('in $kind', ({ launch }) => {
    let extension: ExtensionBrowser;
    beforeAll(async () => {
      extension = await launch();
      await logIn(extension, unleash.url, await unleash.login());
    });
    afterAll(() => extension?.close());

    test('a frontend token is covered, Esc does not lose it, it cannot go to the proxy, and is kept as what it is', async () => {
      const own = await extension.openExtensionPage('extension/options/index.html');
      expect(await sendFrom(own, 'instances.add', { url: unleash.url })).toMatchObject({
        ok: true,
      });
      const page = await extension.browser.newPage();
      await page.goto(`${unleash.url}/admin/api/create-token`, { waitUntil: 'domcontentloaded' });
      await page.bringToFront();
      const frontend = await page.waitForSelector('input[type="radio"][value="frontend" i]');
      await frontend?.evaluate((radio) => (radio as HTMLInputElement).click());
      const secret = await createApiTokenOnPage(page, `secure-${extension.kind}`);
      const card = await islandOn(own, page, 'shown-once');
      expect(card.buttons.map((button) => button.name)).toEqual(['Copy securely', 'Let it go']);

      await page.keyboard.press('Escape');
      await islandOn(own, page, 'shown-once', (one) => one.text.includes('Esc would lose this'));
      expect(secret).toMatch(/^\*:development\.v2_/);

      await pressOn(own, page, 'shown-once', 'Copy securely');
      await islandOn(own, page, 'shown-once', (one) => one.text.includes('Copied.'));
      expect(await extension.readClipboard()).toBe(secret);
      // Its secret is told from a backend token's by Unleash's list alone, which has half of it.
      await until('it stands as Unleash lists it', async () => {
        const { created } = await sendFrom(own, 'created.list', { instanceId: unleash.url });
        expect(created).toMatchObject([
          {
            kind: 'frontend',
            name: `secure-${extension.kind}`,
            projects: ['*'],
            environment: 'development',
          },
        ]);
        return true;
      });
      await page.bringToFront();
      await page.keyboard.press('Escape');
      await until('the dialog is closed', async () => (await page.$(COPY_BUTTON)) === null);
    });
  });
});

import type { Page } from 'puppeteer';
import { expect, onTestFinished, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { islandOn, pressOn } from './fixtures/islands.ts';
import { sendFrom } from './fixtures/messages.ts';
import { accessibilityProblems, part, showsText } from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';
import { createPersonalTokenOnPage } from './fixtures/unleash-forms.ts';
import { until } from './fixtures/until.ts';

const [chromium] = BOTH_BROWSERS.filter(({ kind }) => kind === 'chromium');

/** What a person switches on in the browser's list of extensions: "Allow in Incognito". */
async function allowInPrivateWindows(extension: ExtensionBrowser): Promise<void> {
  const { browser, extensionUrl } = extension;
  const list = await browser.newPage();
  await list.goto('chrome://extensions');
  const extensionId = JSON.stringify(new URL(extensionUrl('')).hostname);
  await list.evaluate(`(async () => {
    const { developerPrivate } = chrome;
    await developerPrivate.updateProfileConfiguration({ inDeveloperMode: true });
    await developerPrivate.updateExtensionConfiguration({ extensionId: ${extensionId}, incognitoAccess: true });
  })()`);
  await list.close();
  // It is loaded anew for that.
  await until('the extension is back', () =>
    extension
      .openExtensionPage('extension/options/index.html')
      .then((page) => page.close().then(() => true))
      .catch(() => false),
  );
}

/** A page in a private window of its own. */
async function openPrivate({ browser }: ExtensionBrowser, own: Page, url: string): Promise<Page> {
  const target = browser.waitForTarget((one) => one.url().startsWith(url));
  await own.evaluate(`chrome.windows.create({ incognito: true, url: ${JSON.stringify(url)} })`);
  const page = await (await target).page();
  if (page === null) throw new Error('The private window has no page.');
  return page;
}

test('a private window of Chromium gets nothing of the login outside, and is told why', async () => {
  if (!chromium) throw new Error('no Chromium');
  const unleash = sharedUnleash();
  const extension = await chromium.launch();
  onTestFinished(() => extension.close());
  await logIn(extension, unleash.url, await unleash.login());
  await allowInPrivateWindows(extension);
  const own = await extension.openExtensionPage('extension/options/index.html');
  expect(await sendFrom(own, 'instances.add', { url: unleash.url })).toMatchObject({ ok: true });

  const page = await openPrivate(extension, own, `${unleash.url}/login`);
  await until('nobody is logged in there', async () => page.url().includes('/login'));
  const somebody = await unleash.createUser('Editor');
  await page.evaluate(
    (username, password) =>
      fetch('/auth/simple/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username, password }),
      }),
    somebody.username,
    somebody.password,
  );
  await page.goto(`${unleash.url}/profile/personal-api-tokens`, { waitUntil: 'domcontentloaded' });
  await page.bringToFront();
  await createPersonalTokenOnPage(page, 'in a private window');
  await pressOn(own, page, 'shown-once', 'Send to proxy');
  await islandOn(own, page, 'shown-once', ({ text }) => text.includes('this window is private'));
  await pressOn(own, page, 'shown-once', 'Copy securely');
  await islandOn(own, page, 'shown-once', ({ text }) => text.includes('Copied.'));
  // What is private stays in its window.
  expect(await sendFrom(own, 'created.list', { instanceId: unleash.url })).toMatchObject({
    created: [],
  });

  const popup = await extension.openPopup(page);
  await showsText(popup, 'Tokenleash uses the login of your normal windows.');
  await part(popup, 'button', 'Create and copy');
  expect(await accessibilityProblems(popup)).toEqual([]);
});

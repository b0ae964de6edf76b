import { expect, onTestFinished, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { islandOn, pressOn } from './fixtures/islands.ts';
import { sendFrom } from './fixtures/messages.ts';
import { accessibilityProblems, part, showsText, textOf } from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';
import { createPersonalTokenOnPage } from './fixtures/unleash-forms.ts';
import { until } from './fixtures/until.ts';

const [firefox] = BOTH_BROWSERS.filter(({ kind }) => kind === 'firefox');

test('in a container of Firefox the popup uses the login of the tabs outside, and says so', async () => {
  if (!firefox) throw new Error('no Firefox');
  const unleash = sharedUnleash();
  const extension = await firefox.launch();
  onTestFinished(() => extension.close());
  await logIn(extension, unleash.url, await unleash.login());
  const own = await extension.openExtensionPage('extension/options/index.html');
  expect(await sendFrom(own, 'instances.add', { url: unleash.url })).toMatchObject({ ok: true });

  const container = await extension.browser.createBrowserContext();
  const page = await container.newPage();
  await page.goto(unleash.url, { waitUntil: 'domcontentloaded' });
  await until('nobody is logged in there', async () => page.url().includes('/login'));

  const popup = await container.newPage();
  // The load event of such a page never reaches the driver.
  await popup.goto(extension.extensionUrl('extension/popup/index.html'), { waitUntil: [] });
  await showsText(popup, 'Tokenleash uses the login of your tabs outside of containers.');
  await part(popup, 'button', 'Create and copy');
  expect(await accessibilityProblems(popup)).toEqual([]);

  const outside = await extension.openPopup();
  await part(outside, 'button', 'Create and copy');
  expect(await textOf(outside)).not.toContain('container');
});

test('a page in a container of Firefox gets nothing of the login outside, and is told why', async () => {
  if (!firefox) throw new Error('no Firefox');
  const unleash = sharedUnleash();
  const extension = await firefox.launch();
  onTestFinished(() => extension.close());
  await logIn(extension, unleash.url, await unleash.login());
  const own = await extension.openExtensionPage('extension/options/index.html');
  expect(await sendFrom(own, 'instances.add', { url: unleash.url })).toMatchObject({ ok: true });

  const somebody = await unleash.createUser('Editor');
  const container = await extension.browser.createBrowserContext();
  await logIn({ browser: container }, unleash.url, await somebody.login());
  const page = await container.newPage();
  const url = `${unleash.url}/profile/personal-api-tokens`;
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await page.bringToFront();
  const secret = await createPersonalTokenOnPage(page, 'in a container');
  await pressOn(own, page, 'shown-once', 'Send to proxy');
  await islandOn(own, page, 'shown-once', ({ text }) =>
    text.includes('this tab is in a container'),
  );
  await pressOn(own, page, 'shown-once', 'Copy securely');
  await islandOn(own, page, 'shown-once', ({ text }) => text.includes('Copied.'));
  expect(await extension.readClipboard()).toBe(secret);
  const { created } = await sendFrom(own, 'created.list', { instanceId: unleash.url });
  expect(created).toMatchObject([{ kind: 'personal', owner: null, sentTo: null }]);
});

import { describe, expect, onTestFinished, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { islandOn, pressOn } from './fixtures/islands.ts';
import { sendFrom } from './fixtures/messages.ts';
import { accessibilityProblems, part, showsText } from './fixtures/popup-driver.ts';
import { allowInPrivateWindows, openPrivateWindow } from './fixtures/private-window.ts';
import { logIn } from './fixtures/session.ts';
import { createPersonalTokenOnPage } from './fixtures/unleash-forms.ts';
import { until } from './fixtures/until.ts';

describe.each(BOTH_BROWSERS)('a private window of $kind', ({ kind, launch }) => {
  test('gets nothing of the login outside, and is told why', async () => {
    const unleash = sharedUnleash();
    const extension = await launch();
    onTestFinished(() => extension.close());
    await allowInPrivateWindows(extension);
    await logIn(extension, unleash.url, await unleash.login());
    const own = await extension.openExtensionPage('extension/options/index.html');
    expect(await sendFrom(own, 'instances.add', { url: unleash.url })).toMatchObject({ ok: true });

    const page = await openPrivateWindow(extension, own, `${unleash.url}/login`);
    await until('nobody is logged in there', async () => page.url().includes('/login'));
    const somebody = await unleash.createUser('Editor');
    await page.evaluate(
      (username, password) =>
        fetch('/auth/simple/login', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ username, password }),
        }).then(() => undefined),
      somebody.username,
      somebody.password,
    );
    const list = `${unleash.url}/profile/personal-api-tokens`;
    await page.goto(list, { waitUntil: 'domcontentloaded' });
    await page.bringToFront();
    await createPersonalTokenOnPage(page, `in a private window of ${kind}`);
    await pressOn(own, page, 'shown-once', 'Send to proxy');
    await islandOn(own, page, 'shown-once', ({ text }) => text.includes('this window is private'));
    await pressOn(own, page, 'shown-once', 'Copy securely');
    await islandOn(own, page, 'shown-once', ({ text }) => text.includes('Copied.'));
    // What is private stays in its window.
    expect(await sendFrom(own, 'created.list', { instanceId: unleash.url })).toMatchObject({
      created: [],
    });

    const popup = kind === 'chromium' ? await extension.openPopup(page) : page;
    // In Firefox, where no driver can press the toolbar, the popup's page in that tab.
    if (kind === 'firefox')
      await page.goto(extension.extensionUrl('extension/popup/index.html'), { waitUntil: [] });
    await showsText(popup, 'Tokenleash uses the login of your normal windows.');
    await part(popup, 'button', 'Create and copy');
    expect(await accessibilityProblems(popup)).toEqual([]);
  });
});

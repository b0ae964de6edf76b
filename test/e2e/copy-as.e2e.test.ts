import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseToken } from '../../shared/token/grammar.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { sendFrom } from './fixtures/messages.ts';
import { accessibilityProblems, fill, heard, part, showsText } from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';
import { until } from './fixtures/until.ts';

/** The shortest delay that there is. */
const DELAY_SECONDS = 10;
/** How late a clear may be on a busy machine, in ms; Firefox's alarms came up to 3.5 s late. */
const LATE_MS = 15_000;

describe.each(BOTH_BROWSERS)('"Copy as…" in $kind', ({ launch }) => {
  const unleash = sharedUnleash();
  let extension: ExtensionBrowser;

  beforeAll(async () => {
    extension = await launch();
    await logIn(extension, unleash.url, await unleash.login());
    const options = await extension.openExtensionPage('extension/options/index.html');
    const added = await sendFrom(options, 'instances.add', { url: unleash.url });
    expect(added).toMatchObject({ ok: true, loggedIn: true });
    await sendFrom(options, 'settings.write', { clearAfterSeconds: DELAY_SECONDS });
    await options.close();
  });
  afterAll(() => extension?.close());

  test('puts a new token there as .env by keyboard, and the whole of it is gone at the deadline', async () => {
    const popup = await extension.openPopup();
    const focused = (words: string) =>
      until(`"${words}" has the focus`, () =>
        popup.evaluate((wanted) => document.activeElement?.textContent === wanted, words),
      );
    await fill(popup, 'textbox', 'Name', `copy-as-${randomBytes(4).toString('hex')}`);
    await popup.keyboard.press('Enter');
    await heard(popup, `Copied. Clears in ${DELAY_SECONDS} s.`);
    await (await part(popup, 'button', 'Copy as…')).focus();
    await popup.keyboard.press('Enter');
    await focused('Plain');
    expect(await accessibilityProblems(popup)).toEqual([]);
    await popup.keyboard.press('ArrowDown');
    await popup.keyboard.press('ArrowDown');
    await focused('.env');
    await popup.keyboard.press('Enter');
    await showsText(popup, 'In the form of .env.');
    await focused('Copy as…');
    const shown = await popup.evaluate(() => document.documentElement.outerHTML);
    const text = await extension.readClipboard();
    const [, url, token = ''] =
      /^UNLEASH_SERVER_API_URL=(.*)\nUNLEASH_SERVER_API_TOKEN=(.*)\n$/.exec(text) ?? [];
    expect(url).toBe(`${unleash.url}/api`);
    expect(parseToken(token)).toMatchObject({ kind: 'api' });
    expect(shown.includes(token.slice(token.lastIndexOf('.') + 1))).toBe(false);
    await until(
      'the clipboard is empty',
      async () => (await extension.readClipboard()) === '',
      DELAY_SECONDS * 1000 + LATE_MS,
    );
  });
});

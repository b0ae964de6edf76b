/** Recipes in the popup: saved, used, by one keystroke, over several projects and environments. */
import { randomBytes } from 'node:crypto';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseToken } from '../../shared/token/grammar.ts';
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
  showsText,
  textOf,
  typedIn,
} from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';
import { until } from './fixtures/until.ts';

const uniqueName = (word: string) => `${word}-${randomBytes(4).toString('hex')}`;

describe.each(BOTH_BROWSERS)('recipes in $kind', ({ launch }) => {
  const unleash = sharedUnleash();
  const series = uniqueName('ci');
  let extension: ExtensionBrowser;
  let popup: Page;

  async function open(): Promise<void> {
    popup = await extension.openPopup();
    await part(popup, 'button', 'Create and copy');
  }

  const pressed = (name: string) => async () =>
    popup.evaluate(
      (element) => element.getAttribute('aria-pressed') === 'true',
      await part(popup, 'button', name),
    );

  async function tokenNames(): Promise<string[]> {
    const response = await fetch(`${unleash.url}/api/admin/api-tokens`, {
      headers: { cookie: await unleash.login() },
    });
    const { tokens } = (await response.json()) as { tokens: { tokenName: string }[] };
    return tokens.map(({ tokenName }) => tokenName).filter((name) => name.startsWith(series));
  }

  beforeAll(async () => {
    extension = await launch();
    await logIn(extension, unleash.url, await unleash.login());
    const page = await extension.openExtensionPage('extension/popup/index.html');
    await sendFrom(page, 'instances.add', { url: unleash.url });
    await page.close();
  });
  afterAll(async () => {
    await extension?.close();
  });

  test('keep a form under a name, and fill in the next one with a number of its own', async () => {
    await open();
    await fill(popup, 'textbox', 'Name', `${series}-{env}-{n}`);
    await showsText(popup, `Gives ${series}-development-1`);
    await press(popup, 'button', 'Save as recipe');
    await fill(popup, 'textbox', 'Recipe name', 'CI deploy');
    expect(await typedIn(popup, 'textbox', 'Name pattern')).toBe(`${series}-{env}-{n}`);
    expect(await accessibilityProblems(popup)).toEqual([]);
    await press(popup, 'button', 'Save');
    await until('its chip is pressed', pressed('CI deploy'));
    expect(await accessibilityProblems(popup)).toEqual([]);
    expect(await typedIn(popup, 'textbox', 'Name')).toBe(`${series}-development-1`);
    await press(popup, 'button', 'Create and copy');
    await heard(popup, 'Copied. Clears in 30 s.');
    await press(popup, 'button', 'Done');
    await until('it is the last one', pressed('Last: CI deploy'));
    await until(
      'the next number is there',
      async () => (await typedIn(popup, 'textbox', 'Name')) === `${series}-development-2`,
    );
    expect(await tokenNames()).toEqual([`${series}-development-1`]);
  });

  test('let go of a form that is changed, and a brace that nobody knows is never sent', async () => {
    await open();
    await until('it is still the last one', pressed('Last: CI deploy'));
    await fill(popup, 'textbox', 'Name', `${series}-{usr}`);
    await until('the chip lets go', async () => !(await pressed('Last: CI deploy')()));
    await popup.keyboard.press('Enter');
    await showsText(popup, 'Tokenleash does not know {usr}. It knows {user}');
    await fill(popup, 'textbox', 'Name', 'x'.repeat(500));
    await popup.keyboard.press('Enter');
    await showsText(popup, 'This name has 500 characters.');
    expect(await tokenNames()).toHaveLength(1);
  });

  test('make another token of the last one by one keystroke, whatever the form says', async () => {
    await open();
    await fill(popup, 'textbox', 'Name', 'something else');
    await popup.keyboard.down('Alt');
    await popup.keyboard.press('KeyL');
    await popup.keyboard.up('Alt');
    await heard(popup, 'Copied. Clears in 30 s.');
    expect(parseToken(await extension.readClipboard())).toMatchObject({ kind: 'api' });
    expect((await tokenNames()).toSorted()).toEqual([
      `${series}-development-1`,
      `${series}-development-2`,
    ]);
  });

  test('over several environments make one token each, and one block of them', async () => {
    await open();
    await fill(popup, 'textbox', 'Name', `${series}-each-{env}`);
    await press(popup, 'switch', 'One token each');
    const environments = await part(popup, 'combobox', 'Environments');
    await environments.focus();
    await popup.keyboard.type('production');
    await popup.keyboard.press('Enter');
    await showsText(popup, 'Makes 2 tokens.');
    await showsText(popup, `Gives ${series}-each-development and 1 more`);
    expect(await accessibilityProblems(popup)).toEqual([]);
    await press(popup, 'button', 'Create and copy');
    await heard(popup, '2 tokens created. Copied. Clears in 30 s.');
    expect(await accessibilityProblems(popup)).toEqual([]);
    const lines = (await extension.readClipboard()).trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe(`# ${series}-each-development (backend, default, development)`);
    expect([lines[1], lines[3]].map((line) => parseToken(line ?? '')?.kind)).toEqual([
      'api',
      'api',
    ]);
    expect(await textOf(popup)).not.toContain(lines[1]);
    // The popup was closed before anyone said "Done": it stands there again.
    popup = await extension.openPopup();
    await showsText(popup, '2 tokens created');
    await press(popup, 'button', 'Copy without comments');
    await until('the bare lines are copied', async () => {
      const copied = await extension.readClipboard();
      return copied === `${lines[1]}\n${lines[3]}\n`;
    });
    await press(popup, 'button', 'Done');
    await part(popup, 'button', 'Create and copy');
    expect(await tokenNames()).toHaveLength(4);
  });

  test('are renamed, deleted, and brought back', async () => {
    await open();
    await press(popup, 'button', 'Edit recipes');
    await press(popup, 'button', 'Change');
    await fill(popup, 'textbox', 'Recipe name', 'Deploy');
    await press(popup, 'button', 'Save');
    await showsText(popup, 'Deploy');
    expect(await accessibilityProblems(popup)).toEqual([]);
    await press(popup, 'button', 'Delete');
    await showsText(popup, 'Recipe Deploy deleted.');
    await press(popup, 'button', 'Undo');
    await until('it is back', () => hasPart(popup, 'button', 'Change'));
    await press(popup, 'button', 'Back to the form');
    await part(popup, 'button', 'Last: Deploy');
  });
});

import { randomBytes } from 'node:crypto';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { messagesIn } from '../unit/browser-words.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { axe } from './fixtures/axe.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { islandOn, pressOn } from './fixtures/islands.ts';
import { fill, heard, part, press, showsText, typedIn } from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';
import { createPersonalTokenOnPage } from './fixtures/unleash-forms.ts';

const OPTIONS = 'extension/options/index.html';
const POPUP = 'extension/popup/index.html';

/** The narrowest that a page must bear: 1280 px at 400 % (WCAG 1.4.10). */
const NARROW = { width: 320, height: 640 };

const german = messagesIn('de');
const ENGLISH = Object.entries(messagesIn('en')).filter(
  ([key, { message }]) => german[key]?.message !== message,
);

const patternOf = (message: string) =>
  new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\\\$\d/g, '.+')}$`, 's');

const ENGLISH_PATTERNS = ENGLISH.map(([, { message }]) => patternOf(message));
const GERMAN_PATTERNS = Object.values(german).map(({ message }) => patternOf(message));

/** Every text of a page as it stands alone, and every name that it gives. */
const TEXTS = `(() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode;
    if (parentElement.closest('style, script, code') === null) texts.push(data);
  }
  for (const element of document.querySelectorAll('*'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
      if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
  return [document.title, ...texts].map((text) => text.trim()).filter((text) => text !== '');
})()`;

async function textsOf(page: Page): Promise<string[]> {
  return (await page.evaluate(TEXTS)) as string[];
}

/** What a page says in English although there is German for it. */
async function englishOn(page: Page): Promise<string[]> {
  return (await textsOf(page)).filter(
    (text) =>
      ENGLISH_PATTERNS.some((pattern) => pattern.test(text)) &&
      !GERMAN_PATTERNS.some((pattern) => pattern.test(text)),
  );
}

/** What is wider than the page, and buttons, tabs and radios whose words do not fit into them. */
const TOO_WIDE = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = scrollWidth > clientWidth ? ['the page: ' + scrollWidth] : [];
  const parts = document.querySelectorAll('button, a, [role=tab], [role=button], .segment, .button, h1, h2, label');
  for (const part of parts) {
    const { width, right } = part.getBoundingClientRect();
    if (width <= 1) continue;
    // A host and a token's name may be cut, with an ellipsis that says so; the whole is in a tooltip.
    const cut = part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0;
    if (cut || right > clientWidth + 1) wide.push(part.textContent + ': ' + part.scrollWidth);
  }
  return wide;
})()`;

async function tooWide(page: Page): Promise<string[]> {
  return (await page.evaluate(TOO_WIDE)) as string[];
}

describe.each(BOTH_BROWSERS)('in a German $kind', ({ launch }) => {
  const unleash = sharedUnleash();
  const name = `laden-${randomBytes(4).toString('hex')}`;
  let extension: ExtensionBrowser;
  let popup: Page;

  beforeAll(async () => {
    extension = await launch({ language: 'de' });
    await logIn(extension, unleash.url, await unleash.login());
  });
  afterAll(async () => {
    await extension?.close();
  });

  async function openPopup(): Promise<void> {
    popup = await extension.openExtensionPage(POPUP);
  }

  test('the popup greets in German', async () => {
    await openPopup();
    await showsText(popup, 'Unleash hinzufügen');
    expect(await popup.evaluate(() => document.documentElement.lang)).toBe('de');
    expect(await englishOn(popup)).toEqual([]);
    await popup.setViewport(NARROW);
    expect(await tooWide(popup)).toEqual([]);
    await popup.close();
  });

  test('an instance is added in German, and what is wrong with an address said in it', async () => {
    const options = await extension.openExtensionPage(OPTIONS);
    await fill(options, 'textbox', 'Unleash-URL', `${unleash.url}?sort=name`);
    await press(options, 'button', 'Instanz hinzufügen');
    await showsText(options, 'Die Adresse hat eine Abfrage, den Teil ab dem Fragezeichen');
    expect(await englishOn(options)).toEqual([]);
    await fill(options, 'textbox', 'Unleash-URL', unleash.url);
    await press(options, 'button', 'Instanz hinzufügen');
    await heard(options, 'Als Unleash 8.2.0 erkannt. Angemeldet.');
    await options.close();
  });

  test('a token is created and copied in German', async () => {
    await openPopup();
    await part(popup, 'button', 'Erstellen und kopieren');
    await showsText(popup, 'Kommt in die Zwischenablage, nach 30 s entfernt');
    expect(await englishOn(popup)).toEqual([]);
    expect(await axe(popup)).toEqual([]);
    await fill(popup, 'textbox', 'Name', name);
    await press(popup, 'button', 'Erstellen und kopieren');
    await heard(popup, 'Kopiert. Zwischenablage wird in 30 s geleert.');
    await part(popup, 'button', 'Erneut kopieren');
    expect(await englishOn(popup)).toEqual([]);
    await popup.setViewport(NARROW);
    expect(await tooWide(popup)).toEqual([]);
    await press(popup, 'button', 'Fertig');
    await part(popup, 'button', 'Erstellen und kopieren');
    expect(await tooWide(popup)).toEqual([]);
  });

  test('the kinds of token, and the tab of the proxy, are German', async () => {
    await press(popup, 'radio', 'Persönlich');
    await part(popup, 'textbox', 'Beschreibung');
    await showsText(popup, 'Für ein Skript auf diesem Rechner?');
    expect(await englishOn(popup)).toEqual([]);
    expect(await tooWide(popup)).toEqual([]);
    await press(popup, 'tab', 'Proxy');
    await fill(popup, 'textbox', 'Kopplungscode', 'ABCD');
    await press(popup, 'button', 'Koppeln');
    await showsText(popup, 'Das ist kein Kopplungscode.');
    expect(await englishOn(popup)).toEqual([]);
    expect(await tooWide(popup)).toEqual([]);
  });

  test('the list of tokens is German, and counts as German does', async () => {
    await press(popup, 'tab', 'Token');
    await fill(popup, 'textbox', 'Suchen', name);
    await heard(popup, '1 Token passt');
    await showsText(popup, 'nie benutzt');
    expect(await englishOn(popup)).toEqual([]);
    expect(await tooWide(popup)).toEqual([]);
    await fill(popup, 'textbox', 'Suchen', `${name}-nicht`);
    await showsText(popup, 'Nichts passt');
    expect(await englishOn(popup)).toEqual([]);
    await popup.close();
  });

  test('the options are German, and fit into a narrow window', async () => {
    const options = await extension.openExtensionPage(OPTIONS);
    await showsText(options, 'Angemeldet als');
    expect(await typedIn(options, 'textbox', 'Unleash-URL')).toBe('');
    expect(await options.evaluate(() => document.title)).toBe('Tokenleash-Einstellungen');
    expect(await englishOn(options)).toEqual([]);
    expect(await axe(options)).toEqual([]);
    await options.setViewport(NARROW);
    expect(await tooWide(options)).toEqual([]);
    // All of it was there to look at.
    const texts = await textsOf(options);
    for (const section of ['Instanzen', 'Sicheres Kopieren', 'Vorlagen', 'Import und Export'])
      expect(texts).toContain(section);
    await options.close();
  });

  test('on Unleash’s own pages it is German too', async () => {
    const own = await extension.openExtensionPage(OPTIONS);
    const page = await extension.browser.newPage();
    await page.setViewport({ width: 1440, height: 900 });
    const open = async (path: string) => {
      await page.goto(`${unleash.url}${path}`, { waitUntil: 'domcontentloaded' });
      await page.bringToFront();
    };
    await open('/admin/api');
    const create = await islandOn(own, page, 'quick-create');
    expect(create.buttons.map((button) => button.name)).toEqual(['Schnell erstellen']);
    await islandOn(own, page, 'expiry-mark', ({ text }) => /^bis \d+\. \p{L}+/u.test(text.trim()));
    await open('/profile/personal-api-tokens');
    await createPersonalTokenOnPage(page, `deutsch ${name}`);
    const card = await islandOn(own, page, 'shown-once');
    expect(card.buttons.map((button) => button.name)).toEqual([
      'Sicher kopieren',
      'An Proxy senden',
      'Verwerfen',
    ]);
    await page.keyboard.press('Escape');
    await islandOn(own, page, 'shown-once', ({ text }) =>
      text.includes('Mit Esc ginge dieses Token verloren.'),
    );
    await pressOn(own, page, 'shown-once', 'Sicher kopieren');
    await islandOn(own, page, 'shown-once', ({ text }) =>
      text.includes('Kopiert. Zwischenablage wird in 30 s geleert.'),
    );
    await page.close();
    await own.close();
  });
});

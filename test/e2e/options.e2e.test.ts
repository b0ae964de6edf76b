import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { axe } from './fixtures/axe.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { sendFrom } from './fixtures/messages.ts';
import { fill, heard, part, press, showsText, textOf, typedIn } from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';
import { until } from './fixtures/until.ts';

const OPTIONS = 'extension/options/index.html';

describe.each(BOTH_BROWSERS)('the options page in $kind', ({ launch }) => {
  const unleash = sharedUnleash();
  let extension: ExtensionBrowser;
  let page: Page;

  beforeAll(async () => {
    extension = await launch();
    await logIn(extension, unleash.url, await unleash.login());
    page = await extension.openExtensionPage(OPTIONS);
  });
  afterAll(async () => {
    await extension?.close();
  });

  const checked = async (role: string, name: string) =>
    page.evaluate((box) => (box as HTMLInputElement).checked, await part(page, role, name));

  test('says what is wrong with an address, and offers the one that is left', async () => {
    await fill(page, 'textbox', 'Unleash URL', `${unleash.url}?sort=name`);
    await press(page, 'button', 'Add instance');
    await part(page, 'button', `Use ${unleash.url}`);
    expect(await typedIn(page, 'textbox', 'Unleash URL')).toBe(`${unleash.url}?sort=name`);
    expect(await axe(page)).toEqual([]);
    await press(page, 'button', `Use ${unleash.url}`);
    expect(await typedIn(page, 'textbox', 'Unleash URL')).toBe(unleash.url);
  });

  test('does not take a server that is no Unleash', async () => {
    await fill(page, 'textbox', 'Unleash URL', 'http://127.0.0.1:9');
    await press(page, 'button', 'Add instance');
    await until('an error stands by the field', () =>
      page.evaluate(() => document.querySelector('.field-error') !== null),
    );
    await showsText(page, 'No instance yet');
  });

  test('adds an instance from a pasted page of its admin UI', async () => {
    await fill(page, 'textbox', 'Unleash URL', `${unleash.url}/projects/default`);
    await press(page, 'button', 'Add instance');
    await heard(page, 'Recognised as Unleash 8.2.0. You are logged in.');
    await showsText(page, 'Logged in as');
    expect(await axe(page)).toEqual([]);
  });

  test('keeps what is set for secure copy', async () => {
    await press(page, 'radio', '2 min');
    await press(page, 'switch', 'Quick create');
    await until('it is kept', async () => {
      const settings = await sendFrom(page, 'settings.read', {});
      return settings.clearAfterSeconds === 120 && !settings.pageQuickCreate;
    });
    await page.close();
    page = await extension.openExtensionPage(OPTIONS);
    await until('2 min is chosen', () => checked('radio', '2 min'));
    expect(await checked('switch', 'Quick create')).toBe(false);
    expect(await checked('switch', 'Also for Unleash’s own copy buttons')).toBe(true);
  });

  test('keeps where "Copy as…" opens for a kind of token, and takes it back', async () => {
    const choose = async (name: string) => {
      const field = await part(page, 'combobox', 'Backend');
      await field.focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.type(name);
      await page.keyboard.press('Enter');
    };
    const last = () => sendFrom(page, 'copyAs.last', {});
    await part(page, 'heading', 'Formats');
    await choose('curl');
    await until('it is kept', async () => (await last()).backend === 'curl');
    await page.close();
    page = await extension.openExtensionPage(OPTIONS);
    await until(
      'the field says so',
      async () => (await typedIn(page, 'combobox', 'Backend')) === 'curl',
    );
    expect(await axe(page)).toEqual([]);
    await choose('The top of the list');
    await until('none is', async () => (await last()).backend === undefined);
  });

  test('gives an instance a name, by keyboard alone', async () => {
    await (await part(page, 'button', 'More')).focus();
    await page.keyboard.press('Enter');
    await until('the first entry of the menu has the focus', () =>
      page.evaluate(() => document.activeElement?.textContent === 'Rename'),
    );
    await page.keyboard.press('Enter');
    await fill(page, 'textbox', 'Name', 'Acme staging');
    await page.keyboard.press('Enter');
    await heard(page, 'The name is Acme staging now.');
    await until('the focus is back in the row', () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'More'),
    );
    const [instance] = (await sendFrom(page, 'instances.list', {})).instances;
    expect(instance?.name).toBe('Acme staging');
  });

  test('removes an instance, and brings it back under its name', async () => {
    await press(page, 'button', 'More');
    await press(page, 'menuitem', 'Remove');
    await showsText(page, 'No instance yet');
    expect(await textOf(page)).not.toContain('Logged in as');
    expect((await sendFrom(page, 'instances.list', {})).instances).toEqual([]);
    await heard(page, 'Acme staging removed.');
    expect(await axe(page)).toEqual([]);
    await press(page, 'button', 'Undo');
    await heard(page, 'Acme staging is back.');
    await showsText(page, 'Logged in as');
  });

  test('shows what a settings file changes, then takes it as a whole', async () => {
    await sendFrom(page, 'settings.write', { theme: 'system', pageQuickCreate: true });
    const { text } = await sendFrom(page, 'transfer.export', {});
    const file = JSON.parse(text);
    file.settings.pageQuickCreate = false;
    file.instances.push({ url: 'http://127.0.0.1:9', name: 'Nobody there' });
    const choose = async (content: string) => {
      await part(page, 'button', 'Choose a settings file');
      await page.evaluate((words) => {
        const input = document.querySelector<HTMLInputElement>('input[type=file]');
        const data = new DataTransfer();
        data.items.add(new File([words], 'settings.json'));
        if (!input) throw new Error('no file input');
        input.files = data.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
      }, content);
    };
    await choose('{"product":"tokenleash","version":1,"__proto__":{}}');
    await showsText(page, 'This file was not written by Tokenleash');
    await choose(JSON.stringify(file));
    await showsText(page, 'Quick create: on → off');
    await showsText(page, 'New instance: Nobody there (http://127.0.0.1:9)');
    expect(await textOf(page)).not.toContain('This file was not written');
    expect((await sendFrom(page, 'settings.read', {})).pageQuickCreate).toBe(true);
    expect(await axe(page)).toEqual([]);
    await press(page, 'button', 'Import');
    await heard(page, '2 changes made.');
    expect((await sendFrom(page, 'settings.read', {})).pageQuickCreate).toBe(false);
    const { instances } = await sendFrom(page, 'instances.list', {});
    expect(instances.map(({ name }) => name)).toEqual(['Acme staging', 'Nobody there']);
  });

  test('puts recipes in order by keyboard, and brings a deleted one back', async () => {
    const recipe = {
      id: null,
      instanceId: null,
      kind: 'backend',
      projects: ['*'],
      environments: ['production'],
      expiresInDays: 30,
      namePattern: 'ci-{date}',
      oneEach: false,
    } as const;
    for (const name of ['CI', 'Laptop']) {
      await sendFrom(page, 'recipes.save', {
        recipe: { ...recipe, projects: ['*'], environments: ['production'], name },
      });
    }
    const names = async () =>
      (await sendFrom(page, 'recipes.list', { instanceId: null })).recipes.map(({ name }) => name);
    await page.close();
    page = await extension.openExtensionPage(OPTIONS);
    await (await part(page, 'button', 'Move up')).focus();
    await page.keyboard.press('Enter');
    await heard(page, 'Laptop is number 1 of 2 now.');
    expect(await names()).toEqual(['Laptop', 'CI']);
    await until('the focus is on the way back', () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'Move down'),
    );
    await press(page, 'button', 'Delete');
    await heard(page, 'Recipe Laptop deleted.');
    expect(await names()).toEqual(['CI']);
    await press(page, 'button', 'Undo');
    await heard(page, 'Recipe Laptop is back.');
    expect(await names()).toEqual(['Laptop', 'CI']);
  });

  test('says how the shortcuts are bound', async () => {
    const bound = await page.evaluate(
      `(globalThis.browser ?? chrome).commands.getAll().then((all) => all.map((one) => one.shortcut).filter(Boolean))`,
    );
    for (const keys of bound as string[]) await showsText(page, keys);
  });

  test('fits every width from 320 px on, in both directions of writing', async () => {
    for (const direction of ['ltr', 'rtl']) {
      await page.evaluate((dir) => {
        document.documentElement.dir = dir;
      }, direction);
      for (const width of [320, 560, 800, 1280]) {
        await page.setViewport({ width, height: 700 });
        const over = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return scrollWidth - clientWidth;
        });
        expect(`${direction} ${width}: ${over} px too wide`).toBe(
          `${direction} ${width}: 0 px too wide`,
        );
      }
    }
  });
});

describe.each(BOTH_BROWSERS)('the set-up of a new extension in $kind', ({ launch }) => {
  const unleash = sharedUnleash();
  let extension: ExtensionBrowser;
  let page: Page;

  beforeAll(async () => {
    extension = await launch({ keepSetUp: true });
    const pages = await extension.browser.pages();
    // Firefox's driver does not see a tab that an extension has opened; there it is a second one of it.
    page =
      pages.find((one) => one.url().endsWith('?welcome')) ??
      (await extension.openExtensionPage(`${OPTIONS}?welcome`));
  });
  afterAll(async () => {
    await extension?.close();
  });

  test('leads from the address over the access to the toolbar, and can be left in between', async () => {
    await showsText(page, 'Step 1 of 3');
    expect(await axe(page)).toEqual([]);
    await fill(page, 'textbox', 'Unleash URL', `${unleash.url}/projects/default`);
    await page.keyboard.press('Enter');
    await showsText(page, 'Step 2 of 3');
    expect(await axe(page)).toEqual([]);
    await page.close();

    page = await extension.openExtensionPage(OPTIONS);
    await press(page, 'button', 'Go on with it');
    await showsText(page, 'Step 2 of 3');
    await press(page, 'button', 'Allow access');
    await showsText(page, 'Step 3 of 3');
    await showsText(page, 'Recognised as Unleash');
    expect(await axe(page)).toEqual([]);
    await press(page, 'button', 'Done');
    await part(page, 'button', 'Add instance');
    await showsText(page, unleash.url);
    expect(await textOf(page)).not.toContain('The set-up is not finished');
  });
});

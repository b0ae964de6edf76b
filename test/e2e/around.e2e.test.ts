import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { sendFrom } from './fixtures/messages.ts';
import { logIn } from './fixtures/session.ts';
import { until } from './fixtures/until.ts';

const OPTIONS = 'extension/options/index.html';
const API = '(globalThis.browser ?? chrome)';

/** No driver presses a shortcut or a menu; only in Chromium can an extension fire its own events. */
const testIn = (kind: string, wanted: string): typeof test =>
  kind === wanted ? test : ((() => undefined) as unknown as typeof test);

describe.each(BOTH_BROWSERS)('around the popup in $kind', ({ kind, launch }) => {
  const inChromium = testIn(kind, 'chromium');
  const unleash = sharedUnleash();
  let extension: ExtensionBrowser;
  let page: Page;

  /** As the browser itself has it: changing an item that is not there is refused. */
  const inMenu = (id: string) =>
    page.evaluate(
      `new Promise((resolve) => {
        const done = () => resolve(${API}.runtime.lastError === null || ${API}.runtime.lastError === undefined);
        const promise = ${API}.contextMenus.update(${JSON.stringify(id)}, {}, ...(globalThis.browser ? [] : [done]));
        promise?.then(() => resolve(true), () => resolve(false));
      })`,
    ) as Promise<boolean>;

  /** The event as the browser sends it; in Firefox no driver can press what would. */
  async function fire(event: string, ...values: unknown[]): Promise<void> {
    const target = await until('the worker is there', () =>
      extension.browser.targets().find((one) => one.type() === 'service_worker'),
    );
    const worker = await target.worker();
    await worker?.evaluate(
      `chrome.${event}.dispatch(${values.map((one) => JSON.stringify(one)).join()})`,
    );
  }

  const notifications = () =>
    page.evaluate(`${API}.notifications.getAll().then((all) => Object.keys(all))`) as Promise<
      string[]
    >;

  beforeAll(async () => {
    extension = await launch();
    await logIn(extension, unleash.url, await unleash.login());
    page = await extension.openExtensionPage(OPTIONS);
  });
  afterAll(() => extension.close());

  test('the shortcut that copies the last token again is there, and bound by nobody', async () => {
    const commands = (await page.evaluate(`${API}.commands.getAll()`)) as Record<string, string>[];
    expect(commands.find(({ name }) => name === 'copy-last-again')).toMatchObject({
      description: 'Copy last token again',
      shortcut: '',
    });
  });

  test('the context menu comes with the first instance and goes with the last', async () => {
    expect(await inMenu('create')).toBe(false);
    expect(await sendFrom(page, 'instances.add', { url: unleash.url })).toMatchObject({ ok: true });
    for (const id of ['create', 'copy-again', 'options']) {
      await until(`${id} is in the menu`, () => inMenu(id));
    }
    await sendFrom(page, 'instances.remove', { id: unleash.url });
    await until('the menu is empty', async () => !(await inMenu('create')));
    await sendFrom(page, 'instances.add', { url: unleash.url });
  });

  inChromium('the shortcut copies the last token again', async () => {
    const made = await sendFrom(page, 'token.create', {
      instanceId: unleash.url,
      token: {
        kind: 'personal',
        name: 'copied again',
        projects: [],
        environment: '',
        expiresAt: null,
      },
    });
    expect(made).toMatchObject({ ok: true });
    await sendFrom(page, 'clipboard.clearNow', {});
    expect(await extension.readClipboard()).toBe('');
    await extension.killWorker();
    // Any message wakes it.
    await sendFrom(page, 'settings.read', {});
    await fire('commands.onCommand', 'copy-last-again');
    await until('the token is on the clipboard', async () =>
      /^user:[0-9a-f]{56}$/.test(await extension.readClipboard()),
    );
    await until('it is said', async () => (await notifications()).includes('copy-last-again'));
    await sendFrom(page, 'clipboard.clearNow', {});
  });

  inChromium('the menu opens the form for the project at hand', async () => {
    await fire('contextMenus.onClicked', {
      menuItemId: 'create',
      pageUrl: `${unleash.url}/projects/default/features/one`,
    });
    await until('the form is filled in', async () => {
      const { form } = await sendFrom(page, 'draft.read', { instanceId: unleash.url });
      return form?.kind === 'backend' && form.projects[0] === 'default';
    });
  });

  test('tokens that end soon are counted on the button, and said once where that is wanted', async () => {
    const DAY_MS = 86_400_000;
    const action = (call: string) => page.evaluate(`${API}.action.${call}({})`) as Promise<string>;
    const look = () => page.evaluate(`${API}.alarms.create('expiry-watch', { when: Date.now() })`);
    const name = await action('getTitle');
    await sendFrom(page, 'settings.write', { expiryNotifications: true });
    const made = await sendFrom(page, 'token.create', {
      instanceId: unleash.url,
      token: {
        kind: 'backend',
        name: `ends soon in ${kind}`,
        projects: ['*'],
        environment: 'development',
        expiresAt: new Date(Date.now() + 5 * DAY_MS).toISOString(),
      },
    });
    expect(made).toMatchObject({ ok: true });
    expect(await action('getBadgeText')).toBe('');
    await look();
    await until('they are counted', async () => Number(await action('getBadgeText')) > 0);
    expect(await action('getTitle')).toMatch(
      /^Tokenleash for Unleash · (1 token ends|\d+ tokens end) within 7 days$/,
    );
    const kept = () =>
      page.evaluate(`${API}.storage.local.get('expiry-told').then(JSON.stringify)`);
    await until('it is on record', async () => /"[0-9a-f]{64}"/.test(String(await kept())));
    expect(await kept()).not.toContain('ends soon');
    // A headless Firefox has nowhere to show one.
    if (kind === 'chromium') {
      const notice = `expiry:${unleash.url}`;
      await until('it is said', async () => (await notifications()).includes(notice));
    }
    await sendFrom(page, 'settings.write', { expiryBadge: false, expiryNotifications: false });
    await until('the number is gone', async () => (await action('getBadgeText')) === '');
    expect(await action('getTitle')).toBe(name);
  });
});

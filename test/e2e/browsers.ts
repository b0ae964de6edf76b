import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { findBrowser } from '../../scripts/browsers.mjs';
import { sendFrom } from './fixtures/messages.ts';
import { type FixturePage, startPage } from './fixtures/page.ts';
import { until } from './fixtures/until.ts';

const GECKO_ID = 'tokenleash@tokenleash.dev';
/** Firefox gives each profile's extension an origin of its own; with one that is known we can open its pages. */
const GECKO_UUID = '5ae2b8c6-1d2f-4c3b-9a37-70c1e5a5e001';

/**
 * A language pack without a word in it: Firefox's own words stay English, but it is a German Firefox to extensions, with
 * nothing to download.
 */
const GERMAN_FIREFOX = fileURLToPath(new URL('./fixtures/german-firefox', import.meta.url));

/** Idle time after which Firefox puts the event page to sleep, in ms; 30 s by default, which no test waits for. */
const EVENT_PAGE_IDLE_MS = 3_000;

/** What the extension has written down of its set-up: `done` where an administrator's instances make it needless. */
const FIRST_RUN_STEP =
  "(globalThis.browser ?? chrome).storage.local.get('first-run').then((all) => all['first-run']?.step)";

export type LaunchOptions = {
  /** Absolute path of a built extension, e.g. `dist/e2e/chromium`. */
  extension: string;
  /** A folder from an earlier run that was closed with `keepProfile`: the same browser, started again. */
  profileDir?: string;
  /** Firefox only: what a person would have set, e.g. that optional permissions are granted without a prompt. */
  prefs?: Record<string, unknown>;
  /** Chromium only: more command-line switches. */
  args?: string[];
  /** The language that the browser speaks, and with it the extension; English by default. */
  language?: 'de';
  headless?: boolean;
  /** Leaves the tab open in which a new extension begins with its set-up. */
  keepSetUp?: boolean;
  /** The caller ends the browser at Ctrl-C and SIGTERM. Otherwise puppeteer does, and exits the whole program at once. */
  callerHandlesSignals?: boolean;
};

export type ExtensionBrowser = {
  kind: 'chromium' | 'firefox';
  browser: Browser;
  /** Folder of the browser's profile, to be searched after `close({ keepProfile: true })`. */
  profileDir: string;
  extensionUrl(path: string): string;
  /**
   * The toolbar's popup. In Chromium the real one, opened by the extension's action over `page` (or over a blank tab);
   * in Firefox, where no driver can press the toolbar, the popup's page in a tab.
   */
  openPopup(page?: Page): Promise<Page>;
  /** A page of the extension in a tab of its own, e.g. `extension/options/index.html`. */
  openExtensionPage(path: string): Promise<Page>;
  /** What the user would get by pasting into another tab; as a web page sees it, not as the extension does. */
  readClipboard(): Promise<string>;
  /** The clipboard's formats, e.g. `['text/plain']`; empty when it is empty. */
  clipboardTypes(): Promise<string[]>;
  /** The user copies something of their own in another tab. */
  copyInOtherTab(text: string): Promise<void>;
  /** Ends the background: kills Chromium's worker, waits until Firefox has put the event page to sleep. */
  killWorker(): Promise<void>;
  /** Ends the browser and removes its profile, unless it is to be kept for a second start or a search. */
  close(options?: { keepProfile?: boolean }): Promise<void>;
};

function pathOf(kind: 'chromium' | 'firefox'): string {
  const path = findBrowser(kind);
  if (path === null) {
    throw new Error(
      `No ${kind} here. Run npm test, which installs one, or set its _PATH variable.`,
    );
  }
  return path;
}

function signalsFor({ callerHandlesSignals = false }: LaunchOptions) {
  const handle = !callerHandlesSignals;
  return { handleSIGINT: handle, handleSIGTERM: handle, handleSIGHUP: handle };
}

const tempProfile = (kind: string) => mkdtemp(join(tmpdir(), `tokenleash-${kind}-`));

/** Chromium with the extension loaded. Its service worker has started when this returns. */
export async function launchChromium(options: LaunchOptions): Promise<ExtensionBrowser> {
  const profileDir = options.profileDir ?? (await tempProfile('chromium'));
  const browser = await puppeteer.launch({
    browser: 'chrome',
    ...signalsFor(options),
    executablePath: pathOf('chromium'),
    headless: options.headless ?? true,
    // A window that a person looks at has the size that they give it.
    ...(options.headless === false ? { defaultViewport: null } : {}),
    pipe: true,
    enableExtensions: true,
    userDataDir: profileDir,
    // On Linux Chromium asks this, and elsewhere the switch.
    ...(options.language && { env: { ...process.env, LANGUAGE: options.language } }),
    args: [
      ...(options.language ? [`--lang=${options.language}`] : []),
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(options.args ?? []),
    ],
  });
  const id = await browser.installExtension(options.extension);
  const extension = await until('Chromium lists the extension', async () =>
    (await browser.extensions()).get(id),
  );
  await until('the service worker has started', async () => (await extension.workers())[0]);
  // Whenever it came later, it would take the focus from what a test does. An earlier run's profile has had it.
  if (options.profileDir === undefined) {
    const step = await until('it is known whether there is a set-up', async () => {
      const [worker] = await extension.workers();
      return worker?.evaluate(FIRST_RUN_STEP) as Promise<string | undefined>;
    });
    if (step !== 'done') {
      const setUp = await until('the set-up is open', async () =>
        (await browser.pages()).find((page) => page.url().endsWith('?welcome')),
      );
      if (!options.keepSetUp) await setUp.close();
    }
  }
  const extensionUrl = (path: string) => `chrome-extension://${id}/${path}`;
  const otherTab = clipboardTab(browser, async (page, origin) => {
    await browser
      .defaultBrowserContext()
      .overridePermissions(origin, ['clipboard-read', 'clipboard-sanitized-write']);
    // The clipboard is open to a focused page alone; this way an open popup does not lose the focus, and closes not.
    const session = await page.createCDPSession();
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: true });
  });
  return {
    kind: 'chromium',
    browser,
    profileDir,
    extensionUrl,
    async openPopup(over) {
      const page = over ?? (await browser.newPage());
      await page.bringToFront();
      await page.triggerExtensionAction(extension);
      const popup = await until('the popup is open', async () =>
        (await extension.pages()).find(
          (one) => one.url() === extensionUrl('extension/popup/index.html'),
        ),
      );
      await until('the popup is loaded', () =>
        popup.evaluate(() => document.readyState !== 'loading'),
      );
      return popup;
    },
    async openExtensionPage(path) {
      const page = await browser.newPage();
      await page.goto(extensionUrl(path));
      return page;
    },
    async readClipboard() {
      const page = await otherTab.page();
      return page.evaluate(() => navigator.clipboard.readText());
    },
    async clipboardTypes() {
      const page = await otherTab.page();
      return page.evaluate(async () => {
        const items = await navigator.clipboard.read();
        return items.flatMap((item) => [...item.types]);
      });
    },
    async copyInOtherTab(text) {
      const page = await otherTab.page();
      await page.evaluate((own) => navigator.clipboard.writeText(own), text);
    },
    async killWorker() {
      for (const worker of await extension.workers()) await worker.close();
      await until('the worker is gone', async () => (await extension.workers()).length === 0);
    },
    async close({ keepProfile = false } = {}) {
      await browser.close();
      await otherTab.stop();
      if (!keepProfile) await rm(profileDir, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

/** Firefox with the extension loaded as a temporary add-on whose storage outlives the browser. */
export async function launchFirefox(options: LaunchOptions): Promise<ExtensionBrowser> {
  const profileDir = options.profileDir ?? (await tempProfile('firefox'));
  const browser = await puppeteer.launch({
    browser: 'firefox',
    ...signalsFor(options),
    executablePath: pathOf('firefox'),
    headless: options.headless ?? true,
    // A window that a person looks at has the size that they give it.
    ...(options.headless === false ? { defaultViewport: null } : {}),
    userDataDir: profileDir,
    // Without it no driver may open moz-extension: pages.
    args: ['--remote-allow-system-access'],
    extraPrefsFirefox: {
      'extensions.webextensions.uuids': JSON.stringify({ [GECKO_ID]: GECKO_UUID }),
      // A temporary add-on is uninstalled at quit; a real one is not.
      'extensions.webextensions.keepStorageOnUninstall': true,
      'extensions.webextensions.keepUuidOnUninstall': true,
      'extensions.background.idle.timeout': EVENT_PAGE_IDLE_MS,
      ...(options.language && {
        'intl.locale.requested': options.language,
        'extensions.langpacks.signatures.required': false,
      }),
      ...(options.prefs ?? {}),
    },
  });
  if (options.language) await browser.installExtension(GERMAN_FIREFOX);
  await browser.installExtension(options.extension);
  const extensionUrl = (path: string) => `moz-extension://${GECKO_UUID}/${path}`;
  const otherTab = clipboardTab(browser, async () => {});
  async function openExtensionPage(path: string): Promise<Page> {
    const page = await browser.newPage();
    // The load event of such a page never reaches the driver.
    await page.goto(extensionUrl(path), { waitUntil: [] });
    await until(`${path} is open`, () =>
      page.evaluate(
        (url) => location.href === url && document.readyState !== 'loading',
        extensionUrl(path),
      ),
    );
    return page;
  }
  // Just installed, the background is still being loaded, and until then a message finds nobody.
  const first = await openExtensionPage('extension/options/index.html');
  await until('the background answers', () => sendFrom(first, 'settings.read', {}));
  if (options.profileDir === undefined) await setUpOpened(first, options.keepSetUp ?? false);
  await first.close();

  /** Taken from the event alone: what stands in a field, Firefox writes into its session file now and then. */
  async function paste(): Promise<{ text: string; types: string[] }> {
    const page = await otherTab.page();
    await page.bringToFront();
    await page.evaluate(() => {
      const notes = document.querySelector('textarea');
      if (!notes) throw new Error('no textarea');
      notes.value = '';
      notes.focus();
      notes.onpaste = (event) => {
        event.preventDefault();
        const { clipboardData } = event;
        Object.assign(window, {
          pasted: {
            text: clipboardData?.getData('text/plain') ?? '',
            types: [...(clipboardData?.types ?? [])],
          },
        });
      };
    });
    await page.keyboard.down('Control');
    await page.keyboard.press('v');
    await page.keyboard.up('Control');
    return page.evaluate(() => {
      const taken = window as { pasted?: { text: string; types: string[] } };
      const pasted = taken.pasted ?? { text: '', types: [] };
      delete taken.pasted;
      return pasted;
    });
  }
  return {
    kind: 'firefox',
    browser,
    profileDir,
    extensionUrl,
    openPopup: () => openExtensionPage('extension/popup/index.html'),
    openExtensionPage,
    readClipboard: async () => (await paste()).text,
    clipboardTypes: async () => (await paste()).types,
    async copyInOtherTab(text) {
      const page = await otherTab.page();
      await page.bringToFront();
      await page.evaluate((own) => {
        const notes = document.querySelector('textarea');
        if (!notes) throw new Error('no textarea');
        notes.value = own;
        notes.focus();
        notes.select();
      }, text);
      await page.keyboard.down('Control');
      await page.keyboard.press('c');
      await page.keyboard.up('Control');
    },
    async killWorker() {
      // Nothing of ours keeps it awake; the margin is for a machine that is busy.
      await new Promise((resolve) => setTimeout(resolve, 2 * EVENT_PAGE_IDLE_MS));
    },
    async close({ keepProfile = false } = {}) {
      await browser.close();
      await otherTab.stop();
      if (!keepProfile) await rm(profileDir, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

/** Waits for the tab that a new extension opens by itself; Firefox's driver does not see it, a page of the same does. */
async function setUpOpened(own: Page, keep: boolean): Promise<void> {
  await until('the set-up is open', () =>
    own.evaluate(`(async () => {
      const views = browser.extension.getViews({ type: 'tab' });
      const view = views.find((one) => one.location.search === '?welcome');
      const tab = await view?.browser?.tabs.getCurrent();
      if (!tab) return (await ${FIRST_RUN_STEP}) === 'done';
      if (!${keep}) await browser.tabs.remove(tab.id);
      return true;
    })()`),
  );
}

/** Opens the user's other tab when it is first needed. */
function clipboardTab(
  browser: Browser,
  prepare: (page: Page, origin: string) => Promise<void>,
): { page(): Promise<Page>; stop(): Promise<void> } {
  let opened: Promise<{ page: Page; fixture: FixturePage }> | null = null;
  async function open() {
    const fixture = await startPage();
    const page = await browser.newPage();
    await page.goto(fixture.url);
    await prepare(page, fixture.origin);
    return { page, fixture };
  }
  return {
    async page() {
      opened ??= open();
      return (await opened).page;
    },
    async stop() {
      if (opened) await (await opened).fixture.stop();
    },
  };
}

import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Settings } from '../../extension/platform/messages.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { islandOn, islandsOn, pressOn } from './fixtures/islands.ts';
import { sendFrom } from './fixtures/messages.ts';
import { logIn } from './fixtures/session.ts';
import { createApiTokenOnPage, createPersonalTokenOnPage } from './fixtures/unleash-forms.ts';
import { until } from './fixtures/until.ts';

const API_ACCESS = '/admin/api';
const PERSONAL_TOKENS = '/profile/personal-api-tokens';
const PROJECT_ACCESS = '/projects/default/settings/api-access';

const OWN_COPY_BUTTON = '[aria-label="Copy token"] button, button[aria-label="Copy token"]';
const HEADING = '#simple-modal-title';

/** The shortest delay that there is. */
const DELAY_SECONDS = 10;
/** How late a clear may be on a busy machine, in ms. */
const LATE_MS = 15_000;
/** What a page needs for its next frame and a message there and back, in ms, before "nothing happened" means something. */
const SETTLE_MS = 700;

const ALL_ON: Partial<Settings> = {
  clearAfterSeconds: DELAY_SECONDS,
  pageSecureCopy: true,
  pageShownOnce: true,
  pageQuickCreate: true,
};

const settled = () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

describe.each(BOTH_BROWSERS)('in the admin UI of 8.2.0 in $kind', ({ launch }) => {
  const unleash = sharedUnleash();
  let extension: ExtensionBrowser;
  /** A page of the extension, behind the one that is tested. */
  let own: Page;
  let page: Page;
  const errors: string[] = [];
  let counter = 0;

  /** Errors of the page's scripts, ours among them; what it could not load from elsewhere is none of them. */
  function record(watched: Page): void {
    watched.on('pageerror', (error) => errors.push(String(error)));
    watched.on('console', (message) => {
      if (message.type() !== 'error') return;
      if (/Failed to load resource|Cross-Origin|downloadable font/i.test(message.text())) return;
      errors.push(message.text());
    });
  }

  async function newPage(): Promise<void> {
    await page?.close();
    page = await extension.browser.newPage();
    record(page);
  }

  async function open(path: string, settings: Partial<Settings> = ALL_ON): Promise<void> {
    await sendFrom(own, 'settings.write', { ...ALL_ON, ...settings });
    // What the test before copied must not be cleared in the middle of this one.
    await sendFrom(own, 'clipboard.clearNow', {});
    await newPage();
    await page.setViewport({ width: 1400, height: 900 });
    await page.goto(`${unleash.url}${path}`, { waitUntil: 'domcontentloaded' });
    await page.bringToFront();
  }

  const islands = () => islandsOn(own, page);
  /** Without the marks of tokens that other files made on this server. */
  const islandsButMarks = async () =>
    (await islands()).filter(({ part }) => part !== 'expiry-mark');
  const press = (part: string, name: string) => pressOn(own, page, part, name);
  const isDialogOpen = async () => (await page.$(HEADING)) !== null;
  const dialogClosed = () => until('the dialog is closed', async () => !(await isDialogOpen()));

  async function clickText(selector: string, text: string): Promise<void> {
    const handle = await until(`"${text}" is there`, async () => {
      for (const one of await page.$$(selector)) {
        if ((await one.evaluate((node) => node.textContent?.trim())) === text) return one;
      }
      return null;
    });
    await handle.click();
  }

  /** Makes a PAT by Unleash's own form and gives the secret that its dialog then holds. */
  async function createPersonalToken(): Promise<string> {
    counter += 1;
    return createPersonalTokenOnPage(page, `page ${extension.kind} ${counter}`);
  }

  const secretInDialog = () =>
    page.$eval('[role="dialog"] button[aria-label="Copy token"]', (button) =>
      String(button.previousSibling?.textContent),
    );

  async function createApiToken(): Promise<string> {
    counter += 1;
    return createApiTokenOnPage(page, `page-${extension.kind}-${counter}`);
  }

  const isSecretVisible = () =>
    page.$eval(
      '[role="dialog"] button[aria-label="Copy token"]',
      (button) => button.getClientRects().length > 0,
    );

  beforeAll(async () => {
    extension = await launch();
    await logIn(extension, unleash.url, await unleash.login());
    own = await extension.openExtensionPage('extension/options/index.html');
    const added = await sendFrom(own, 'instances.add', { url: unleash.url });
    expect(added).toMatchObject({ ok: true });
    page = await extension.browser.newPage();
    const body = {
      tokenName: `row-${extension.kind}`,
      type: 'client',
      environment: 'development',
      projects: ['*'],
    };
    const made = await fetch(`${unleash.url}/api/admin/api-tokens`, {
      method: 'POST',
      headers: { cookie: await unleash.login(), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(made.status).toBe(201);
  });
  afterAll(() => extension?.close());
  afterEach(() => {
    expect(errors.splice(0)).toEqual([]);
  });

  describe('a token that Unleash copies', () => {
    test('from its dialog is plain text alone, and a notice says when it is cleared', async () => {
      await open('/admin/api/create-token');
      const secret = await createApiToken();
      await page.click('[role="dialog"] button[aria-label="Copy token"]');
      const notice = await islandOn(own, page, 'notice');
      expect(notice.text).toMatch(/Copied as plain text\. Clears in \d+ s\./);
      expect(notice.text).toContain('API token for development');
      expect(notice.text).not.toContain(secret.slice(-20));
      expect(await extension.clipboardTypes()).toEqual(['text/plain']);
      expect(await extension.readClipboard()).toBe(secret);
      await page.bringToFront();
      await press('notice', 'Clear now');
      await islandOn(own, page, 'notice', (one) => one.text.includes('Clipboard cleared'));
      expect(await extension.readClipboard()).toBe('');
      const kept = await sendFrom(own, 'created.list', { instanceId: unleash.url });
      expect(kept).toEqual({ created: [], copy: null });
    });

    test('from a row is plain text alone, its toast still shows, and it is cleared in time', async () => {
      await open(API_ACCESS);
      await page.waitForSelector(OWN_COPY_BUTTON);
      await page.click(OWN_COPY_BUTTON);
      await until('Unleash says that it copied', () =>
        page.$eval('[data-testid="TOAST_LIVE_REGION_TEST_ID"]', (toast) =>
          toast.textContent?.includes('Token copied to clipboard'),
        ),
      );
      expect(await extension.clipboardTypes()).toEqual(['text/plain']);
      expect(await extension.readClipboard()).toMatch(/^\*:development\.[0-9a-f]{56}$/);
      await until(
        'the clipboard is empty',
        async () => (await extension.readClipboard()) === '',
        DELAY_SECONDS * 1000 + LATE_MS,
      );
    });

    test('keeps its colours and fonts on the clipboard where secure copy is switched off', async () => {
      await open(API_ACCESS, { pageSecureCopy: false });
      await page.waitForSelector(OWN_COPY_BUTTON);
      await settled();
      await page.click(OWN_COPY_BUTTON);
      await settled();
      expect(await islandsButMarks()).toMatchObject([{ part: 'quick-create' }]);
      expect(await extension.clipboardTypes()).toContain('text/html');
    });
  });

  test('a token that a person selects and copies is plain text alone', async () => {
    await open('/admin/api/create-token');
    const secret = await createApiToken();
    await page.evaluate(() => {
      const text = document.querySelector(
        '[role="dialog"] button[aria-label="Copy token"]',
      )?.previousSibling;
      if (text) getSelection()?.selectAllChildren(text.parentElement ?? document.body);
    });
    await page.keyboard.down('Control');
    await page.keyboard.press('c');
    await page.keyboard.up('Control');
    await islandOn(own, page, 'notice');
    expect(await extension.clipboardTypes()).toEqual(['text/plain']);
    expect(await extension.readClipboard()).toBe(secret);
  });

  test('anything else that a person copies is left alone, and takes the notice away', async () => {
    await open(API_ACCESS);
    await page.waitForSelector(OWN_COPY_BUTTON);
    await page.click(OWN_COPY_BUTTON);
    await islandOn(own, page, 'notice');
    await page.evaluate(() => {
      const title = document.querySelector('h1');
      if (title) getSelection()?.selectAllChildren(title);
    });
    await page.keyboard.down('Control');
    await page.keyboard.press('c');
    await page.keyboard.up('Control');
    await until('the notice is gone', async () =>
      (await islands()).every((island) => island.part !== 'notice'),
    );
    expect(await extension.readClipboard()).toMatch(/^API access/);
    expect(await extension.clipboardTypes()).toContain('text/html');
  });

  describe('a secret that is shown once', () => {
    test('is covered, and not lost by Esc until it is copied securely', async () => {
      await open(PERSONAL_TOKENS);
      const secret = await createPersonalToken();
      const card = await islandOn(own, page, 'shown-once');
      expect(card.buttons.map((button) => button.name)).toEqual([
        'Copy securely',
        'Send to proxy',
        'Let it go',
      ]);
      expect(card.text).not.toContain(secret.slice(5));
      expect(await isSecretVisible()).toBe(false);

      await page.keyboard.press('Escape');
      await islandOn(own, page, 'shown-once', (one) => one.text.includes('Esc would lose this'));
      await settled();
      expect(await isDialogOpen()).toBe(true);
      expect(await secretInDialog()).toBe(secret);

      await press('shown-once', 'Copy securely');
      await islandOn(own, page, 'shown-once', (one) => /Copied\. Clears in \d+ s\./.test(one.text));
      expect(await extension.readClipboard()).toBe(secret);
      expect(await extension.clipboardTypes()).toEqual(['text/plain']);

      await page.bringToFront();
      await page.keyboard.press('Escape');
      await dialogClosed();
    });

    test('stands under "Just created" when it was copied securely and its tab is closed', async () => {
      await open(PERSONAL_TOKENS);
      const secret = await createPersonalToken();
      await press('shown-once', 'Copy securely');
      await islandOn(own, page, 'shown-once', (one) => one.text.includes('Copied.'));
      await newPage();
      const name = `page ${extension.kind} ${counter}`;
      const token = await until('it is kept under its own name', async () => {
        const { created } = await sendFrom(own, 'created.list', { instanceId: unleash.url });
        return created.find((one) => one.name === name);
      });
      expect(token).toMatchObject({ kind: 'personal', shownOnce: true, sentTo: null });
      const answer = await sendFrom(own, 'created.secret', { id: token.id });
      expect(answer).toMatchObject({ secret });
    });

    test('can be let go: then Esc closes the dialog, and nothing is copied', async () => {
      await open(PERSONAL_TOKENS);
      await extension.copyInOtherTab('mine');
      await page.bringToFront();
      await createPersonalToken();
      await press('shown-once', 'Let it go');
      await islandOn(own, page, 'shown-once', (one) => one.text.includes('Let go.'));
      await page.keyboard.press('Escape');
      await dialogClosed();
      expect(await extension.readClipboard()).toBe('mine');
    });

    test('stays covered with a reason where no proxy can take it', async () => {
      await open(PERSONAL_TOKENS);
      await createPersonalToken();
      await press('shown-once', 'Send to proxy');
      const answered = await islandOn(
        own,
        page,
        'shown-once',
        (one) => !one.text.includes('Esc does not close this'),
      );
      expect(answered.text).toMatch(/proxy/i);
      await page.keyboard.press('Escape');
      await settled();
      expect(await isDialogOpen()).toBe(true);
    });

    test('is closed by Unleash’s own Close at any time', async () => {
      await open(PERSONAL_TOKENS);
      await createPersonalToken();
      await islandOn(own, page, 'shown-once');
      await clickText('[role="dialog"] button', 'Close');
      await dialogClosed();
      await until('the card is gone', async () =>
        (await islands()).every((island) => island.part !== 'shown-once'),
      );
    });

    test('is as Unleash has it where the feature is switched off: Esc loses it', async () => {
      await open(PERSONAL_TOKENS, { pageShownOnce: false });
      const secret = await createPersonalToken();
      await settled();
      expect(await isSecretVisible()).toBe(true);
      await page.click('[role="dialog"] button[aria-label="Copy token"]');
      await islandOn(own, page, 'notice');
      expect(await extension.readClipboard()).toBe(secret);
      await page.bringToFront();
      await page.keyboard.press('Escape');
      await dialogClosed();
    });
  });

  describe('quick create', () => {
    /**
     * What the open form shows, in the popup or in a tab; null while there is none. Firefox's popup is no page for a
     * driver, but another page of the extension may look into it.
     */
    const shownForm = async () =>
      (await own.evaluate(`(() => {
        const views = (globalThis.browser ?? chrome).extension.getViews();
        const form = views.find((view) => view.location.pathname === '/extension/popup/index.html');
        const kind = form?.document.querySelector('input[type=radio]:checked');
        if (!kind) return null;
        const fields = [...form.document.querySelectorAll('input:not([type=radio])')];
        return {
          kind: kind.labels[0].textContent.trim(),
          text: [form.document.body.innerText, ...fields.map((field) => field.value)].join('\\n'),
        };
      })()`)) as { kind: string; text: string } | null;

    const closeForms = () =>
      own.evaluate(`(() => {
        const views = (globalThis.browser ?? chrome).extension.getViews();
        for (const view of views) if (view.location.pathname === '/extension/popup/index.html') view.close();
      })()`);

    const ALL_PROJECTS = 'All current and future projects';

    test.each([
      [API_ACCESS, { kind: 'backend', projects: [], expires: '30' }, 'Backend', 'Default'],
      [PERSONAL_TOKENS, { kind: 'personal' }, 'Personal', 'Description'],
      [PROJECT_ACCESS, { kind: 'backend', projects: ['default'] }, 'Backend', 'Default'],
    ])('on %s opens the form filled in for what is on screen', async (path, form, kind, words) => {
      await open(path);
      await press('quick-create', 'Quick create');
      await until('the form is filled in', async () => {
        const draft = await sendFrom(own, 'draft.read', { instanceId: unleash.url });
        expect(draft).toMatchObject({ tab: 'create', form });
        return true;
      });
      const shown = await until('the form is open', shownForm);
      await closeForms();
      expect(shown.kind).toBe(kind);
      expect(shown.text).toContain(words);
      expect(shown.text).toContain('Create and copy');
      expect(shown.text).not.toContain(ALL_PROJECTS);
    });

    test('stands in line with Unleash’s button, which it does not squeeze', async () => {
      await open(API_ACCESS);
      await islandOn(own, page, 'quick-create');
      const boxes = await page.evaluate(() =>
        ['tokenleash-ui[data-part="quick-create"]', '[data-testid="CREATE_API_TOKEN_BUTTON"]'].map(
          (selector) => {
            const box = document.querySelector(selector)?.getBoundingClientRect();
            return { top: box?.top ?? 0, height: box?.height ?? -1, lines: box?.height ?? 0 };
          },
        ),
      );
      expect(boxes[0]).toEqual(boxes[1]);
    });

    test('comes and goes with the route, without a load of the page', async () => {
      await open(API_ACCESS);
      await islandOn(own, page, 'quick-create');
      await page.evaluate(() => {
        document.body.dataset.marker = 'same load';
      });
      await clickText('a', 'CORS origins');
      await until('the button is gone', async () => (await islands()).length === 0);
      await clickText('a', 'API access');
      await islandOn(own, page, 'quick-create');
      expect(await page.evaluate(() => document.body.dataset.marker)).toBe('same load');
    });

    test('stays away without a word where its anchor is renamed, or where it is switched off', async () => {
      await open(API_ACCESS);
      await islandOn(own, page, 'quick-create');
      await page.evaluate(() => {
        const button = document.querySelector('[data-testid="CREATE_API_TOKEN_BUTTON"]');
        button?.setAttribute('data-testid', 'SOMETHING_ELSE');
        document.body.append(document.createElement('p'));
      });
      await until('the button is gone', async () => (await islandsButMarks()).length === 0);

      await open(API_ACCESS, { pageQuickCreate: false });
      await page.waitForSelector(OWN_COPY_BUTTON);
      await settled();
      expect(await islandsButMarks()).toEqual([]);
    });
  });

  describe('a page that is not as we know it', () => {
    /** Unleash's address, but another page: what any script on it could turn it into. */
    const visit = async (html: string): Promise<void> => {
      await sendFrom(own, 'settings.write', ALL_ON);
      await newPage();
      await page.setRequestInterception(true);
      page.on('request', (request) => {
        if (!request.isNavigationRequest()) return void request.continue();
        return void request.respond({ contentType: 'text/html', body: html });
      });
      await page.goto(`${unleash.url}${API_ACCESS}`);
      await page.bringToFront();
    };
    const button = '<button data-testid="CREATE_API_TOKEN_BUTTON">New API token</button>';
    const marks = '<meta name="baseUriPath" content=""><meta name="uiFlags" content="{}">';

    test('gets nothing of ours where it is no Unleash', async () => {
      await visit(`<!doctype html><body><div id="app">${button}</div></body>`);
      await settled();
      expect(await islands()).toEqual([]);
    });

    test('cannot reach into our button, press it or make up a copy', async () => {
      await sendFrom(own, 'draft.write', {
        instanceId: unleash.url,
        form: {
          kind: 'frontend',
          name: 'untouched',
          projects: ['*'],
          environment: 'development',
          expires: 'never',
          customDate: '',
        },
        tab: 'tokens',
      });
      await visit(`<!doctype html><head>${marks}</head><body><div id="app">${button}</div></body>`);
      await islandOn(own, page, 'quick-create');
      const reached = await page.evaluate(
        (secret) => {
          const host = document.querySelector<HTMLElement>('tokenleash-ui');
          if (!host) throw new Error('no host');
          host.click();
          for (const type of ['pointerdown', 'mousedown', 'mouseup', 'click']) {
            host.dispatchEvent(new MouseEvent(type, { bubbles: true, composed: true }));
          }
          document.body.append(secret);
          getSelection()?.selectAllChildren(document.body);
          const copy = new ClipboardEvent('copy', {
            bubbles: true,
            cancelable: true,
            clipboardData: new DataTransfer(),
          });
          document.body.dispatchEvent(copy);
          return { shadow: host.shadowRoot, text: host.textContent, copy: copy.defaultPrevented };
        },
        `user:${'a'.repeat(56)}`,
      );
      expect(reached).toEqual({ shadow: null, text: '', copy: false });
      await settled();
      const draft = await sendFrom(own, 'draft.read', { instanceId: unleash.url });
      expect(draft).toMatchObject({ tab: 'tokens', form: { name: 'untouched' } });
      expect((await islands()).map((island) => island.part)).toEqual(['quick-create']);
    });

    test('keeps what it hides or paints over from our button: its styles do not get in', async () => {
      await visit(
        `<!doctype html><head>${marks}<style>tokenleash-ui, * { display: none !important; }
          head, head * { display: none !important } html, body, div, button { display: block !important }</style></head>
          <body><div id="app">${button}</div></body>`,
      );
      await islandOn(own, page, 'quick-create');
      expect(await page.$eval('tokenleash-ui', (host) => getComputedStyle(host).display)).not.toBe(
        'none',
      );
    });
  });
});

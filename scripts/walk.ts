/**
 * The main job, walked through as a person would, in a real headless Chromium on a real Unleash: each step prints a
 * line and its time, and throws with what went wrong.
 */
import { createServer } from 'node:http';
import type { Page } from 'puppeteer';
import { type ExtensionBrowser, launchChromium } from '../test/e2e/browsers.ts';
import type { startUnleash } from '../test/real-unleash/index.ts';
import type { ListeningLine, TokenleashCli } from './proxy-process.ts';
import { StepFailed, say, step } from './report.mjs';

export type WalkContext = {
  unleash: Awaited<ReturnType<typeof startUnleash>>;
  cli: TokenleashCli;
  proxy: ListeningLine;
  home: string;
  /** The build with host permissions for localhost: the real prompt cannot be pressed headless. */
  extensionFolder: string;
  /** What must be done however the walk ends, by Ctrl-C too. */
  atEnd(action: () => unknown): void;
};

/** What the walk sets the delay to, s: as short as the settings allow, so that it need not wait for the default of 30. */
const CLEAR_AFTER = 10;

/** How long after its deadline a clipboard may still be full, ms: an alarm may be late on a busy machine. */
const CLEAR_MARGIN_MS = 20_000;

/** Versions whose admin UI the features in `extension/page/` are tested on. */
const ADMIN_UI_COVERED = ['8.2.0'];

const BACKEND_TOKEN = /^[^\s:]+:[^\s:]+\.[0-9a-f]{56}$/;

async function until<T>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<T | null | undefined | false>,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end)
      throw new StepFailed(`Waited ${Math.round(timeoutMs / 1000)} s: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

export async function walk(context: WalkContext): Promise<void> {
  const chromium = await step('Start Chromium with the extension', () =>
    launchChromium({ extension: context.extensionFolder, callerHandlesSignals: true }),
  );
  context.atEnd(() => chromium.close());
  await logInAndAdd(context, chromium);
  await createBackendToken(chromium);
  if (ADMIN_UI_COVERED.includes(context.unleash.version)) {
    await copyInAdminUi(context, chromium);
  } else {
    say(
      `– Left out: copying in Unleash's own admin UI, which is covered on ${ADMIN_UI_COVERED.join(', ')} so far, not on ${context.unleash.version}`,
    );
  }
  await pair(context, chromium);
  await createForProxy(context, chromium);
  await listProjectsFromScript(context);
  await tryFromWebPage(context, chromium);
}

async function logInAndAdd({ unleash }: WalkContext, chromium: ExtensionBrowser): Promise<void> {
  await step('Log in to Unleash in the browser', async () => {
    const page = await chromium.browser.newPage();
    await page.goto(`${unleash.url}/login`);
    await page.locator('#username').fill(unleash.username);
    await page.locator('#password').fill(unleash.password);
    await page.locator('[data-testid="LOGIN_BUTTON"]').click();
    await until('Unleash did not log in', 30_000, () =>
      page.evaluate(
        async (base) => (await fetch(`${base}/api/admin/user`)).status === 200,
        unleash.url,
      ),
    );
  });
  await step('Add the instance on the options page', async () => {
    const options = await chromium.openExtensionPage('extension/options/index.html');
    await options.locator('::-p-aria([name="Unleash URL"][role="textbox"])').fill(unleash.url);
    await options.locator('::-p-aria([name="Add instance"][role="button"])').click();
    await options.locator(`::-p-aria([name="${CLEAR_AFTER} s"][role="radio"])`).click();
    const host = new URL(unleash.url).host;
    await until('the options page does not list the instance', 20_000, () =>
      options.evaluate((text) => document.body.innerText.includes(text), `${host}`),
    );
    await until('the instance was not kept', 20_000, () =>
      options.evaluate(async () => {
        const stored = await chrome.storage.local.get();
        return (
          JSON.stringify(stored).includes('localhost') ||
          JSON.stringify(stored).includes('127.0.0.1')
        );
      }),
    );
    await options.close();
  });
}

async function press(page: Page, role: string, name: string): Promise<void> {
  await page.locator(`::-p-aria([name="${name}"][role="${role}"])`).click();
}

/** The popup shows the form for this kind, its name filled in. */
async function openForm(
  chromium: ExtensionBrowser,
  kind: 'Backend' | 'Personal',
  field: 'Name' | 'Description',
): Promise<Page> {
  const popup = await chromium.openPopup();
  await press(popup, 'tab', 'Create');
  await press(popup, 'radio', kind);
  await popup
    .locator(`::-p-aria([name="${field}"][role="textbox"])`)
    .fill(`walk-${kind.toLowerCase()}-${Date.now().toString(36)}`);
  return popup;
}

async function statusSays(popup: Page, text: string): Promise<void> {
  await until(
    `the popup does not say "${text}". It says: ${(await popup.evaluate(() => document.body.innerText)).slice(0, 600)}`,
    20_000,
    () =>
      popup.evaluate(
        (wanted) =>
          [...document.querySelectorAll('[role=status],[role=alert]')].some((one) =>
            one.textContent?.includes(wanted),
          ),
        text,
      ),
  );
}

async function clipboardEmpties(chromium: ExtensionBrowser): Promise<void> {
  await until(
    'the clipboard was not emptied',
    CLEAR_AFTER * 1000 + CLEAR_MARGIN_MS,
    async () => (await chromium.readClipboard()) === '',
  );
}

async function createBackendToken(chromium: ExtensionBrowser): Promise<void> {
  const popup = await step('Popup: create a backend token with Enter; it is copied', async () => {
    const open = await openForm(chromium, 'Backend', 'Name');
    await open.keyboard.press('Enter');
    await statusSays(open, 'Copied.');
    return open;
  });
  await step('The clipboard holds it, as plain text only', async () => {
    const held = await chromium.readClipboard();
    if (!BACKEND_TOKEN.test(held))
      throw new StepFailed('What is on the clipboard is not a backend token.');
    const types = await chromium.clipboardTypes();
    if (types.join() !== 'text/plain')
      throw new StepFailed(`The clipboard has the formats ${types.join(', ')}.`);
  });
  await step(`The popup closes; after ${CLEAR_AFTER} s the clipboard is empty`, async () => {
    if (!popup.isClosed()) await popup.close();
    await clipboardEmpties(chromium);
  });
}

async function copyInAdminUi({ unleash }: WalkContext, chromium: ExtensionBrowser): Promise<void> {
  await step("Admin UI: a token copied by Unleash's own button is plain text only", async () => {
    const page = await chromium.browser.newPage();
    await page.goto(`${unleash.url}/admin/api`);
    await page.bringToFront();
    await page
      .locator('[aria-label="Copy token"] > button, button[aria-label="Copy token"]')
      .click();
    await until('the clipboard does not hold the token', 10_000, async () =>
      BACKEND_TOKEN.test(await chromium.readClipboard()),
    );
    const types = await chromium.clipboardTypes();
    if (types.join() !== 'text/plain')
      throw new StepFailed(`The clipboard has the formats ${types.join(', ')}.`);
  });
  await step(`After ${CLEAR_AFTER} s the clipboard is empty`, () => clipboardEmpties(chromium));
}

async function pair({ cli }: WalkContext, chromium: ExtensionBrowser): Promise<void> {
  await step('Pair the extension with the proxy by its code', async () => {
    const paired = await cli.run(['pair', '--json']);
    if (paired.code !== 0)
      throw new StepFailed(`tokenleash pair ended with ${paired.code}:\n${paired.stderr}`);
    const { code } = JSON.parse(paired.stdout) as { code: string };
    const popup = await chromium.openPopup();
    await press(popup, 'tab', 'Proxy');
    await popup.locator('::-p-aria([name="Pairing code"][role="textbox"])').fill(code);
    await press(popup, 'button', 'Pair');
    await until('the popup does not show the running proxy', 20_000, () =>
      popup.evaluate(() => /running/i.test(document.body.innerText)),
    );
    await popup.close();
  });
}

async function createForProxy({ cli }: WalkContext, chromium: ExtensionBrowser): Promise<void> {
  await step('Popup: create a personal token and send it to the proxy', async () => {
    const popup = await openForm(chromium, 'Personal', 'Description');
    await popup.keyboard.press('Enter');
    await statusSays(popup, 'Copied.');
    await press(popup, 'button', 'Send to proxy');
    await until('the proxy does not hold it', 20_000, async () => {
      const listed = await cli.run(['profile', 'list', '--json']);
      const profiles = JSON.parse(listed.stdout).profiles as { state: string }[];
      return profiles.some((profile) => profile.state === 'ready');
    });
    await until(
      'the clipboard still holds the token',
      10_000,
      async () => (await chromium.readClipboard()) === '',
    );
    if (!popup.isClosed()) await popup.close();
  });
}

const LIST_PROJECTS = `const answer = await fetch(process.env.UNLEASH_URL + '/api/admin/projects', { headers: { Authorization: process.env.UNLEASH_AUTH_TOKEN } });
const body = await answer.json();
if (answer.status !== 200) { console.error(answer.status, JSON.stringify(body)); process.exit(1); }
console.log(body.projects.map((project) => project.id).join(', '));`;

async function listProjectsFromScript({ cli }: WalkContext): Promise<void> {
  await step(
    'A script with no credential of its own lists projects through the proxy',
    async () => {
      const result = await cli.run([
        'run',
        '--',
        process.execPath,
        '--input-type=module',
        '-e',
        LIST_PROJECTS,
      ]);
      if (result.code !== 0)
        throw new StepFailed(
          `The script ended with ${result.code}:\n${result.stdout}${result.stderr}`,
        );
      if (!/\bdefault\b/.test(result.stdout))
        throw new StepFailed(
          `The script listed "${result.stdout.trim()}", not the project "default".`,
        );
    },
  );
}

async function tryFromWebPage(
  { proxy, cli }: WalkContext,
  chromium: ExtensionBrowser,
): Promise<void> {
  await step('A web page that tries the same is refused', async () => {
    // With a real phantom token in hand: it must be refused for being a web page, not for having no credential.
    const added = await cli.run([
      'client',
      'add',
      `walk-page-${Date.now().toString(36)}`,
      '--json',
    ]);
    const { token } = JSON.parse(added.stdout) as { token: string };
    const site = createServer((_request, response) =>
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><title>a web page</title>'),
    );
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = site.address() as { port: number };
      const page = await chromium.browser.newPage();
      await page.goto(`http://127.0.0.1:${port}/`);
      const codes: string[] = [];
      page.on('response', (response) => {
        const code = response.headers()['x-tokenleash-error'];
        if (code) codes.push(`${response.status()} ${code}`);
      });
      const read = await page.evaluate(
        async (url, authorization) => {
          const tries = [
            fetch(url),
            fetch(url, { headers: { authorization } }),
            fetch(url, { mode: 'no-cors' }),
          ];
          const results = await Promise.allSettled(tries.map(async (one) => (await one).text()));
          return results
            .map((result) => (result.status === 'fulfilled' ? result.value : ''))
            .join('');
        },
        `${proxy.url}/api/admin/projects`,
        token,
      );
      if (read !== '') throw new StepFailed('The page could read an answer of the proxy.');
      await until('the proxy did not say that it refused', 5000, async () =>
        codes.includes('403 browser.refused'),
      );
      if (codes.some((code) => code !== '403 browser.refused'))
        throw new StepFailed(`The proxy answered the page ${codes.join(', ')}.`);
      await page.close();
    } finally {
      site.close();
      site.closeAllConnections();
    }
  });
}

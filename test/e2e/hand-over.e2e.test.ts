import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TokenleashCli, tokenleashCli } from '../../scripts/proxy-process.ts';
import { parseToken } from '../../shared/token/grammar.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { filesHolding } from './fixtures/files-holding.ts';
import { islandOn, pressOn } from './fixtures/islands.ts';
import { sendFrom } from './fixtures/messages.ts';
import { fill, heard, press, pressIfThere, showsText } from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';
import { createPersonalTokenOnPage } from './fixtures/unleash-forms.ts';
import { until } from './fixtures/until.ts';

const PERSONAL_TOKENS = '/profile/personal-api-tokens';
const HEADING = '#simple-modal-title';
const uniqueName = (word: string) => `${word}-${randomBytes(4).toString('hex')}`;

const LIST_PROJECTS = `
  const headers = { authorization: process.env.UNLEASH_AUTH_TOKEN };
  const answer = await fetch(process.env.UNLEASH_URL + '/api/admin/projects', { headers });
  console.log((await answer.json()).projects.map((project) => project.id).join());`;

type RunningProxy = Awaited<ReturnType<TokenleashCli['start']>>;

describe.each(BOTH_BROWSERS)('a hand-over to a real proxy from $kind', ({ launch }) => {
  const unleash = sharedUnleash();
  let extension: ExtensionBrowser;
  let own: Page;
  let home: string;
  let cli: TokenleashCli;
  let proxy: RunningProxy | null = null;
  /** Secrets that went through a test: none of them may lie in a file at its end. */
  const canaries: string[] = [];

  async function profile(name: string, url: string): Promise<void> {
    const words = ['profile', 'add', name, '--url', url, '--token-from', 'browser'];
    const added = await cli.run([...words, '--store', 'sealed-file', '--unattended']);
    expect(added).toMatchObject({ code: 0 });
  }

  const start = async (controlPort = '0') => {
    proxy = await cli.start(['--port', '0', '--control-port', controlPort]);
  };

  async function pair(): Promise<void> {
    const printed = await cli.run(['pair', '--json']);
    const { code } = JSON.parse(printed.stdout) as { code: string };
    const popup = await extension.openPopup();
    await press(popup, 'tab', 'Proxy');
    await fill(popup, 'textbox', 'Pairing code', code);
    await press(popup, 'button', 'Pair');
    await showsText(popup, 'Running');
    await popup.close().catch(() => undefined);
  }

  const stateOf = async (name: string) => {
    const listed = await cli.run(['profile', 'list', '--json']);
    const { profiles } = JSON.parse(listed.stdout) as {
      profiles: { name: string; state: string }[];
    };
    return profiles.find((one) => one.name === name)?.state;
  };

  async function projectsOf(name: string): Promise<string> {
    const script = [process.execPath, '--input-type=module', '-e', LIST_PROJECTS];
    const ran = await cli.run(['run', '--profile', name, '--', ...script]);
    expect(ran).toMatchObject({ code: 0 });
    return ran.stdout;
  }

  /** Makes a PAT in the popup, which is left open, and gives its description. */
  async function createInPopup(): Promise<{ popup: Page; description: string }> {
    const description = uniqueName('hand-over');
    const popup = await extension.openPopup();
    await press(popup, 'tab', 'Create');
    await press(popup, 'radio', 'Personal');
    await fill(popup, 'textbox', 'Description', description);
    await popup.keyboard.press('Enter');
    await heard(popup, 'Copied. Clears in');
    return { popup, description };
  }

  /** Makes a PAT by Unleash's own form; its dialog is left open. */
  async function createOnPage(): Promise<{ page: Page; secret: string; description: string }> {
    const description = uniqueName('on-page');
    const page = await extension.browser.newPage();
    await page.setViewport({ width: 1400, height: 900 });
    await page.goto(`${unleash.url}${PERSONAL_TOKENS}`, { waitUntil: 'domcontentloaded' });
    await page.bringToFront();
    const secret = await createPersonalTokenOnPage(page, description);
    canaries.push(secret);
    return { page, secret, description };
  }

  const kept = async () =>
    (await sendFrom(own, 'created.list', { instanceId: unleash.url })).created;

  async function keptSecret(id: string): Promise<string> {
    const answer = await sendFrom(own, 'created.secret', { id });
    if (!answer.ok) throw new Error(answer.title);
    return answer.secret;
  }

  beforeAll(async () => {
    extension = await launch();
    await logIn(extension, unleash.url, await unleash.login());
    own = await extension.openExtensionPage('extension/options/index.html');
    expect(await sendFrom(own, 'instances.add', { url: unleash.url })).toMatchObject({ ok: true });
    // The tab that is pasted into is open from here on: Chromium closes a popup over which one opens.
    await extension.copyInOtherTab('my own words');
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'tokenleash-hand-over-'));
    cli = tokenleashCli(home);
  });
  afterEach(async () => {
    await proxy?.stop();
    proxy = null;
    await sendFrom(own, 'proxy.unpair', {});
    await sendFrom(own, 'clipboard.clearNow', {});
    for (const { id } of await kept()) await sendFrom(own, 'created.dismiss', { id });
    for (const secret of canaries.splice(0)) {
      expect(await filesHolding(home, secret), 'files of the proxy').toEqual([]);
    }
    await rm(home, { recursive: true, force: true, maxRetries: 20 });
  });
  afterAll(() => extension?.close());

  test('in the popup empties the clipboard at once, and a script with no credential lists projects', async () => {
    await profile('work', unleash.url);
    await start();
    await pair();
    const { popup } = await createInPopup();
    const copied = await extension.readClipboard();
    canaries.push(copied);
    expect(parseToken(copied)).toMatchObject({ kind: 'personal' });
    await popup.bringToFront();
    await press(popup, 'button', 'Send to proxy');
    await showsText(popup, 'In the proxy, profile work');
    expect(await extension.readClipboard()).toBe('');
    expect(await stateOf('work')).toBe('ready');
    expect(await projectsOf('work')).toContain('default');
    expect(await kept()).toMatchObject([{ sentTo: 'work' }]);
    await popup.close().catch(() => undefined);
  });

  test('in the dialog that shows a token once leaves the clipboard alone, and Esc closes the dialog', async () => {
    await profile('work', unleash.url);
    await start();
    await pair();
    await extension.copyInOtherTab('my own words');
    const { page } = await createOnPage();
    await pressOn(own, page, 'shown-once', 'Send to proxy');
    const sent = await islandOn(own, page, 'shown-once', (one) => /Sent to/.test(one.text));
    expect(sent.text).toContain('Sent to profile work. Esc closes this now.');
    expect(await stateOf('work')).toBe('ready');
    expect(await projectsOf('work')).toContain('default');
    expect(await extension.readClipboard()).toBe('my own words');
    await page.bringToFront();
    await page.keyboard.press('Escape');
    await until('the dialog is closed', async () => (await page.$(HEADING)) === null);
    await page.close();
  });

  test('that no proxy is there for leaves the token where it was, to be sent when one is', async () => {
    await profile('work', unleash.url);
    await start();
    await pair();
    await proxy?.stop();
    const { popup, description } = await createInPopup();
    const copied = await extension.readClipboard();
    canaries.push(copied);
    await popup.bringToFront();
    await press(popup, 'button', 'Send to proxy');
    await showsText(popup, 'The proxy cannot be reached');
    expect(await extension.readClipboard()).toBe(copied);
    const [token] = await kept();
    expect(token).toMatchObject({ name: description, sentTo: null });
    expect(await keptSecret(token?.id ?? '')).toBe(copied);
    await popup.close().catch(() => undefined);
    const again = await extension.openPopup();
    await showsText(again, 'Just created');
    await showsText(again, description);
    await again.close().catch(() => undefined);
    expect(await stateOf('work')).not.toBe('ready');

    const { page, secret, description: onPage } = await createOnPage();
    await pressOn(own, page, 'shown-once', 'Send to proxy');
    await islandOn(own, page, 'shown-once', (one) => /cannot be reached/.test(one.text));
    await page.close();
    const late = await until('the token of the page is kept', async () =>
      (await kept()).find(({ name }) => name === onPage),
    );
    expect(await keptSecret(late.id)).toBe(secret);

    await start(new URL(proxy?.control ?? '').port);
    const sender = await extension.openPopup();
    // Two are to be sent, one after the other: the button of one that is on its way goes at any moment.
    await until(`${description} has gone`, async () => {
      await pressIfThere(sender, 'button', 'Send to proxy');
      return (await kept()).every(({ sentTo }) => sentTo === 'work');
    });
    expect(await stateOf('work')).toBe('ready');
    await sender.close().catch(() => undefined);
  });

  test('to a proxy without a profile for this Unleash offers to make one, and it goes there', async () => {
    await profile('elsewhere', 'http://127.0.0.1:9');
    await start();
    await pair();
    const { popup, description } = await createInPopup();
    canaries.push(await extension.readClipboard());
    await popup.bringToFront();
    await press(popup, 'button', 'Send to proxy');
    await showsText(popup, 'The proxy has no profile for this Unleash');
    await press(popup, 'button', 'Make profile local');
    await showsText(popup, 'In the proxy, profile local');
    expect(await stateOf('local')).toBe('ready');
    expect(await projectsOf('local')).toContain('default');
    expect(await kept()).toMatchObject([{ name: description, sentTo: 'local' }]);
    await popup.close().catch(() => undefined);
  });
});

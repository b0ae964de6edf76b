import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TokenleashCli, tokenleashCli } from '../../scripts/proxy-process.ts';
import { PAT_LIMIT } from '../../shared/unleash/pats.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { sendFrom } from './fixtures/messages.ts';
import {
  accessibilityProblems,
  fill,
  heard,
  part,
  press,
  showsText,
  textOf,
  typedIn,
} from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';

const NEW_PAT = 'New PAT for the proxy';

const LIST_PROJECTS = `
  const headers = { authorization: process.env.UNLEASH_AUTH_TOKEN };
  const answer = await fetch(process.env.UNLEASH_URL + '/api/admin/projects', { headers });
  console.log((await answer.json()).projects.map((project) => project.id).join());`;

type Profile = { name: string; state: string };

describe.each(BOTH_BROWSERS)('the Proxy tab in $kind', ({ kind, launch }) => {
  const unleash = sharedUnleash();
  let cookie: string;
  let extension: ExtensionBrowser;
  let own: Page;
  let popup: Page;
  let home: string;
  let cli: TokenleashCli;
  let proxy: Awaited<ReturnType<TokenleashCli['start']>> | null = null;

  async function profile(name: string, url: string): Promise<void> {
    const words = ['profile', 'add', name, '--url', url, '--token-from', 'browser'];
    const added = await cli.run([...words, '--store', 'sealed-file', '--unattended']);
    expect(added).toMatchObject({ code: 0 });
  }

  /** A running proxy, paired, with its tab open. */
  async function pair(): Promise<void> {
    proxy = await cli.start(['--port', '0', '--control-port', '0']);
    const printed = await cli.run(['pair', '--json']);
    const { code } = JSON.parse(printed.stdout) as { code: string };
    popup = await extension.openPopup();
    await press(popup, 'tab', 'Proxy');
    await fill(popup, 'textbox', 'Pairing code', code);
    await press(popup, 'button', 'Pair');
    await showsText(popup, 'Running');
  }

  const profiles = async () =>
    (JSON.parse((await cli.run(['profile', 'list', '--json'])).stdout) as { profiles: Profile[] })
      .profiles;

  async function pats(): Promise<{ id: number; description: string }[]> {
    const answer = await fetch(`${unleash.url}/api/admin/user/tokens`, { headers: { cookie } });
    return ((await answer.json()) as { pats: { id: number; description: string }[] }).pats;
  }

  beforeAll(async () => {
    cookie = await unleash.login();
    extension = await launch();
    await logIn(extension, unleash.url, cookie);
    own = await extension.openExtensionPage('extension/options/index.html');
    expect(await sendFrom(own, 'instances.add', { url: unleash.url })).toMatchObject({ ok: true });
    await extension.copyInOtherTab('my own words');
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'tokenleash-proxy-tab-'));
    cli = tokenleashCli(home);
  });
  afterEach(async () => {
    await popup?.close().catch(() => undefined);
    await proxy?.stop();
    proxy = null;
    await sendFrom(own, 'proxy.unpair', {});
    const { created } = await sendFrom(own, 'created.list', { instanceId: unleash.url });
    for (const { id } of created) await sendFrom(own, 'created.dismiss', { id });
    for (const { id } of await pats()) {
      await fetch(`${unleash.url}/api/admin/user/tokens/${id}`, {
        method: 'DELETE',
        headers: { cookie },
      });
    }
    await rm(home, { recursive: true, force: true, maxRetries: 20 });
  });
  afterAll(() => extension?.close());

  test('makes a PAT for the proxy in one click: unseen, uncopied, and a script works with it', async () => {
    await profile('work', unleash.url);
    await pair();
    await press(popup, 'button', NEW_PAT);
    await heard(popup, 'In the proxy, profile work.');
    expect(await popup.evaluate(() => document.documentElement.outerHTML)).not.toMatch(
      /user:[0-9a-f]{8}/,
    );
    expect(await accessibilityProblems(popup)).toEqual([]);
    const browser = kind === 'chromium' ? 'Chromium' : 'Firefox';
    const [first] = await pats();
    expect(first?.description).toMatch(
      new RegExp(`^Tokenleash proxy on ${browser}, \\d{4}-\\d\\d-\\d\\d$`),
    );
    expect(await profiles()).toMatchObject([{ name: 'work', state: 'ready' }]);
    const script = [process.execPath, '--input-type=module', '-e', LIST_PROJECTS];
    expect(await cli.run(['run', '--', ...script])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('default'),
    });

    await press(popup, 'button', NEW_PAT);
    await showsText(popup, 'The one before is still good in Unleash');
    expect((await pats()).map(({ description }) => description).sort()).toEqual([
      first?.description,
      `${first?.description}-2`,
    ]);
    const { created } = await sendFrom(own, 'created.list', { instanceId: unleash.url });
    expect(created).toMatchObject([{ sentTo: 'work' }, { sentTo: 'work' }]);
    for (const { id } of created)
      expect(await sendFrom(own, 'created.secret', { id })).toMatchObject({ ok: false });
    expect(await extension.readClipboard()).toBe('my own words');
  });

  test('makes no PAT while no profile fits, until it was told to make one', async () => {
    await profile('elsewhere', 'http://127.0.0.1:9');
    await pair();
    await press(popup, 'button', NEW_PAT);
    await heard(popup, 'The proxy has no profile for this Unleash');
    expect(await pats()).toEqual([]);
    await press(popup, 'button', 'Make profile local');
    await showsText(popup, 'In the proxy, profile local');
    expect(await pats()).toHaveLength(1);
    expect(await profiles()).toContainEqual(
      expect.objectContaining({ name: 'local', state: 'ready' }),
    );
  });

  test('says that no slot is left, and leads to the tokens', async () => {
    await profile('work', unleash.url);
    for (let count = 0; count < PAT_LIMIT; count += 1) await unleash.createPat(`full-${count}`);
    await pair();
    await press(popup, 'button', NEW_PAT);
    await showsText(popup, 'You have 10 personal tokens, and no more are allowed');
    await press(popup, 'button', 'See your personal tokens');
    await showsText(popup, 'full-9');
  });

  test('switches the proxy’s profile by keyboard, and the command line agrees', async () => {
    await profile('work', unleash.url);
    await profile('lab', 'http://127.0.0.1:9');
    await pair();
    expect(await typedIn(popup, 'combobox', 'Profile')).toBe('work');
    await (await part(popup, 'combobox', 'Profile')).focus();
    await popup.keyboard.press('ArrowDown');
    await popup.keyboard.press('ArrowDown');
    await popup.keyboard.press('Enter');
    await heard(popup, 'Profile lab is the current one.');
    expect(await typedIn(popup, 'combobox', 'Profile')).toBe('lab');
    const status = await cli.run(['status', '--json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ profile: 'lab' });
    expect(await readFile(join(home, 'config/config.yaml'), 'utf8')).toContain('current: lab');
    // It is the other profile that has this Unleash, and that one gets the token.
    expect(await textOf(popup)).toContain('for profile work');
    expect(await accessibilityProblems(popup)).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import { type ExtensionBrowser, launchChromium, launchFirefox } from './browsers.ts';
import { builtExtension } from './fixtures/both-browsers.ts';
import { sendFrom } from './fixtures/messages.ts';
import { logIn } from './fixtures/session.ts';
import { until } from './fixtures/until.ts';
import { withPermission } from './fixtures/with-permission.ts';

/** What the clear and the alarm behind it may take on a busy machine beyond the 10 s, in ms. */
const LATE_MS = 8_000;

describe.each([
  ['chromium', launchChromium],
  ['firefox', launchFirefox],
] as const)('with clipboardRead granted in %s', (kind, launch) => {
  const unleash = sharedUnleash();
  let extension: ExtensionBrowser;
  let build: Awaited<ReturnType<typeof withPermission>>;

  async function createAndLeave(name: string): Promise<void> {
    const page = await extension.openExtensionPage('extension/options/index.html');
    const answer = await sendFrom(page, 'token.create', {
      instanceId: unleash.url,
      token: { kind: 'personal', name, projects: [], environment: '', expiresAt: null },
    });
    expect(answer).toMatchObject({ ok: true, copy: { blind: false, delaySeconds: 10 } });
    await page.close();
  }

  beforeAll(async () => {
    build = await withPermission(builtExtension(kind), 'clipboardRead');
    extension = await launch({ extension: build.folder });
    await logIn(extension, unleash.url, await unleash.login());
    const page = await extension.openExtensionPage('extension/options/index.html');
    expect(await sendFrom(page, 'instances.add', { url: unleash.url })).toMatchObject({ ok: true });
    await sendFrom(page, 'settings.write', { clearAfterSeconds: 10 });
    await page.close();
  });
  afterAll(async () => {
    await extension?.close();
    await build.remove();
  });

  test('the token is cleared', async () => {
    await createAndLeave('cleared');
    expect(await extension.readClipboard()).toMatch(/^user:[0-9a-f]{56}$/);
    await extension.killWorker();
    await until(
      'the clipboard is empty',
      async () => (await extension.readClipboard()) === '',
      10_000 + LATE_MS,
    );
  });

  test('what the user copied in between stays', async () => {
    await createAndLeave('kept');
    await extension.copyInOtherTab('my own words');
    await extension.killWorker();
    await new Promise((resolve) => setTimeout(resolve, 10_000 + LATE_MS));
    expect(await extension.readClipboard()).toBe('my own words');
    const page = await extension.openExtensionPage('extension/options/index.html');
    expect(await sendFrom(page, 'clipboard.state', {})).toEqual({ copy: null, notice: null });
    await page.close();
  });

  test('the next start sees that the token is gone, and says nothing', async () => {
    await createAndLeave('restart');
    // A headless browser's clipboard ends with it.
    const { profileDir } = extension;
    await extension.close({ keepProfile: true });
    extension = await launch({ extension: build.folder, profileDir });
    const page = await extension.openExtensionPage('extension/options/index.html');
    await until('the background has looked', async () => {
      const answer = await page.evaluate(
        `(globalThis.browser ?? chrome).storage.local.get('clipboard').then(JSON.stringify)`,
      );
      return answer === '{}';
    });
    expect(await sendFrom(page, 'clipboard.state', {})).toEqual({ copy: null, notice: null });
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreateAnswer, CreateRequest } from '../../extension/platform/messages.ts';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { filesHolding } from './fixtures/files-holding.ts';
import { sendFrom } from './fixtures/messages.ts';
import { press, showsText } from './fixtures/popup-driver.ts';
import { logIn } from './fixtures/session.ts';
import { until } from './fixtures/until.ts';

const OPTIONS = 'extension/options/index.html';

/** The shortest delay that there is. */
const DELAY_SECONDS = 10;
/** How late a clear may be on a busy machine, in ms; Firefox's alarms came up to 3.5 s late. */
const LATE_MS = 15_000;

const backend = (name: string): CreateRequest => ({
  kind: 'backend',
  name,
  projects: ['*'],
  environment: 'development',
  expiresAt: null,
});

const personal = (name: string): CreateRequest => ({ ...backend(name), kind: 'personal' });

function made(answer: CreateAnswer): Extract<CreateAnswer, { ok: true }> {
  if (!answer.ok) throw new Error(`${answer.title}. ${answer.message}`);
  return answer;
}

describe.each(BOTH_BROWSERS)('the clipboard in $kind', ({ kind, launch }) => {
  const unleash = sharedUnleash();
  let extension: ExtensionBrowser;

  async function asPage<T>(
    act: (
      send: Send,
      page: Awaited<ReturnType<ExtensionBrowser['openExtensionPage']>>,
    ) => Promise<T>,
  ): Promise<T> {
    const page = await extension.openExtensionPage(OPTIONS);
    try {
      return await act((name, request) => sendFrom(page, name, request), page);
    } finally {
      await page.close();
    }
  }
  type Send = <N extends Parameters<typeof sendFrom>[1]>(
    name: N,
    request: Parameters<typeof sendFrom<N>>[2],
  ) => ReturnType<typeof sendFrom<N>>;

  async function prepare(): Promise<void> {
    await logIn(extension, unleash.url, await unleash.login());
    await asPage(async (send) => {
      const added = await send('instances.add', { url: `${unleash.url}/projects/default` });
      expect(added).toMatchObject({ ok: true, loggedIn: true, version: '8.2.0' });
      await send('settings.write', { clearAfterSeconds: DELAY_SECONDS });
    });
  }

  const create = (token: CreateRequest) =>
    asPage(async (send) => made(await send('token.create', { instanceId: unleash.url, token })));

  const secretOf = (id: string) =>
    asPage(async (send) => {
      const answer = await send('created.secret', { id });
      if (!answer.ok) throw new Error(answer.title);
      return answer.secret;
    });

  const cleared = () =>
    until(
      'the clipboard is empty',
      async () => (await extension.readClipboard()) === '',
      DELAY_SECONDS * 1000 + LATE_MS,
    );

  beforeAll(async () => {
    extension = await launch();
    await prepare();
  });
  afterAll(() => extension.close());

  test('holds a created token as plain text alone, and is emptied with every page closed and the background dead', async () => {
    const { created, copy } = await create(backend('clears'));
    expect(copy).toMatchObject({ delaySeconds: DELAY_SECONDS, blind: true, createdId: created.id });
    const copied = await extension.readClipboard();
    expect(copied).toMatch(/^\*:development\.[0-9a-f]{56}$/);
    expect(await extension.clipboardTypes()).toEqual(['text/plain']);
    expect(copied).toBe(await secretOf(created.id));
    await extension.killWorker();
    await cleared();
    const state = await asPage((send) => send('clipboard.state', {}));
    expect(state).toEqual({ copy: null, notice: null });
  });

  test('counts from the second of two copies', async () => {
    await create(backend('first'));
    const { created, copy } = await create(personal('second'));
    const copied = await extension.readClipboard();
    expect(copied).toBe(await secretOf(created.id));
    await cleared();
    expect(Date.now()).toBeGreaterThanOrEqual(copy?.clearsAt ?? Number.POSITIVE_INFINITY);
  });

  test('keeps what the user copied after the token was cleared', async () => {
    await create(backend('then-own'));
    await cleared();
    await extension.copyInOtherTab('my own words');
    // Beyond the alarm that stands behind the timer.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(await extension.readClipboard()).toBe('my own words');
  });

  test('has nothing secret in storage.local, and keeps a created secret in memory', async () => {
    const { created } = await create(personal('stored'));
    const secret = await secretOf(created.id);
    const [local, session] = await asPage(async (_, page) =>
      Promise.all(
        ['local', 'session'].map(
          async (area) =>
            (await page.evaluate(
              `(globalThis.browser ?? chrome).storage.${area}.get(null).then(JSON.stringify)`,
            )) as string,
        ),
      ),
    );
    expect(local).toContain(unleash.url);
    expect(local).not.toContain(secret.slice(5));
    expect(local).not.toContain('user:');
    expect(session).toContain(secret);
    await asPage((send) => send('clipboard.clearNow', {}));
    expect(await extension.readClipboard()).toBe('');
  });

  test('says once after a restart that a token may still be there, and leaves no secret on disk', async () => {
    const { created } = await create(personal('canary'));
    const secret = await secretOf(created.id);
    const { profileDir } = extension;
    await extension.close({ keepProfile: true });
    expect(await filesHolding(profileDir, secret)).toEqual([]);
    extension = await launch({ profileDir });
    const left = await asPage((send) => send('clipboard.state', {}));
    expect(left.copy).toBeNull();
    expect(left.notice).toContain('A token may still be there');
    await extension.copyInOtherTab('a token, for all we know');
    const popup = await extension.openPopup();
    await showsText(popup, 'A token may still be there');
    await press(popup, 'button', 'Clear now');
    await showsText(popup, 'Clipboard cleared');
    expect(await extension.readClipboard()).toBe('');
    await popup.close().catch(() => undefined);
    const answer = await asPage((send) => send('clipboard.state', {}));
    expect(answer).toEqual({ copy: null, notice: null });
    const kept = await asPage((send) => send('created.list', { instanceId: unleash.url }));
    expect(kept.created).toEqual([]);
    expect(kind).toBe(extension.kind);
  });
});

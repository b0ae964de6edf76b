import { describe, expect, test, vi } from 'vitest';
import { createRouter, type Handlers } from '../../extension/background/message-router.ts';
import { MESSAGES } from '../../extension/background/message-shapes.ts';
import { type Sender, whoSent } from '../../extension/platform/sender.ts';

const SELF = { id: 'abc', origin: 'chrome-extension://abc' };
const UNLEASH = 'https://unleash.example.com';
const EXTENSION: Sender = { from: 'extension' };
const pageOf = (origin: string): Sender => ({
  from: 'page',
  origin,
  url: `${origin}/`,
  tabId: 1,
  session: 'normal',
});

function setUp(handler: () => Promise<unknown> = async () => ({ ok: true })) {
  const handle = vi.fn(handler);
  const handlers = Object.fromEntries(
    Object.keys(MESSAGES).map((name) => [name, handle]),
  ) as unknown as Handlers;
  const route = createRouter({
    handlers,
    isInstanceOrigin: async (origin) => origin === UNLEASH,
  });
  const send = (name: string, request: unknown, sender: Sender) =>
    route({ to: 'background', name: name as never, request }, sender);
  return { send, handle };
}

describe('who sent a message', () => {
  test.each([
    [
      'the popup',
      { id: 'abc', origin: SELF.origin, url: `${SELF.origin}/popup.html` },
      'extension',
    ],
    [
      'the options page in a tab',
      { id: 'abc', origin: SELF.origin, url: SELF.origin, frameId: 0, tab: { id: 1 } },
      'extension',
    ],
    [
      'a page of ours in a frame of somebody else',
      { id: 'abc', origin: SELF.origin, url: SELF.origin, frameId: 3, tab: { id: 1 } },
      'stranger',
    ],
    ['another extension', { id: 'xyz', origin: 'chrome-extension://xyz' }, 'stranger'],
    ['another extension under our origin', { id: 'xyz', origin: SELF.origin }, 'stranger'],
    ['a content script', { id: 'abc', origin: UNLEASH, frameId: 0, tab: { id: 1 } }, 'page'],
    [
      'a content script in a frame',
      { id: 'abc', origin: UNLEASH, frameId: 2, tab: {} },
      'stranger',
    ],
    ['a sandboxed page', { id: 'abc', origin: 'null', frameId: 0, tab: { id: 1 } }, 'stranger'],
    ['nobody in particular', { id: 'abc' }, 'stranger'],
    [
      'a content script of a browser without origin',
      { id: 'abc', url: `${UNLEASH}/features`, frameId: 0, tab: { id: 1 } },
      'page',
    ],
  ])('%s', (_, sender, from) => {
    expect(whoSent(sender, SELF).from).toBe(from);
  });
});

describe('whose cookies the page of a content script has', () => {
  test.each([
    [{ id: 1, incognito: false }, 'normal'],
    [{ id: 1, incognito: false, cookieStoreId: 'firefox-default' }, 'normal'],
    [{ id: 1, incognito: true }, 'private'],
    [{ id: 1, incognito: true, cookieStoreId: 'firefox-private' }, 'private'],
    [{ id: 1, incognito: false, cookieStoreId: 'firefox-container-2' }, 'container'],
  ])('in a tab like %j: those of a %s one', (tab, session) => {
    expect(whoSent({ id: 'abc', origin: UNLEASH, frameId: 0, tab }, SELF)).toMatchObject({
      session,
    });
  });
});

describe('the message router', () => {
  const byTier = (tier: string) =>
    Object.entries(MESSAGES)
      .filter(([, message]) => message.tier === tier)
      .map(([name]) => name);

  test('names exactly these messages for pages', () => {
    expect(byTier('page')).toEqual([
      'page.begin',
      'page.settings',
      'page.load',
      'page.tokenEnds',
      'page.copied',
      'page.copySecret',
      'page.copyEnd',
      'page.clearNow',
      'page.secretShown',
      'page.sendSecret',
      'page.quickCreate',
    ]);
  });

  test.each(byTier('internal'))('refuses %s from the page of an instance', async (name) => {
    const { send, handle } = setUp();
    for (const request of [{}, { id: 'x' }, { instanceId: 'x' }, { url: UNLEASH }]) {
      await expect(send(name, request, pageOf(UNLEASH))).rejects.toThrow('refused');
    }
    expect(handle).not.toHaveBeenCalled();
  });

  test('takes a page message from an instance, and from no other origin', async () => {
    const { send, handle } = setUp();
    await send('page.settings', {}, pageOf(UNLEASH));
    expect(handle).toHaveBeenCalledTimes(1);
    for (const origin of [
      'https://evil.example.com',
      `${UNLEASH}.evil.com`,
      'http://unleash.example.com',
    ]) {
      await expect(send('page.settings', {}, pageOf(origin))).rejects.toThrow('refused');
    }
    expect(handle).toHaveBeenCalledTimes(1);
  });

  test('refuses strangers before it looks at what they say', async () => {
    const { send } = setUp();
    const request = new Proxy({}, { get: () => expect.unreachable('looked at the request') });
    await expect(send('settings.read', request, { from: 'stranger' })).rejects.toThrow('refused');
  });

  test.each(['nonsense', 'toString', '__proto__', 'constructor', ''])(
    'refuses the unknown message "%s"',
    async (name) => {
      const { send } = setUp();
      await expect(send(name, {}, EXTENSION)).rejects.toThrow('refused');
    },
  );

  test.each([
    ['settings.read', { more: 1 }],
    ['settings.write', { clearAfterSeconds: 15 }],
    ['settings.write', { unknown: true }],
    ['created.secret', {}],
    ['created.secret', { id: 7 }],
    ['token.create', { instanceId: 'x', token: { kind: 'root' } }],
    ['page.copied', { secret: 'x'.repeat(10_001) }],
    ['page.copied', null],
  ])('refuses %s out of shape', async (name, request) => {
    const { send, handle } = setUp();
    await expect(send(name, request, EXTENSION)).rejects.toThrow('refused');
    expect(handle).not.toHaveBeenCalled();
  });

  test('lets no error of a handler out, with what it had in hand', async () => {
    const secret = `user:${'d'.repeat(56)}`;
    const { send } = setUp(async () => {
      throw new Error(secret);
    });
    await expect(send('settings.read', {}, EXTENSION)).rejects.toThrow(
      /^Tokenleash could not do this\.$/,
    );
  });
});

import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedUnleash } from '../real-unleash/shared.ts';
import type { ExtensionBrowser } from './browsers.ts';
import { BOTH_BROWSERS } from './fixtures/both-browsers.ts';
import { islandOn, islandsOn, pressOn } from './fixtures/islands.ts';
import { sendFrom } from './fixtures/messages.ts';
import { logIn } from './fixtures/session.ts';
import { createPersonalTokenOnPage } from './fixtures/unleash-forms.ts';
import { until } from './fixtures/until.ts';

const API_ACCESS = '/admin/api';

/**
 * What a script could do that got into the admin UI by some XSS: in place before anything else runs, it writes down all
 * that passes through whatever it can put a hand on, in this page and from other scripts of it.
 */
function spy(): void {
  const seen: string[] = [];
  // Before it is wrapped itself.
  const { stringify } = JSON;
  const note = (...values: unknown[]) => {
    for (const value of values) {
      try {
        seen.push(typeof value === 'object' ? stringify(value) : String(value));
      } catch {
        seen.push(String(value));
      }
    }
  };
  Object.assign(window, { seen });
  const wrap = (owner: object, name: string) => {
    const before = (owner as Record<string, unknown>)[name];
    if (typeof before !== 'function') return;
    Object.defineProperty(owner, name, {
      configurable: true,
      writable: true,
      value(this: unknown, ...rest: unknown[]) {
        note(name, ...rest);
        const answer = before.apply(this, rest);
        if (typeof answer === 'string') note(answer);
        return answer;
      },
    });
  };
  wrap(Element.prototype, 'attachShadow');
  wrap(Element.prototype, 'setAttribute');
  wrap(Element.prototype, 'append');
  wrap(Node.prototype, 'appendChild');
  wrap(Document.prototype, 'execCommand');
  wrap(DataTransfer.prototype, 'setData');
  wrap(Clipboard.prototype, 'writeText');
  wrap(Clipboard.prototype, 'write');
  wrap(EventTarget.prototype, 'dispatchEvent');
  wrap(Window.prototype, 'postMessage');
  wrap(Storage.prototype, 'setItem');
  wrap(JSON, 'parse');
  wrap(Range.prototype, 'toString');
  for (const type of ['message', 'copy', 'keydown', 'click']) {
    window.addEventListener(type, (event) => note(type, (event as MessageEvent).data), true);
  }
  // A picture that did not load is an error event too, without a message.
  window.addEventListener('error', ({ message }) => message && note(`script error: ${message}`));
  window.addEventListener('unhandledrejection', ({ reason }) => note(`script error: ${reason}`));
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes)
        if (node instanceof Element && node.localName.includes('-')) note(node.outerHTML);
        else if (node instanceof Text) note(node.data);
      if (change.attributeName !== null) note((change.target as Element).outerHTML);
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

/** What it could try to make the extension do, without a person. Gives what it reached. */
function attack(names: string[]): { shadows: unknown[]; runtime: string } {
  const { runtime } =
    (globalThis as { chrome?: { runtime?: { sendMessage?: unknown } } }).chrome ?? {};
  for (const name of names) {
    const envelope = { to: 'background', name, request: {} };
    window.postMessage(envelope, '*');
    window.dispatchEvent(new MessageEvent('message', { data: envelope }));
    document.dispatchEvent(new CustomEvent(name, { detail: envelope }));
  }
  const hosts = [...document.querySelectorAll<HTMLElement>('tokenleash-ui')];
  for (const host of [...hosts, document.body]) {
    host.click();
    for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click', 'focus']) {
      host.dispatchEvent(new MouseEvent(type, { bubbles: true, composed: true, cancelable: true }));
    }
    for (const key of ['t', '1', 'Enter', ' ']) {
      const code = key === '1' ? 'Digit1' : key;
      host.dispatchEvent(
        new KeyboardEvent('keydown', { key, code, bubbles: true, composed: true }),
      );
    }
  }
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', `user:${'a'.repeat(56)}`);
  document.body.dispatchEvent(new ClipboardEvent('copy', { bubbles: true, clipboardData }));
  return { shadows: hosts.map((host) => host.shadowRoot), runtime: typeof runtime?.sendMessage };
}

describe.each(BOTH_BROWSERS)('a hostile script in the admin UI in $kind', ({ launch, kind }) => {
  const unleash = sharedUnleash();
  let extension: ExtensionBrowser;
  let own: Page;
  let page: Page;
  /** The same server by another name: an instance of its own, of which this page must hear nothing. */
  const elsewhere = unleash.url.replace('127.0.0.1', 'localhost');
  let secret = '';

  const draft = {
    kind: 'frontend',
    name: 'untouched',
    projects: ['*'],
    environment: 'development',
    expires: 'never',
    customDate: '',
  } as const;
  const untouched = async () => {
    const { form, tab } = await sendFrom(own, 'draft.read', { instanceId: unleash.url });
    expect({ tab, name: form?.name }).toEqual({ tab: 'tokens', name: 'untouched' });
  };
  const seen = () => page.evaluate(() => (window as unknown as { seen: string[] }).seen.join('\n'));

  async function open(path: string): Promise<void> {
    await page?.close();
    page = await extension.browser.newPage();
    await page.setViewport({ width: 1400, height: 900 });
    await page.evaluateOnNewDocument(spy);
    await page.goto(`${unleash.url}${path}`, { waitUntil: 'domcontentloaded' });
    await page.bringToFront();
  }

  async function countTokens(): Promise<number> {
    const headers = { cookie: await unleash.login() };
    const lists = ['/api/admin/api-tokens', '/api/admin/user/tokens'];
    const answers = await Promise.all(
      lists.map(async (path) => (await fetch(unleash.url + path, { headers })).json()),
    );
    return answers[0].tokens.length + answers[1].pats.length;
  }

  beforeAll(async () => {
    extension = await launch();
    await logIn(extension, unleash.url, await unleash.login());
    own = await extension.openExtensionPage('extension/options/index.html');
    for (const url of [elsewhere, unleash.url]) {
      expect(await sendFrom(own, 'instances.add', { url })).toMatchObject({ ok: true });
    }
    const made = await sendFrom(own, 'token.create', {
      instanceId: unleash.url,
      token: {
        kind: 'personal',
        name: `hostile ${kind}`,
        projects: [],
        environment: '',
        expiresAt: null,
      },
    });
    if (!made.ok) throw new Error(made.message);
    const kept = await sendFrom(own, 'created.secret', { id: made.created.id });
    if (!kept.ok) throw new Error(kept.message);
    secret = kept.secret;
    await sendFrom(own, 'clipboard.clearNow', {});
    await sendFrom(own, 'draft.write', {
      instanceId: unleash.url,
      form: { ...draft, projects: ['*'] },
      tab: 'tokens',
    });
  });
  afterAll(() => extension?.close());

  test('learns no secret of ours and no other instance, and makes nothing happen', async () => {
    const before = await countTokens();
    await extension.copyInOtherTab('mine');
    await open(API_ACCESS);
    await islandOn(own, page, 'quick-create');
    const names = [
      'created.list',
      'created.secret',
      'created.copy',
      'token.create',
      'instances.list',
      'page.copied',
      'page.quickCreate',
      'page.tokenEnds',
      'page.load',
    ];
    const reached = await page.evaluate(attack, names);
    expect(reached.shadows.every((root) => root === null)).toBe(true);
    expect(reached.runtime).toBe('undefined');
    // A message from the page to the background and back is past by then.
    await page.reload({ waitUntil: 'domcontentloaded' });
    await islandOn(own, page, 'quick-create');
    await untouched();
    const heard = await seen();
    expect(heard).toContain('tokenleash-ui');
    expect(heard).not.toContain(secret.slice(5));
    expect(heard).not.toContain(elsewhere);
    expect(heard).not.toContain(own.url().split('/')[2]);
    expect(await extension.readClipboard()).toBe('mine');
    expect(await countTokens()).toBe(before);
    const { created } = await sendFrom(own, 'created.list', { instanceId: unleash.url });
    expect(created.map(({ name }) => name)).toEqual([`hostile ${kind}`]);
  });

  test('gets nothing out of a card that covers a secret, nor what is copied by it', async () => {
    await open('/profile/personal-api-tokens');
    const shown = await createPersonalTokenOnPage(page, `covered ${kind}`);
    await islandOn(own, page, 'shown-once');
    const before = (await seen()).length;
    const reached = await page.evaluate(attack, ['page.copySecret', 'page.sendSecret']);
    expect(reached.shadows.every((root) => root === null)).toBe(true);
    // No press was a person's: the card waits as before.
    const card = await islandOn(own, page, 'shown-once');
    expect(card.text).toContain('Esc does not close this');
    await pressOn(own, page, 'shown-once', 'Copy securely');
    await islandOn(own, page, 'shown-once', ({ text }) => text.includes('Copied.'));
    // That secret stands in its own page; by our copy it hears no more of it.
    expect((await seen()).slice(before)).not.toContain(shown.slice(5));
    expect(await seen()).not.toContain(secret.slice(5));
    await sendFrom(own, 'clipboard.clearNow', {});
  });

  test('that lays our button invisibly under the pointer opens a form, and nothing is made', async () => {
    const before = await countTokens();
    await open(API_ACCESS);
    await islandOn(own, page, 'quick-create');
    await page.evaluate(() => {
      document.documentElement.style.opacity = '0.01';
      const host = document.querySelector<HTMLElement>('tokenleash-ui');
      host?.style.setProperty('transform', 'scale(20)');
    });
    await pressOn(own, page, 'quick-create', 'Quick create');
    await until('the form is filled in', async () => {
      const { form } = await sendFrom(own, 'draft.read', { instanceId: unleash.url });
      return form?.kind === 'backend' && form.name === '';
    });
    expect(await countTokens()).toBe(before);
    expect(await extension.readClipboard()).not.toContain('user:');
  });

  test.each([
    [
      'makes all of it see-through',
      () => {
        document.documentElement.style.opacity = '0.01';
      },
    ],
    [
      'takes its colours away by a filter',
      () => {
        document.body.style.filter = 'opacity(0.01)';
      },
    ],
    [
      'makes it tiny',
      () => {
        const dialog = document.querySelector<HTMLElement>('[role="dialog"]');
        dialog?.style.setProperty('transform', 'scale(0.2)');
      },
    ],
    [
      'lays a picture over it that lets clicks pass',
      () => {
        const decoy = document.createElement('div');
        decoy.textContent = 'You have won';
        decoy.style.cssText =
          'position:fixed;inset:0;z-index:2147483647;background:white;pointer-events:none';
        document.body.append(decoy);
      },
    ],
  ] as const)('that %s gets no real click for a token of its own choice', async (_, hideCard) => {
    await extension.copyInOtherTab('mine');
    await open('/profile/personal-api-tokens');
    const before = await sendFrom(own, 'created.list', { instanceId: unleash.url });
    const fake = `user:${'e'.repeat(56)}`;
    await page.evaluate((token) => {
      const dialog = document.createElement('div');
      dialog.setAttribute('role', 'dialog');
      dialog.style.cssText = 'position:fixed;inset:100px;background:white;z-index:9999';
      dialog.innerHTML =
        '<h2 id="simple-modal-title">Personal API token created</h2><div><p></p><button aria-label="Copy token">x</button></div>';
      dialog.querySelector('p')?.append(token);
      document.body.append(dialog);
    }, fake);
    await islandOn(own, page, 'shown-once');
    await page.evaluate(hideCard);
    await pressOn(own, page, 'shown-once', 'Copy securely');
    await until('the card has gone, and the token is as it was', async () =>
      (await islandsOn(own, page)).every(({ part }) => part !== 'shown-once'),
    );
    expect(await extension.readClipboard()).toBe('mine');
    expect(await sendFrom(own, 'created.list', { instanceId: unleash.url })).toEqual(before);
  });

  test('that pushes our card under a pointer at the last moment sends nothing', async () => {
    await open('/profile/personal-api-tokens');
    const before = await sendFrom(own, 'created.list', { instanceId: unleash.url });
    await createPersonalTokenOnPage(page, `pushed ${kind}`);
    await islandOn(own, page, 'shown-once');
    await page.evaluate(() => {
      document.documentElement.style.opacity = '0.01';
      const seen = () => document.documentElement.style.removeProperty('opacity');
      window.addEventListener('pointerdown', seen, true);
    });
    await pressOn(own, page, 'shown-once', 'Send to proxy');
    // Chromium itself has not seen the card painted by then.
    await until('the press was not taken for meant', async () => {
      const card = (await islandsOn(own, page)).find(({ part }) => part === 'shown-once');
      return card === undefined || card.text.includes('Press again.');
    });
    expect(await sendFrom(own, 'created.list', { instanceId: unleash.url })).toEqual(before);
  });

  test('that renames or doubles all that we go by keeps our features away, and hears no error', async () => {
    // Its mark is one of the things that go.
    const made = await sendFrom(own, 'token.create', {
      instanceId: unleash.url,
      token: {
        kind: 'backend',
        name: `ends soon, ${extension.kind}`,
        projects: ['*'],
        environment: 'development',
        expiresAt: new Date(Date.now() + 3 * 86_400_000).toISOString(),
      },
    });
    expect(made).toMatchObject({ ok: true });
    for (const change of ['rename', 'double'] as const) {
      await open(API_ACCESS);
      await islandOn(own, page, 'quick-create');
      await islandOn(own, page, 'expiry-mark');
      await page.evaluate((how) => {
        for (const one of document.querySelectorAll(
          '[data-testid="CREATE_API_TOKEN_BUTTON"], table',
        )) {
          if (how === 'double') one.after(one.cloneNode(true));
          else for (const name of ['data-testid', 'role']) one.setAttribute(name, 'other');
        }
      }, change);
      await until(
        `nothing of ours is there after "${change}"`,
        async () => (await islandsOn(own, page)).length === 0,
      );
      expect(await seen()).not.toContain('script error');
    }
    // Other tests count what ends soon on this server.
    const kept = await sendFrom(own, 'created.secret', { id: made.ok ? made.created.id : '' });
    const path = `/api/admin/api-tokens/${encodeURIComponent(kept.ok ? kept.secret : '')}`;
    const deleted = await page.evaluate(
      async (url) => (await fetch(url, { method: 'DELETE' })).status,
      unleash.url + path,
    );
    expect(deleted).toBe(200);
  });
});

// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Answer, CopyState, CreatedToken } from '../../extension/platform/messages.ts';
import type { Send } from '../../extension/platform/send.ts';
import { App } from '../../extension/popup/app.tsx';
import { ClipboardNotice } from '../../extension/popup/clipboard-notice.tsx';
import { CreateTab } from '../../extension/popup/create-tab.tsx';
import { CreatedView } from '../../extension/popup/created-view.tsx';
import { InstanceBarrier } from '../../extension/popup/instance-barrier.tsx';
import { JustCreated } from '../../extension/popup/just-created.tsx';
import { ProxyTab } from '../../extension/popup/proxy-tab.tsx';
import { BatchView } from '../../extension/popup/recipes/batch-view.tsx';
import { SendToProxy } from '../../extension/popup/send-to-proxy.tsx';
import { createPopup, type Popup } from '../../extension/popup/store.ts';
import { CopiedBar } from '../../extension/popup/tokens/copied-bar.tsx';
import { TokensTab } from '../../extension/popup/tokens-tab.tsx';
import { WindowNote } from '../../extension/popup/window-note.tsx';
import { copiedStatus } from '../../extension/popup/words.ts';
import { Announcer } from '../../extension/ui/announce.tsx';
import { Combobox } from '../../extension/ui/combobox.tsx';
import { REVEAL_LIMIT_MS } from '../../extension/ui/hold-to-reveal.ts';
import { SecretField } from '../../extension/ui/secret-field.tsx';

// The popup as a whole can ask for the tab at hand; nothing here does.
vi.mock('webextension-polyfill', () => ({ default: {} }));

let root: HTMLElement;

beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
  vi.useRealTimers();
});

async function show(view: preact.ComponentChild): Promise<void> {
  await act(() => render(view, root));
}

async function fire(target: EventTarget, event: Event): Promise<void> {
  await act(async () => {
    target.dispatchEvent(event);
    await Promise.resolve();
  });
}

const key = (type: string, name: string) =>
  new KeyboardEvent(type, { key: name, bubbles: true, cancelable: true });

function button(words: string): HTMLButtonElement {
  const found = [...root.querySelectorAll('button')].find(
    (one) => one.textContent === words || one.getAttribute('aria-label') === words,
  );
  if (!found) throw new Error(`no button "${words}"`);
  return found;
}

describe('a masked secret', () => {
  const secret = `user:${'a'.repeat(56)}`;
  const field = (read: () => Promise<string | null>) => (
    <SecretField
      label="Token"
      masked={`user:${'•'.repeat(24)}`}
      hidden="hidden"
      reveal="Reveal"
      hint="Hold Reveal to see it, let go to hide it."
      read={read}
    />
  );

  test('is in the page while a pointer is down, and not before nor after', async () => {
    await show(field(async () => secret));
    expect(root.innerHTML).not.toContain(secret);
    await fire(button('Reveal'), new PointerEvent('pointerdown', { bubbles: true, button: 0 }));
    expect(root.innerHTML).toContain(secret);
    await fire(button('Reveal'), new PointerEvent('pointerup', { bubbles: true }));
    expect(root.innerHTML).not.toContain(secret);
  });

  test('is hidden again after 10 s, however long the key is held', async () => {
    vi.useFakeTimers();
    await show(field(async () => secret));
    await fire(button('Reveal'), key('keydown', ' '));
    expect(root.innerHTML).toContain(secret);
    await act(() => {
      vi.advanceTimersByTime(REVEAL_LIMIT_MS);
    });
    expect(root.innerHTML).not.toContain(secret);
  });

  test('is hidden when the tab or the window changes', async () => {
    await show(field(async () => secret));
    await fire(button('Reveal'), key('keydown', 'Enter'));
    expect(root.innerHTML).toContain(secret);
    await fire(window, new Event('blur'));
    expect(root.innerHTML).not.toContain(secret);
  });

  test('never appears when it arrives after the key was let go', async () => {
    let arrive: (text: string) => void = () => undefined;
    await show(
      field(
        () =>
          new Promise((resolve) => {
            arrive = resolve;
          }),
      ),
    );
    await fire(button('Reveal'), key('keydown', ' '));
    await fire(button('Reveal'), key('keyup', ' '));
    await act(async () => {
      arrive(secret);
      // Everything that hangs on the promise has run by then.
      await new Promise((resolve) => setTimeout(resolve, 0));
    });
    expect(root.innerHTML).not.toContain(secret);
  });

  test('is heard as hidden, and its dots are not read out', async () => {
    await show(field(async () => secret));
    expect(root.querySelector('.visually-hidden')?.textContent).toBe('hidden');
    expect(root.querySelector('.dots')?.getAttribute('aria-hidden')).toBe('true');
  });
});

describe('a combobox', () => {
  const options = ['development', 'production'].map((value) => ({ value, label: value }));

  async function showCombobox(onChoose: (value: string) => void): Promise<HTMLInputElement> {
    await show(
      <Combobox
        label="Environment"
        options={options}
        chosen={['development']}
        onChoose={onChoose}
        text="development"
        nothing="No environment matches"
      />,
    );
    const input = root.querySelector('input');
    if (!input) throw new Error('no field');
    return input;
  }

  test('lets Enter send the form while its list is closed', async () => {
    const input = await showCombobox(() => undefined);
    const enter = key('keydown', 'Enter');
    await fire(input, enter);
    expect(enter.defaultPrevented).toBe(false);
  });

  test('opens by arrow, moves, and chooses by Enter without sending the form', async () => {
    const chosen: string[] = [];
    const input = await showCombobox((value) => chosen.push(value));
    await fire(input, key('keydown', 'ArrowDown'));
    expect(input.getAttribute('aria-expanded')).toBe('true');
    await fire(input, key('keydown', 'ArrowDown'));
    const enter = key('keydown', 'Enter');
    await fire(input, enter);
    expect(enter.defaultPrevented).toBe(true);
    expect(chosen).toEqual(['production']);
    expect(input.getAttribute('aria-expanded')).toBe('false');
  });

  test('keeps Escape to itself while its list is open, so that the popup stays', async () => {
    const input = await showCombobox(() => undefined);
    await fire(input, key('keydown', 'ArrowDown'));
    const first = key('keydown', 'Escape');
    await fire(input, first);
    expect(first.defaultPrevented).toBe(true);
    const second = key('keydown', 'Escape');
    await fire(input, second);
    expect(second.defaultPrevented).toBe(false);
  });

  test('goes back to its choice when what was typed names nothing', async () => {
    const chosen: string[] = [];
    const input = await showCombobox((value) => chosen.push(value));
    input.value = 'nowhere';
    await fire(input, new Event('input', { bubbles: true }));
    expect(root.textContent).toContain('No environment matches');
    await fire(input, new Event('blur'));
    expect(input.value).toBe('development');
    expect(chosen).toEqual([]);
  });
});

const NOW = Date.UTC(2026, 10, 22, 14, 5);
const token: CreatedToken = {
  id: 'one',
  instanceId: 'https://unleash.example.com',
  kind: 'personal',
  name: 'laptop-scripts',
  projects: [],
  environment: null,
  expiresAt: null,
  owner: 'maria',
  masked: 'user:••••',
  shownOnce: true,
  keptUntil: NOW + 170_000,
  createdAt: NOW,
  sentTo: null,
};

/** The popup's store with a background that gives these answers and none else. */
function popupWith(answers: Record<string, unknown>): Popup {
  return createPopup({
    send: async (name) => {
      if (!(name in answers)) throw new Error(`nobody expected ${name}`);
      return answers[name] as Answer<typeof name>;
    },
    now: () => NOW,
  });
}

/** What the background answers to a popup whose only matter is what was just created. */
const kept = {
  'instances.list': {
    instances: [{ id: token.instanceId, origin: '', basePath: '', name: 'unleash' }],
    currentId: null,
  },
  'settings.read': { theme: 'system' },
  'clipboard.state': { copy: null, notice: null },
  'proxy.view': { state: 'unpaired' },
  'clipboard.noticeSeen': { ok: true },
  'instance.load': { state: 'no-access' },
  'draft.read': { form: null, tab: 'create' },
  'created.dismiss': { ok: true },
};

describe('the word that a token may still be on the clipboard', () => {
  const left = { copy: null, notice: 'A token may still be there.' };

  async function pressed(result: string) {
    const popup = popupWith({
      ...kept,
      'created.list': { created: [], copy: null },
      'clipboard.state': left,
      'clipboard.clearNow': { result },
    });
    await popup.load();
    await show(<ClipboardNotice popup={popup} />);
    expect(root.textContent).toContain('may still be there');
    await fire(button('Clear now'), new MouseEvent('click', { bubbles: true }));
  }

  test('gives way to the word that it was cleared', async () => {
    await pressed('cleared');
    await vi.waitFor(() => expect(root.textContent).toContain('Clipboard cleared'));
    expect(root.textContent).not.toContain('may still be there');
    await fire(button('Dismiss'), new MouseEvent('click', { bubbles: true }));
    expect(root.textContent).toBe('');
  });

  test.each([
    ['there is no instance yet', { 'instances.list': { instances: [], currentId: null } }],
    ['the instance is barred', {}],
    ['the popup opens on Proxy', { 'draft.read': { form: null, tab: 'proxy' } }],
  ])('stands above all else where %s, is said aloud, and then said no more', async (_, also) => {
    const asked: string[] = [];
    const answers: Record<string, unknown> = {
      ...kept,
      'clipboard.state': left,
      'created.list': { created: [], copy: null },
      ...also,
    };
    const popup = createPopup({
      send: (async (name: string) => {
        asked.push(name);
        if (!(name in answers)) throw new Error(`nobody expected ${name}`);
        return answers[name];
      }) as Send,
      now: () => NOW,
    });
    await popup.load();
    expect(asked).not.toContain('clipboard.noticeSeen');
    await show(<App popup={popup} openOptions={async () => undefined} />);
    await vi.waitFor(() =>
      expect(root.querySelector('[role=status]')?.textContent).toContain('may still be there'),
    );
    expect(root.querySelector('aside')?.textContent).toContain('may still be there');
    expect(asked).toContain('clipboard.noticeSeen');
  });

  test('stays where the browser would not clear it, and can be pressed again', async () => {
    await pressed('failed');
    await vi.waitFor(() => expect(root.textContent).toContain('Copy something else'));
    expect(root.textContent).toContain('may still be there');
    button('Clear now');
  });
});

describe('"Just created"', () => {
  test('holds what Unleash shows once and is still kept, and says for how long', async () => {
    const popup = popupWith({
      ...kept,
      'created.list': {
        created: [
          token,
          { ...token, id: 'two', name: 'backend', shownOnce: false },
          { ...token, id: 'three', name: 'too old', keptUntil: NOW - 1 },
          { ...token, id: 'four', name: 'in the proxy', sentTo: 'acme' },
        ],
        copy: null,
      },
    });
    await popup.load();
    await show(<JustCreated popup={popup} />);
    expect(root.textContent).toContain('kept for 3 min');
    expect([...root.querySelectorAll('.card-name')].map((name) => name.textContent)).toEqual([
      'laptop-scripts',
    ]);
    await fire(button('Dismiss'), new MouseEvent('click', { bubbles: true }));
    expect(root.textContent).toBe('');
  });
});

describe('"Just created" can be reached', () => {
  /** The word that a server is slow comes after 4 s. */
  const SLOW_ENOUGH = { timeout: 10_000 };
  const open = async (server: unknown, failure: unknown = null) => {
    const popup = createPopup({
      send: (async (name: string) => {
        if (name === 'instance.load') return server;
        if (name === 'tokens.list') return failure;
        if (name === 'created.list') return { created: [token], copy: null };
        if (name in kept) return kept[name as keyof typeof kept];
        throw new Error(`nobody expected ${name}`);
      }) as Send,
      now: () => NOW,
    });
    void popup.load();
    await vi.waitFor(() => expect(popup.created.value).toHaveLength(1));
    return popup;
  };

  test.each([
    ['the server is slow to answer', new Promise(() => undefined)],
    ['the login is over', { state: 'not-logged-in', loginUrl: 'https://unleash.example.com' }],
    ['the server is away', { state: 'unreachable', reason: 'network' }],
  ])(
    'in both tabs while %s',
    async (_, server) => {
      const popup = await open(server);
      for (const Tab of [CreateTab, TokensTab]) {
        await show(<Tab popup={popup} openOptions={async () => undefined} />);
        await vi.waitFor(() => expect(root.textContent).toContain('laptop-scripts'), SLOW_ENOUGH);
        button('Copy');
      }
    },
    30_000,
  );

  test('not while a form with the same is about to come', async () => {
    const popup = await open(new Promise(() => undefined));
    await show(<CreateTab popup={popup} openOptions={async () => undefined} />);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(root.textContent).not.toContain('laptop-scripts');
  });
});

describe('the head of "Just created"', () => {
  test('says how long the one is kept that goes first', async () => {
    const older = { ...token, id: 'older', name: 'older', keptUntil: NOW + 50_000 };
    const popup = popupWith({ ...kept, 'created.list': { created: [token, older], copy: null } });
    await popup.load();
    await show(<JustCreated popup={popup} />);
    expect(root.textContent).toContain('kept for 1 min');
  });
});

describe('"Unpair"', () => {
  test('is said to be done when it is, and what went wrong when it is not', async () => {
    const answers: Record<string, unknown> = {
      'proxy.view': { state: 'refused', code: 'x', title: 'No', message: 'No.' },
    };
    const popup = popupWith(answers);
    await popup.loadProxy();
    await show(
      <>
        <ProxyTab popup={popup} />
        <Announcer />
      </>,
    );
    const said = () => root.querySelector('[role=status]')?.textContent;
    await fire(button('Unpair'), new MouseEvent('click', { bubbles: true }));
    await vi.waitFor(() => expect(said()).toContain('did not answer'));
    answers['proxy.unpair'] = { ok: true };
    await fire(button('Unpair'), new MouseEvent('click', { bubbles: true }));
    await vi.waitFor(() => expect(said()).toContain('Unpaired'));
  });
});

describe('a card under "Just created"', () => {
  test('sends a personal token to the proxy, and is gone then', async () => {
    const popup = popupWith({
      ...kept,
      'created.list': { created: [token], copy: null },
      'created.sendToProxy': { ok: true, profile: 'acme' },
    });
    await popup.load();
    await show(<JustCreated popup={popup} />);
    await fire(button('Send to proxy'), new MouseEvent('click', { bubbles: true }));
    expect(root.textContent).toBe('');
  });

  test('says why a personal token was not sent, and stays', async () => {
    const popup = popupWith({
      ...kept,
      'created.list': { created: [token], copy: null },
      'created.sendToProxy': {
        ok: false,
        code: 'x',
        title: 'The proxy is away',
        message: 'Start it.',
      },
    });
    await popup.load();
    await show(<JustCreated popup={popup} />);
    await fire(button('Send to proxy'), new MouseEvent('click', { bubbles: true }));
    expect(root.textContent).toContain('laptop-scripts');
    expect(root.querySelector('[role=alert], .note')?.textContent).toBeTruthy();
  });

  test('offers it for personal tokens alone', async () => {
    const backend = { ...token, kind: 'backend' as const };
    const popup = popupWith({ ...kept, 'created.list': { created: [backend], copy: null } });
    await popup.load();
    await show(<JustCreated popup={popup} />);
    expect(root.querySelector('[aria-label="Send to proxy"]')).toBeNull();
    expect(root.querySelector('[aria-label="Copy"]')).not.toBeNull();
  });
});

describe('"Send to proxy"', () => {
  test('says how to pair where no proxy is', async () => {
    const popup = popupWith({
      'proxy.view': { state: 'unpaired' },
      'created.sendToProxy': { ok: false, code: 'proxy.unpaired', title: 'No', message: 'No.' },
    });
    await popup.loadProxy();
    await show(<SendToProxy popup={popup} token={token} />);
    await fire(button('Send to proxy'), new MouseEvent('click', { bubbles: true }));
    await vi.waitFor(() => expect(root.textContent).toContain('tokenleash pair'));
    expect(root.querySelector('[role=alert]')).not.toBeNull();
  });

  test('offers to make a profile where none fits', async () => {
    const popup = popupWith({
      'created.sendToProxy': {
        ok: false,
        code: 'no-profile',
        title: 'The proxy has no profile for it',
        message: 'It can make one.',
        suggestedProfile: 'unleash-example-com',
      },
    });
    await show(<SendToProxy popup={popup} token={token} />);
    await fire(button('Send to proxy'), new MouseEvent('click', { bubbles: true }));
    await vi.waitFor(() => button('Make profile unleash-example-com'));
  });
});

describe('a copy that will be cleared unseen', () => {
  const copy = {
    id: 'copy',
    copiedAt: NOW,
    clearsAt: NOW + 30_000,
    delaySeconds: 30,
    blind: true,
    createdId: null,
  };

  test('is told as that after the words on when, by every status', () => {
    expect(copiedStatus(copy)).toBe('Copied. Clears in 30 s. Clears whatever is there then.');
    expect(copiedStatus(copy, 'In the form of .env.')).toBe(
      'Copied. Clears in 30 s. In the form of .env. Clears whatever is there then.',
    );
    expect(copiedStatus({ ...copy, blind: false })).toBe('Copied. Clears in 30 s.');
    expect(copiedStatus({ ...copy, delaySeconds: null })).not.toContain('whatever');
  });

  test('is told as that in the Tokens tab', async () => {
    const tokens = { copied: signal({ name: 'web-shop', copy }), now: () => NOW };
    await show(<CopiedBar tokens={tokens as never} />);
    expect(root.textContent).toContain('Copied. Clears in 30 s.');
    expect(root.textContent).toContain('Clears whatever is there then.');
  });

  test('is told as that on a card under "Just created"', async () => {
    const popup = popupWith({
      ...kept,
      'created.list': { created: [token], copy: null },
      'created.copy': { ok: true, copy },
    });
    await popup.load();
    await show(<JustCreated popup={popup} />);
    await fire(button('Copy'), new MouseEvent('click', { bubbles: true }));
    await vi.waitFor(() =>
      expect(root.textContent).toContain('Copied. Clears in 30 s. Clears whatever is there then.'),
    );
  });
});

describe('a copy whose time is over', () => {
  const copy: CopyState = {
    id: 'copy',
    copiedAt: NOW - 30_000,
    clearsAt: NOW,
    delaySeconds: 30,
    blind: false,
    createdId: token.id,
  };
  const batch = { id: 'batch', running: false, startedAt: NOW, items: [] };
  const views = {
    'a token': (popup: Popup) => (
      <CreatedView popup={popup} outcome={{ token, copy, copyError: null }} />
    ),
    'several tokens': (popup: Popup) => (
      <BatchView popup={popup} outcome={{ batch, copy, copyError: null } as never} />
    ),
  };

  test.each([
    ['a token', 'cleared', 'Clipboard cleared'],
    ['a token', 'not-ours', 'Not cleared: something else is there now'],
    ['several tokens', 'cleared', 'Clipboard cleared'],
    ['several tokens', 'not-ours', 'Not cleared: something else is there now'],
    ['several tokens', 'failed', 'did not let Tokenleash clear it'],
  ] as const)(
    'of %s is said to be %s only when the background says so',
    async (of, result, words) => {
      const answers: Record<string, unknown> = {
        'copyAs.last': {},
        'clipboard.end': { result: 'waiting' },
      };
      const popup = popupWith(answers);
      await show(views[of](popup));
      expect(root.textContent).not.toContain('Clipboard cleared');
      answers['clipboard.end'] = { result };
      await vi.waitFor(() => expect(root.textContent).toContain(words), { timeout: 5_000 });
    },
  );
});

describe('a created token', () => {
  const shown = (part: object, notKept = true) => (
    <CreatedView
      popup={popupWith({ 'copyAs.last': {} })}
      outcome={{ token: { ...token, ...part }, copy: null, copyError: 'No.', notKept }}
    />
  );

  test('that the browser has no room for is said to go, and what to do before it does', async () => {
    await show(shown({}));
    expect(root.textContent).toContain('The browser has no room left to keep this');
    expect(root.textContent).toContain('before you close this');
    expect(root.textContent).not.toContain('Kept under');
    await show(shown({ kind: 'backend', shownOnce: false }));
    expect(root.textContent).toContain('It is in Unleash all the same.');
  });

  test('that is kept has no word of it', async () => {
    await show(shown({}, false));
    expect(root.textContent).toContain('Kept under');
    expect(root.textContent).not.toContain('no room');
  });
});

describe('a popup over a private window', () => {
  const over = async (session: 'private' | 'container') => {
    const answers: Record<string, unknown> = {
      ...kept,
      'created.list': { created: [], copy: null },
      'instance.load': { state: 'not-logged-in', loginUrl: 'https://u/login' },
    };
    const popup = createPopup({
      send: async (name) => {
        if (!(name in answers)) throw new Error(`nobody expected ${name}`);
        return answers[name] as Answer<typeof name>;
      },
      now: () => NOW,
      tabAtHand: async () => ({ address: null, session }),
    });
    await popup.load();
    await show(
      <>
        <WindowNote popup={popup} />
        <InstanceBarrier
          popup={popup}
          state={{ state: 'not-logged-in', loginUrl: 'https://u/login' }}
          openOptions={async () => {}}
        />
      </>,
    );
  };

  test('says whose login it uses, and leads to no login page that would not help', async () => {
    await over('private');
    expect(root.querySelector('.note')?.textContent).toBe(
      'This window is privateTokenleash uses the login of your normal windows.',
    );
    expect(root.textContent).toContain('a login in this window is not seen by Tokenleash');
    expect(root.querySelector('a')).toBeNull();
    button('Try again');
  });

  test('and over a container says the same of it; a link there opens outside', async () => {
    await over('container');
    expect(root.querySelector('.note')?.textContent).toContain('outside of containers');
    expect(root.querySelector('a')?.textContent).toBe('Open login page');
  });
});

describe('the Proxy tab', () => {
  test('tells what to type, and keeps the code when it did not match', async () => {
    const popup = popupWith({
      'proxy.view': { state: 'unpaired' },
      'proxy.pair': {
        ok: false,
        code: 'pairing.code',
        title: 'The code did not match',
        message: 'Type tokenleash pair for a new one.',
      },
    });
    await popup.loadProxy();
    await show(<ProxyTab popup={popup} />);
    expect(root.textContent).toContain('tokenleash start');
    expect(root.textContent).toContain('tokenleash pair');
    const field = root.querySelector('input');
    if (!field) throw new Error('no field');
    field.value = 'AAAA-BBBB';
    await fire(field, new Event('input', { bubbles: true }));
    await fire(field.form ?? field, new Event('submit', { bubbles: true, cancelable: true }));
    await vi.waitFor(() => expect(root.textContent).toContain('The code did not match'));
    expect(root.querySelector('input')?.value).toBe('AAAA-BBBB');
  });

  test('shows the current profile with its owner', async () => {
    const popup = popupWith({
      'proxy.view': {
        state: 'connected',
        control: 'http://127.0.0.1:4281',
        url: 'http://127.0.0.1:4280',
        version: '0.1.0',
        profile: 'acme',
        profiles: [
          {
            name: 'acme',
            url: 'https://unleash.example.com',
            access: 'write',
            state: 'ready',
            owner: 'maria',
            expiresAt: null,
            takesTokens: true,
          },
        ],
      },
    });
    await popup.loadProxy();
    await show(<ProxyTab popup={popup} />);
    expect(root.textContent).toContain('127.0.0.1:4280');
    expect(root.textContent).toContain('maria');
    button('Unpair');
  });
});

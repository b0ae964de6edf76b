// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Answer, MessageName, ProxyView } from '../../extension/platform/messages.ts';
import { ProxyTab } from '../../extension/popup/proxy-tab.tsx';
import { createPopup, type Popup } from '../../extension/popup/store.ts';

const NOW = Date.UTC(2026, 10, 25, 14, 5);
const BASE = 'https://unleash.example.com';

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

const profile = (part: object = {}) => ({
  name: 'work',
  url: BASE,
  access: 'write',
  state: 'ready',
  owner: 'maria',
  expiresAt: new Date(NOW + 86_400_000).toISOString(),
  takesTokens: true,
  ...part,
});
const connected = (profiles = [profile()], current: string | null = 'work'): ProxyView => ({
  state: 'connected',
  control: '127.0.0.1:4281',
  url: 'http://127.0.0.1:4280',
  version: '0.1.0',
  profile: current,
  profiles,
});

const token = {
  id: 'one',
  instanceId: BASE,
  kind: 'personal',
  name: 'Tokenleash proxy on Firefox, 2026-11-25',
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

/** The popup over one instance, and what it asked the background for. */
async function open(view: ProxyView, answers: Partial<Record<MessageName, unknown>> = {}) {
  const sent: { name: string; request: unknown }[] = [];
  const all: Partial<Record<MessageName, unknown>> = {
    'instances.list': {
      instances: [{ id: BASE, origin: BASE, basePath: '', name: 'unleash.example.com' }],
      currentId: BASE,
    },
    'settings.read': { theme: 'system' },
    'clipboard.state': { copy: null, notice: null },
    'proxy.view': view,
    'instance.load': { state: 'no-access' },
    'draft.read': { form: null, tab: 'proxy' },
    'created.list': { created: [], copy: null },
    ...answers,
  };
  const popup: Popup = createPopup({
    send: async (name, request) => {
      sent.push({ name, request });
      if (!(name in all)) throw new Error(`nobody expected ${name}`);
      return all[name] as Answer<typeof name>;
    },
    now: () => NOW,
  });
  await popup.load();
  await act(() => render(<ProxyTab popup={popup} />, root));
  const asked = (name: MessageName) => sent.filter((one) => one.name === name);
  return { popup, asked, answers: all };
}

function button(words: string): HTMLButtonElement {
  const found = [...root.querySelectorAll('button')].find(
    (one) => (one.getAttribute('aria-label') ?? one.textContent) === words,
  );
  if (!found) throw new Error(`no button "${words}" in ${root.textContent}`);
  return found;
}

async function press(words: string): Promise<void> {
  await act(async () => {
    button(words).click();
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
}

describe('"New PAT for the proxy"', () => {
  test('is outlined, says where the token goes, and where the one before stays', async () => {
    const { asked } = await open(connected(), {
      'proxy.newPat': {
        ok: true,
        profile: 'work',
        created: { ...token, sentTo: 'work' },
        replaced: true,
      },
    });
    const button_ = button('New PAT for the proxy');
    expect(button_.className).toContain('outline');
    const hint = document.getElementById(button_.getAttribute('aria-describedby') ?? '');
    expect(hint?.textContent).toContain('for profile work');
    await press('New PAT for the proxy');
    expect(asked('proxy.newPat')).toEqual([
      { name: 'proxy.newPat', request: { instanceId: BASE } },
    ]);
    expect(root.textContent).toContain('In the proxy, profile work');
    expect(root.textContent).toContain('The one before is still good in Unleash');
    expect(root.querySelector('.just-created')).toBeNull();
    button('See your personal tokens');
  });

  test('asks before it makes a profile, and makes it by the next press alone', async () => {
    const { asked, answers } = await open(connected([], null), {
      'proxy.newPat': {
        ok: false,
        code: 'no-profile',
        title: 'The proxy has no profile for this Unleash',
        message: 'Make one.',
        suggestedProfile: 'example',
      },
    });
    expect(root.textContent).toContain('No profile of the proxy is for unleash.example.com yet.');
    await press('New PAT for the proxy');
    expect(root.textContent).toContain('The proxy has no profile for this Unleash');
    answers['proxy.newPat'] = {
      ok: true,
      profile: 'example',
      created: { ...token, sentTo: 'example' },
      replaced: false,
    };
    await press('Make profile example');
    expect(asked('proxy.newPat')[1]?.request).toEqual({
      instanceId: BASE,
      createProfile: 'example',
    });
    expect(root.textContent).toContain('In the proxy, profile example');
    expect(root.textContent).not.toContain('The one before');
  });

  test('that the proxy did not take stands under "Just created" with the reason, and can be sent again', async () => {
    const { popup } = await open(connected(), {
      'proxy.newPat': {
        ok: false,
        code: 'pat.not-taken',
        title: 'The proxy could not store the token',
        message: 'Its disk is full.',
        created: token,
      },
      'created.sendToProxy': { ok: true, profile: 'work' },
    });
    await press('New PAT for the proxy');
    expect(root.querySelector('[role=alert]')?.textContent).toContain('Its disk is full.');
    expect(root.querySelector('[role=alert]')?.textContent).toContain('“Just created” for 5 min');
    expect(root.querySelector('.just-created')?.textContent).toContain(token.name);
    await press('Send to proxy');
    expect(popup.created.value).toEqual([]);
    expect(root.querySelector('.just-created')).toBeNull();
  });

  test.each([
    [
      'See your personal tokens',
      { code: 'pat.limit', title: 'You have 10', message: 'Revoke one.' },
    ],
    [
      'Open login page',
      { code: 'auth.not-logged-in', title: 'Log in', message: 'Now.', loginUrl: `${BASE}/login` },
    ],
  ])('offers "%s" where that is the way on', async (way, failure) => {
    await open(connected(), { 'proxy.newPat': { ok: false, ...failure } });
    await press('New PAT for the proxy');
    expect(root.querySelector('[role=alert]')?.textContent).toContain(failure.title);
    const ways = [...root.querySelectorAll('.note button, .note a')];
    expect(ways.map((one) => one.textContent)).toEqual([way]);
  });

  test('says to look before it is pressed again when the background fell silent', async () => {
    await open(connected());
    await press('New PAT for the proxy');
    expect(root.querySelector('[role=alert]')?.textContent).toContain('Check Tokens');
  });
});

describe('the profile', () => {
  const two = () => connected([profile(), profile({ name: 'lab', owner: null })]);

  async function choose(name: string): Promise<void> {
    const field = root.querySelector<HTMLInputElement>('[role=combobox]');
    if (!field) throw new Error('no switch');
    await act(async () => field.click());
    const option = [...root.querySelectorAll<HTMLElement>('[role=option]')].find(
      (one) => one.textContent === name,
    );
    await act(async () => {
      option?.click();
      await new Promise((resolve) => setTimeout(resolve, 0));
    });
  }

  test('of a proxy with one has no switch', async () => {
    await open(connected());
    expect(root.querySelector('[role=combobox]')).toBeNull();
    expect(root.querySelector('dl')?.textContent).toContain('work');
  });

  test('is chosen by its name, and the tab shows what the proxy then says', async () => {
    const { asked } = await open(two(), {
      'proxy.useProfile': {
        ok: true,
        view: connected([profile(), profile({ name: 'lab', owner: 'grace' })], 'lab'),
      },
    });
    const field = root.querySelector<HTMLInputElement>('[role=combobox]');
    expect(field?.labels?.[0]?.textContent).toBe('Profile');
    expect(field?.value).toBe('work');
    await choose('lab');
    expect(asked('proxy.useProfile')[0]?.request).toEqual({ name: 'lab' });
    await vi.waitFor(() =>
      expect(root.querySelector<HTMLInputElement>('[role=combobox]')?.value).toBe('lab'),
    );
    expect(root.textContent).toContain('PAT of grace');
  });

  test('that could not be changed stays in the field, with the reason', async () => {
    await open(two(), {
      'proxy.useProfile': {
        ok: false,
        code: 'profile.not-used',
        title: 'The profile was not changed',
        message: 'config.yaml, line 3: it does not read.',
      },
    });
    await choose('lab');
    expect(root.querySelector('[role=alert]')?.textContent).toContain('line 3');
    expect(root.querySelector<HTMLInputElement>('[role=combobox]')?.value).toBe('work');
  });
});

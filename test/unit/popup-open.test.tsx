// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import type { FirstLook } from '../../extension/popup/first-look.ts';
import { open } from '../../extension/popup/open.tsx';
import { READY } from './ready-instance.ts';

const URL_A = 'https://unleash.example.com';

/** A background that never answers; what it was asked. */
const asked = vi.hoisted((): string[] => []);
vi.mock('webextension-polyfill', () => ({
  default: {
    runtime: {
      sendMessage: ({ name }: { name: string }) => {
        asked.push(name);
        return new Promise(() => undefined);
      },
    },
    tabs: { query: async () => [], getCurrent: async () => undefined },
  },
}));

const instance = { id: URL_A, name: 'A', origin: URL_A, basePath: '' } as FirstLook['instance'];

function look(holds: Promise<boolean>): FirstLook {
  return {
    instance,
    holds,
    view: {
      instances: { instances: [instance], currentId: URL_A },
      settings: { theme: 'dark', expiryDays: 7 } as FirstLook['view']['settings'],
      recipes: {},
    },
    seen: {
      state: READY,
      draft: { form: null, tab: 'create' },
    },
  };
}

const form = () => document.querySelector('form.create');

beforeEach(() => {
  asked.length = 0;
  document.body.replaceWith(document.createElement('body'));
  document.body.className = 'popup';
  delete document.documentElement.dataset.theme;
});

test('the first frame has the form and the theme, and the background is asked after it', async () => {
  await open(Promise.resolve(look(Promise.resolve(true))));
  expect(form()).not.toBeNull();
  expect(document.body.className).toBe('popup');
  expect(document.documentElement.dataset.theme).toBe('dark');
  expect(asked).toEqual([]);
  await vi.waitFor(() => expect(asked).toContain('instances.list'));
});

test('the end of the token is told in the frame after the first, and its place is kept', async () => {
  await open(Promise.resolve(look(Promise.resolve(true))));
  const year = new RegExp(String(new Date(Date.now() + 7 * 86_400_000).getFullYear()));
  expect(form()?.textContent).not.toMatch(year);
  expect(form()?.textContent).toContain('\u00a0');
  await vi.waitFor(() => expect(form()?.textContent).toMatch(year));
});

test('nothing of a first view that does not hold is on the page at any time', async () => {
  let seen = 0;
  const watch = new MutationObserver(() => {
    if (form() !== null) seen += 1;
  });
  watch.observe(document, { childList: true, subtree: true });
  await open(Promise.resolve(look(Promise.resolve(false))));
  expect(asked).toContain('instances.list');
  await new Promise((resolve) => setTimeout(resolve, 20));
  watch.disconnect();
  expect(document.body.textContent).not.toContain('maria');
  expect(seen).toBe(0);
  expect(form()).toBeNull();
});

test('a server that takes its time is waited for in sight, and its form comes later', async () => {
  let answer: (holds: boolean) => void = () => undefined;
  const opened = open(
    Promise.resolve(
      look(
        new Promise((resolve) => {
          answer = resolve;
        }),
      ),
    ),
  );
  await vi.waitFor(() => expect(asked).toContain('instances.list'));
  expect(form()).toBeNull();
  expect(document.querySelector('main')).not.toBeNull();
  answer(true);
  await opened;
  await vi.waitFor(() => expect(form()).not.toBeNull());
});

test('with nothing known the background is asked at once', async () => {
  await open(Promise.resolve(null));
  expect(asked).toContain('instances.list');
  expect(form()).toBeNull();
});

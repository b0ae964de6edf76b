import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { POLICY_KEYS, readPolicy } from '../../extension/background/managed-policy.ts';
import { createSettings } from '../../extension/background/settings.ts';
import { fakeStore } from './background-fake-browser.ts';

function setUp(policy: Record<string, unknown> = {}) {
  const local = fakeStore();
  const settings = createSettings({ local, policy: async () => readPolicy(policy) });
  return { local, settings };
}

describe('settings', () => {
  test('change by what is named, two at once too', async () => {
    const { settings } = setUp();
    await Promise.all([
      settings.write({ clearAfterSeconds: 60 }),
      settings.write({ theme: 'dark' }),
    ]);
    expect(await settings.read()).toMatchObject({
      clearAfterSeconds: 60,
      theme: 'dark',
      pageSecureCopy: true,
      expiryNotifications: false,
      managed: { keys: [], longestClearSeconds: null, instances: [] },
    });
  });

  test.each([
    ['of an earlier version', { clearAfterSeconds: 60 }, 60],
    ['of a later version', { clearAfterSeconds: 45, voice: 'loud', theme: 'sepia' }, 30],
    ['that are damaged', { clearAfterSeconds: '30', pageSecureCopy: null, expiryMuted: [7] }, 30],
    ['that are no settings', 'nonsense', 30],
    ['that are a list', [1, 2], 30],
    ['that are nothing', null, 30],
  ])('%s are read as far as they can be', async (_, kept, clearAfterSeconds) => {
    const { settings, local } = setUp();
    await local.write('settings', kept);
    expect(await settings.read()).toMatchObject({
      clearAfterSeconds,
      pageSecureCopy: true,
      expiryMuted: [],
      theme: 'system',
    });
    expect(await settings.write({ pageQuickCreate: false })).toMatchObject({
      clearAfterSeconds,
      pageQuickCreate: false,
    });
  });

  test('that a later version has set are still there when this one has written', async () => {
    const { settings, local } = setUp();
    await local.write('settings', { voice: 'loud', clearAfterSeconds: 45 });
    await settings.write({ theme: 'dark' });
    expect(await local.read('settings')).toEqual({
      voice: 'loud',
      clearAfterSeconds: 45,
      theme: 'dark',
    });
  });

  test('are as they were when the browser has no room to write', async () => {
    const { local } = setUp();
    await local.write('settings', { theme: 'dark' });
    const full = { ...local, write: () => Promise.reject(new Error('QuotaExceededError')) };
    const settings = createSettings({ local: full, policy: async () => readPolicy({}) });
    await expect(settings.write({ theme: 'light' })).rejects.toThrow();
    expect((await settings.read()).theme).toBe('dark');
  });
});

describe("an administrator's policy", () => {
  test('wins over what the user sets, and says so', async () => {
    const { settings, local } = setUp({ pageSecureCopy: true, expiryDays: 14 });
    await local.write('settings', { pageSecureCopy: false });
    const inForce = await settings.write({ expiryDays: 3, pageShownOnce: false });
    expect(inForce).toMatchObject({ pageSecureCopy: true, expiryDays: 14, pageShownOnce: false });
    expect(inForce.managed.keys).toEqual(['pageSecureCopy', 'expiryDays']);
  });

  test('leaves the user their own settings for when it is lifted', async () => {
    const { local } = setUp();
    const under = (policy: Record<string, unknown>) =>
      createSettings({ local, policy: async () => readPolicy(policy) });
    await under({ expiryDays: 14 }).write({ theme: 'dark', expiryDays: 3 });
    expect(await under({}).read()).toMatchObject({ theme: 'dark', expiryDays: 3 });
  });

  test.each([
    [60, 300, 60],
    [60, 20, 20],
    [60, null, 60],
    [45, 60, 30],
    [10, null, 10],
    [1_000_000, null, 300],
    [20, 30, 20],
  ] as const)(
    'with a bound of %s s makes of the chosen delay %s one of %s',
    async (clearAfterSecondsMax, chosen, inForce) => {
      const { settings } = setUp({ clearAfterSecondsMax });
      const { clearAfterSeconds, managed } = await settings.write({ clearAfterSeconds: chosen });
      expect(clearAfterSeconds).toBe(inForce);
      expect(managed.longestClearSeconds).toBe(clearAfterSecondsMax);
      expect(managed.keys).toEqual(clearAfterSecondsMax < 20 ? ['clearAfterSeconds'] : []);
    },
  );

  test('that is wrong in one place holds in the others', async () => {
    const { settings } = setUp({
      clearAfterSecondsMax: 'soon',
      pageSecureCopy: 'yes',
      pageQuickCreate: false,
      instances: ['https://a.example/flags/', 'not a url', 7, 'javascript:alert(1)', 'file:///x'],
      theme: 'dark',
      somethingElse: true,
    });
    expect(await settings.read()).toMatchObject({
      clearAfterSeconds: 30,
      pageSecureCopy: true,
      pageQuickCreate: false,
      theme: 'system',
      managed: {
        keys: ['pageQuickCreate'],
        longestClearSeconds: null,
        instances: ['https://a.example/flags'],
      },
    });
  });

  test('may set what the schema for browsers and the docs list, and no more', () => {
    const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    const schema = JSON.parse(read('extension/public/managed-schema.json'));
    expect(Object.keys(schema.properties)).toEqual(POLICY_KEYS);
    const documented = [...read('docs/administrators.md').matchAll(/^\| `(\w+)` \|/gm)];
    expect(documented.map(([, key]) => key)).toEqual(POLICY_KEYS);
  });
});

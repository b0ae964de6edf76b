import { describe, expect, test } from 'vitest';
import { firstRunHandlers, installed } from '../../extension/background/first-run.ts';
import { fakeStore } from './background-fake-browser.ts';

function setUp(instances = 0) {
  const local = fakeStore();
  let opened = 0;
  const install = (reason: string) =>
    installed(reason, {
      local,
      hasInstances: async () => instances > 0,
      open: async () => {
        opened += 1;
      },
    });
  return { local, install, opened: () => opened };
}

describe('the first set-up', () => {
  test('opens when the extension is new, and not a second time', async () => {
    const { install, opened } = setUp();
    await install('install');
    await install('install');
    expect(opened()).toBe(1);
  });

  test.each(['update', 'browser_update', 'chrome_update', 'shared_module_update'])(
    'does not open at %s',
    async (reason) => {
      const { install, opened, local } = setUp();
      await install(reason);
      expect(opened()).toBe(0);
      expect(local.all()).toEqual({});
    },
  );

  test('does not open where instances are set already', async () => {
    const { install, opened, local } = setUp(1);
    await install('install');
    expect(opened()).toBe(0);
    expect(local.all()).toEqual({ 'first-run': { step: 'done', address: '' } });
  });

  test('goes on where it was left, and begins anew where that was damaged', async () => {
    const { install, local } = setUp();
    await install('install');
    const handlers = firstRunHandlers({ local });
    const state = { step: 'access', address: 'https://a.example' } as const;
    await handlers['firstRun.write'](state, { from: 'extension' });
    expect(await handlers['firstRun.read']({}, { from: 'extension' })).toEqual({ state });
    await local.write('first-run', { step: 'dance' });
    expect(await handlers['firstRun.read']({}, { from: 'extension' })).toEqual({ state: null });
  });
});

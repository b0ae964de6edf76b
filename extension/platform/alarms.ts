import { browser } from './browser.ts';

/** Alarms wake a sleeping background. Chromium rings a packed extension's after 30 s at the earliest. */
export const alarms = {
  /** `when` in ms since 1970; an alarm of that name which was set before is moved. */
  async set(name: string, when: number): Promise<void> {
    await browser.alarms.create(name, { when });
  },
  async clear(name: string): Promise<void> {
    await browser.alarms.clear(name);
  },
};

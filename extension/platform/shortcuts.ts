import { browser } from './browser.ts';

/** One command of the manifest as it is bound at this moment; `keys` is null where it is not. */
export type Shortcut = { name: string; description: string; keys: string | null };

/** Only the browser can change a binding; all that we can do is to open its page for that. */
export type ShortcutsApi = {
  all(): Promise<Shortcut[]>;
  /** False where this browser has no way for an extension to open it. */
  openSettings(): Promise<boolean>;
};

const CHROMIUM_PAGE = 'chrome://extensions/shortcuts';

export const browserShortcuts: ShortcutsApi = {
  async all() {
    const commands = await browser.commands.getAll();
    return commands.map(({ name = '', description = '', shortcut = '' }) => ({
      name,
      description,
      keys: shortcut === '' ? null : shortcut,
    }));
  },
  async openSettings() {
    // Firefox from 137 on; the polyfill's types do not know it yet.
    const { openShortcutSettings } = browser.commands as { openShortcutSettings?(): Promise<void> };
    try {
      if (openShortcutSettings) await openShortcutSettings.call(browser.commands);
      else await browser.tabs.create({ url: CHROMIUM_PAGE });
      return true;
    } catch {
      return false;
    }
  },
};

import { browser } from './browser.ts';

export type ToolbarApi = {
  kind: 'chromium' | 'firefox';
  /** Whether our button stands on the toolbar; null where the browser does not tell. */
  hasButton(): Promise<boolean | null>;
};

type ActionSettings = { getUserSettings?(): Promise<{ isOnToolbar?: boolean }> };

export const browserToolbar: ToolbarApi = {
  kind: 'offscreen' in chrome ? 'chromium' : 'firefox',
  async hasButton() {
    // The polyfill hands on what it does not know.
    const action = browser.action as ActionSettings;
    try {
      return (await action.getUserSettings?.call(action))?.isOnToolbar ?? null;
    } catch {
      return null;
    }
  },
};

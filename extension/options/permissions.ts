import { browser } from '../platform/browser.ts';

/** What the options page asks of the browser's own permissions; an argument, for tests. */
export type PermissionsApi = {
  /** Inside a click only, and before anything is awaited there: Firefox refuses it otherwise. One prompt for all. */
  askForHosts(patterns: string[]): Promise<boolean>;
  holdsClipboardRead(): Promise<boolean>;
  askForClipboardRead(): Promise<boolean>;
  giveBackClipboardRead(): Promise<void>;
};

export const browserPermissions: PermissionsApi = {
  askForHosts: (origins) => browser.permissions.request({ origins }),
  holdsClipboardRead: () => browser.permissions.contains({ permissions: ['clipboardRead'] }),
  askForClipboardRead: () => browser.permissions.request({ permissions: ['clipboardRead'] }),
  giveBackClipboardRead: async () => {
    await browser.permissions.remove({ permissions: ['clipboardRead'] }).catch(() => undefined);
  },
};

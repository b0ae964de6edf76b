import { browser } from './browser.ts';

/** Whether the user lets us reach the hosts of this match pattern at this moment. */
export function mayReach(pattern: string): Promise<boolean> {
  return browser.permissions.contains({ origins: [pattern] });
}

/** Whether the user lets us look at the clipboard before we clear it. */
export function mayReadClipboard(): Promise<boolean> {
  return browser.permissions.contains({ permissions: ['clipboardRead'] });
}

/** Gives a host back. One that the manifest demands cannot be; then it stays, and nothing is lost. */
export async function giveBackHost(pattern: string): Promise<void> {
  await browser.permissions.remove({ origins: [pattern] }).catch(() => undefined);
}

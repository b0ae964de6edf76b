import { browser } from './browser.ts';

/** A word of the system's, by an id: another of that id takes its place. It must not hold a secret: systems keep them. */
export type Notice = { id: string; title: string; message: string };

/** Shows it where the system lets us; where it does not, there is no other place to say so. */
export async function notify({ id, title, message }: Notice): Promise<void> {
  const iconUrl = browser.runtime.getURL('icons/128.png');
  await browser.notifications
    .create(id, { type: 'basic', iconUrl, title, message })
    .catch(() => undefined);
}

import type { Runtime } from 'webextension-polyfill';
import { sessionOf, type TabSession } from './tab-session.ts';

/** Who sent a message, as far as the browser vouches for it. The sender's own words are not looked at. */
export type Sender =
  | { from: 'extension' }
  /** A content script of ours in the top frame of a page of this origin. `url` may be stale: never authorise by it. */
  | { from: 'page'; origin: string; url: string; tabId: number | null; session: TabSession }
  | { from: 'stranger' };

/** What we are: the extension's id and its origin, without a trailing slash. */
export type Self = { id: string; origin: string };

type RawSender = Pick<Runtime.MessageSender, 'id' | 'url' | 'frameId'> & {
  origin?: string;
  tab?:
    | { id?: number | undefined; incognito?: boolean; cookieStoreId?: string | undefined }
    | undefined;
};

/**
 * Tells our own pages from content scripts and everything else. Only top frames count: a page of ours in a frame would
 * be somebody else's frame around it. A sender without an origin is a stranger; Firefox before 126 set none, so there
 * the URL's is taken, which the browser sets too.
 */
export function whoSent(sender: RawSender, self: Self): Sender {
  if (sender.id !== self.id) return { from: 'stranger' };
  if (sender.frameId !== undefined && sender.frameId !== 0) return { from: 'stranger' };
  const origin = originOf(sender);
  if (origin === null) return { from: 'stranger' };
  if (origin === self.origin) return { from: 'extension' };
  const { tab, url = '' } = sender;
  if (tab === undefined) return { from: 'stranger' };
  return { from: 'page', origin, url, tabId: tab.id ?? null, session: sessionOf(tab) };
}

function originOf(sender: RawSender): string | null {
  if (sender.origin !== undefined) return sender.origin === 'null' ? null : sender.origin;
  if (sender.url === undefined) return null;
  try {
    const url = new URL(sender.url);
    // `origin` of a moz-extension URL is "null" in engines that do not know the scheme.
    return url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin;
  } catch {
    return null;
  }
}

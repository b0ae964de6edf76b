import { sendFromPage } from '../../platform/send-from-page.ts';
import { forgetParts, offeredPart } from './parts.ts';
import { running } from './running.ts';
import { recogniseUnleash } from './unleash-page.ts';

/**
 * All that is done on a page of an instance's host that is not Unleash: to look whether it is. Where it is, the rest of
 * our code is loaded, once, however often this is.
 */
export function begin(window: Window): void {
  const { document } = window;
  // Nobody sees this page yet; the background takes no message from it before somebody does.
  if ((document as { prerendering?: boolean }).prerendering) {
    document.addEventListener('prerenderingchange', () => begin(window), { once: true });
    return;
  }
  const before = running(window);
  if (before?.isAlive()) return;
  const unleash = recogniseUnleash(document);
  if (unleash === null) return;
  before?.end();
  forgetParts();
  sendFromPage('page.begin', {}).then(
    (settings) => offeredPart('features')?.(window, unleash, settings),
    // No answer, because the extension was updated meanwhile or the tab was on its way elsewhere.
    () => window.addEventListener('focus', () => begin(window), { once: true }),
  );
}

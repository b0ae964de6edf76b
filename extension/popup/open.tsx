import { render } from 'preact';
import { language } from '../platform/say.ts';
import { send } from '../platform/send.ts';
import { tabAtHand } from '../platform/tab-at-hand.ts';
import { isInTab, openOptions } from '../ui/tab.ts';
import { App } from './app.tsx';
import type { FirstLook } from './first-look.ts';
import { createPopup, type Popup } from './store.ts';

/** How long the first frame waits for what was known last, in ms. */
const FIRST_FRAME_MS = 50;

/** The first view is shown by then; a page that nobody sees has no frames. In ms. */
const FRAME_LIMIT_MS = 200;

/** Draws the popup, with what was known last in its first frame if that can be. */
export async function open(look: Promise<FirstLook | null>): Promise<void> {
  await laidOut();
  document.documentElement.lang = language();
  void isInTab().then((inTab) => document.documentElement.classList.toggle('in-tab', inTab));
  const patience = new Promise<null>((resolve) => setTimeout(resolve, FIRST_FRAME_MS, null));
  const first = await Promise.race([look, patience]);
  const shown = first && (await shownInTime(first, patience));
  if (shown) {
    // The background, which may have to be started for it, would take the processor from the frame that is to be seen.
    afterFrame(() => {
      shown.isDrawn.value = true;
      void shown.load();
    });
    return;
  }
  const popup = createPopup({ send, tabAtHand });
  void popup.load();
  draw(popup, document.body);
  // Later than the frame waits, and yet before the background has asked the server all that there is to ask.
  const late = await look;
  if (late && (await late.holds)) popup.showFirstView(late);
}

/** The page's own elements and styles are there: its first script does not wait for them. */
async function laidOut(): Promise<void> {
  const event = (of: EventTarget, name: string) =>
    new Promise((resolve) => of.addEventListener(name, resolve, { once: true }));
  if (document.readyState === 'loading') await event(document, 'DOMContentLoaded');
  const styles = document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]');
  await Promise.all(
    [...styles].map(
      (link) => link.sheet ?? Promise.race([event(link, 'load'), event(link, 'error')]),
    ),
  );
}

function draw(popup: Popup, root: HTMLElement): void {
  render(<App popup={popup} openOptions={openOptions} />, root);
}

/**
 * Draws the first view beside the page while the server is asked whether it holds, and puts it there when it does; null,
 * and nothing drawn, where it does not, or not in time.
 */
async function shownInTime(first: FirstLook, patience: Promise<null>): Promise<Popup | null> {
  const popup = createPopup({ send, tabAtHand });
  const root = document.body.cloneNode() as HTMLElement;
  popup.inSight.value = false;
  popup.isDrawn.value = false;
  popup.showFirstView(first);
  draw(popup, root);
  const holds = await Promise.race([first.holds, patience]);
  if (!holds) {
    render(null, root);
    return null;
  }
  document.body.replaceWith(root);
  popup.inSight.value = true;
  return popup;
}

/** Calls once when the next frame is drawn. */
function afterFrame(action: () => void): void {
  let done = false;
  const once = () => {
    if (!done) action();
    done = true;
  };
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, FRAME_LIMIT_MS);
}

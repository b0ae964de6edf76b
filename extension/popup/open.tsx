import { render } from 'preact';
import { language } from '../platform/say.ts';
import { send } from '../platform/send.ts';
import { isInTab, openOptions, tabAtHand } from '../ui/tab.ts';
import { App } from './app.tsx';
import type { FirstLook } from './first-look.ts';
import { createPopup } from './store.ts';

/** How long the first frame waits for what was known last, in ms. */
const FIRST_FRAME_MS = 50;

/** The first view is shown by then; a page that nobody sees has no frames. In ms. */
const FRAME_LIMIT_MS = 200;

/** Draws the popup, with what was known last in its first frame if that can be. */
export async function open(look: Promise<FirstLook | null>): Promise<void> {
  document.documentElement.lang = language();
  const popup = createPopup({ send, tabAtHand });
  const shown = look.then((first) => first !== null && popup.showFirstView(first));
  const patience = new Promise<false>((resolve) => setTimeout(resolve, FIRST_FRAME_MS, false));
  // Not after a frame that shows nothing; a server that takes longer is waited for in sight.
  const isShown = await Promise.race([shown.catch(() => false), patience]);
  if (!isShown) void popup.load();
  render(<App popup={popup} openOptions={openOptions} />, document.body);
  // The background, which may have to be started for it, would take the processor from the frame that is to be seen.
  if (isShown) afterFrame(() => void popup.load());
  void isInTab().then((inTab) => document.documentElement.classList.toggle('in-tab', inTab));
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

import '../ui/theme.css';
import '../ui/base.css';
import '../ui/controls.css';
import './popup.css';
import './recipes/recipes.css';
import './tokens/tokens.css';
import { render } from 'preact';
import { createFirstViewReader } from '../platform/first-view.ts';
import { language } from '../platform/say.ts';
import { send } from '../platform/send.ts';
import { sessionStore } from '../platform/store.ts';
import { isInTab, openOptions, tabAtHand } from '../ui/tab.ts';
import { App } from './app.tsx';
import { createPopup } from './store.ts';

/** How long the first frame waits for what was known last, in ms. */
const FIRST_FRAME_MS = 50;

document.documentElement.lang = language();
const popup = createPopup({
  send,
  tabAtHand,
  firstView: createFirstViewReader(sessionStore, (url, init) => fetch(url, init)),
});
const firstView = popup.showFirstView();
void popup.load();
// In the first frame if it can be, and not after one that shows nothing; a server that takes longer is waited for in sight.
await Promise.race([firstView, new Promise((resolve) => setTimeout(resolve, FIRST_FRAME_MS))]);
render(<App popup={popup} openOptions={openOptions} />, document.body);
void isInTab().then((inTab) => document.documentElement.classList.toggle('in-tab', inTab));

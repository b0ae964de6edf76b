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

document.documentElement.lang = language();
const popup = createPopup({ send, tabAtHand, firstView: createFirstViewReader(sessionStore) });
// In one frame, then, and not after one that shows nothing.
await popup.showFirstView().catch(() => undefined);
render(<App popup={popup} openOptions={openOptions} />, document.body);
void popup.load();
void isInTab().then((inTab) => document.documentElement.classList.toggle('in-tab', inTab));

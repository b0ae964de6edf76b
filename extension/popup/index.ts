import '../ui/theme.css';
import '../ui/base.css';
import '../ui/controls.css';
import './popup.css';
import './recipes/recipes.css';
import './tokens/tokens.css';
import { createFirstViewReader } from '../platform/first-view.ts';
import { sessionStore } from '../platform/store.ts';
import { tabAtHand } from '../platform/tab-at-hand.ts';
import { lookFirst } from './first-look.ts';

// Under way before the popup's own code is loaded; where it fails there is nothing to show yet.
const look = lookFirst(
  createFirstViewReader(sessionStore, (url, init) => fetch(url, init)),
  tabAtHand,
).catch(() => null);
const { open } = await import('./open.tsx');
await open(look);

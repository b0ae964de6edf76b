import { say } from '../../platform/say.ts';

/** What is said where the browser has no room for a token that was just made. */
export const STORE_FULL = {
  title: say('store_full'),
  text: (shownOnce: boolean) => (shownOnce ? say('store_full_once') : say('store_full_next')),
} as const;

import { refuse } from '../../errors.ts';
import type { Step } from '../exchange.ts';

export const MARKS: ReadonlySet<string> = new Set([
  'origin',
  'referer',
  'sec-fetch-site',
  'sec-fetch-dest',
  'sec-fetch-user',
]);

/**
 * Every request that a web page can cause carries one of these (measured in Chromium 156 and Firefox 153). Node's
 * own fetch sends `Sec-Fetch-Mode: cors`, which alone is no mark.
 */
export const browser: Step = {
  name: 'browser',
  check({ lines }) {
    for (let at = 0; at < lines.length; at += 2) {
      const name = lines[at] ?? '';
      if (MARKS.has(name) || (name === 'sec-fetch-mode' && lines[at + 1] !== 'cors')) {
        return refuse('browser.refused', `A browser sent this request (${name}).`, { rule: name });
      }
    }
    return null;
  },
  passedBy: () => 'no header that browsers send',
};

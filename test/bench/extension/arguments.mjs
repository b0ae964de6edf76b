// What was typed after `npm run bench:extension --`, and how much is measured then.
import { readWords } from '../words.mjs';

export const SECTIONS = ['sizes', 'popup', 'task', 'page', 'list'];

export const HELP = `npm run bench:extension                      build and measure everything (about 6 min)
npm run bench:extension -- --smoke           see that everything can be measured; the figures mean nothing (about 1 min)
npm run bench:extension -- --only popup,list these alone: ${SECTIONS.join(', ')}
npm run bench:extension -- --built           measure what lies in dist/, and build nothing
npm run bench:extension -- --json            one JSON object on stdout
npm run bench:extension -- --write-docs      write the tables into docs/performance.md
`;

/** How often, and with how many tokens. */
const FULL = {
  popup: { rounds: 15 },
  task: { rounds: 3 },
  page: { rounds: 7, tokens: 500, screens: 20 },
  list: { rounds: 5, tokens: 1000 },
};

const SMOKE = {
  popup: { rounds: 1 },
  task: { rounds: 1 },
  page: { rounds: 1, tokens: 30, screens: 2 },
  list: { rounds: 1, tokens: 60 },
};

/**
 * @param {string[]} words
 * @returns {ReturnType<typeof readWords> & { built: boolean, sizes: typeof FULL }}
 */
export function readArguments(words) {
  const options = readWords(words, {
    help: HELP,
    sections: SECTIONS,
    extents: ['smoke'],
    flags: ['built'],
  });
  return {
    ...options,
    built: options.flags.includes('built'),
    sizes: options.extent === 'smoke' ? SMOKE : FULL,
  };
}

// What was typed after `npm run bench:extension --`, and how much is measured then.
import { StepFailed } from '../../../scripts/report.mjs';

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
 * @returns {{ help: boolean, json: boolean, writeDocs: boolean, built: boolean, extent: 'full' | 'smoke', sections: string[], sizes: typeof FULL }}
 */
export function readArguments(words) {
  const options = {
    help: false,
    json: false,
    writeDocs: false,
    built: false,
    extent: 'full',
    sections: SECTIONS,
  };
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === '--help' || word === '-h') options.help = true;
    else if (word === '--json') options.json = true;
    else if (word === '--write-docs') options.writeDocs = true;
    else if (word === '--built') options.built = true;
    else if (word === '--smoke') options.extent = 'smoke';
    else if (word === '--only') options.sections = readSections(rest.shift());
    else throw new StepFailed(`There is no option ${word}.`, HELP);
  }
  if (options.writeDocs && (options.extent !== 'full' || options.sections !== SECTIONS))
    throw new StepFailed('--write-docs takes a whole run: no --smoke and no --only.', HELP);
  return { ...options, sizes: options.extent === 'smoke' ? SMOKE : FULL };
}

function readSections(word = '') {
  const wanted = word.split(',');
  const unknown = wanted.filter((name) => !SECTIONS.includes(name));
  if (unknown.length > 0)
    throw new StepFailed(`--only takes ${SECTIONS.join(', ')}; not "${unknown.join(', ')}".`, HELP);
  return SECTIONS.filter((name) => wanted.includes(name));
}

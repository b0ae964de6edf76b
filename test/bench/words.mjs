// What was typed after the name of a benchmark.
import { StepFailed } from '../../scripts/report.mjs';

/**
 * @param {string[]} words
 * @param {{ help: string, sections: string[], extents: string[], flags?: string[] }} known `extents`: shorter runs than
 *   the full one; `flags`: options of this benchmark alone
 * @returns {{ help: boolean, json: boolean, writeDocs: boolean, extent: string, sections: string[], flags: string[] }}
 */
export function readWords(words, { help, sections, extents, flags = [] }) {
  const options = {
    help: false,
    json: false,
    writeDocs: false,
    extent: 'full',
    sections,
    flags: [],
  };
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift();
    const name = word.slice(2);
    if (word === '--help' || word === '-h') options.help = true;
    else if (word === '--json') options.json = true;
    else if (word === '--write-docs') options.writeDocs = true;
    else if (word === '--only') options.sections = readSections(rest.shift(), { help, sections });
    else if (word === `--${name}` && extents.includes(name)) options.extent = name;
    else if (word === `--${name}` && flags.includes(name)) options.flags.push(name);
    else throw new StepFailed(`There is no option ${word}.`, help);
  }
  if (options.writeDocs && (options.extent !== 'full' || options.sections !== sections)) {
    const shorter = [...extents, 'only'].map((name) => `--${name}`).join(' or ');
    throw new StepFailed(`--write-docs takes a whole run: no ${shorter}.`, help);
  }
  return options;
}

function readSections(word = '', { help, sections }) {
  const wanted = word.split(',');
  const unknown = wanted.filter((name) => !sections.includes(name));
  if (unknown.length > 0)
    throw new StepFailed(`--only takes ${sections.join(', ')}; not "${unknown.join(', ')}".`, help);
  return sections.filter((name) => wanted.includes(name));
}

// The result of a run as tables, for a terminal and for docs/performance.md.
import { table, targetTable } from '../docs.mjs';

const number = (value) => (value >= 100 ? String(Math.round(value)) : value.toFixed(1));
const range = ({ median, low, high }) => `${number(median)} (${number(low)}–${number(high)})`;
const ratio = ({ median, low, high }) =>
  `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
const percent = ({ median, low, high }) =>
  `${(100 * median).toFixed(1)} % (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;
const kilo = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const SECTIONS = {
  sizes({ builds, inPage }) {
    return [
      'Sizes, without source maps',
      table(
        ['', 'all files', 'scripts', 'styles', 'zip for a store'],
        Object.entries(builds).map(([name, { raw, js, css, zip }]) => [
          `dist/${name}`,
          ...[raw, js, css, zip].map(kilo),
        ]),
      ),
      table(
        ['script in a page', 'raw', 'gzip'],
        Object.entries(inPage).map(([path, { raw, gzip }]) => [
          `\`${path}\``,
          kilo(raw),
          kilo(gzip),
        ]),
      ),
    ];
  },
  popup({ rounds, warm, dead, unknown }) {
    const row = (name, { empty, popup, ratio: found }) => [
      name,
      range(empty),
      range(popup),
      ratio(found),
    ];
    return [
      `From opening to a form that can be used, ms, ${rounds} rounds`,
      table(
        ['worker', 'an empty page', 'the popup', '÷ empty page'],
        [
          row('alive', warm),
          row('dead', dead),
          row('alive, and nothing known of the server', unknown),
        ],
      ),
    ];
  },
  task({ rounds, byHand, byForm, byRecipe, byKey }) {
    const row = (name, { clicks, keys, requests, seconds }) => [
      name,
      String(clicks),
      String(keys),
      range(requests),
      range(seconds),
    ];
    return [
      `A backend token for production on the clipboard, ${rounds} rounds`,
      table(
        ['', 'clicks', 'keys', 'requests', 'seconds'],
        [
          row("all projects, by hand in Unleash's own UI", byHand.all),
          row('all projects, by the form of the popup', byForm.all),
          row('one project, by hand', byHand.scoped),
          row('one project, by the form', byForm.scoped),
          row('one project, by a recipe', byRecipe),
          row('one project, by the last recipe (Alt+L)', byKey),
        ],
      ),
    ];
  },
  page({ tokens, screens, loaded, loadedOfPage, scrolled, elsewhere, shift, shiftWithout }) {
    return [
      'Time of ours on the main thread of a page, ms',
      table(
        ['', 'ms'],
        [
          [`Unleash's page with ${tokens} tokens, loaded until quiet`, range(loaded)],
          [`the same page, ${screens} screens scrolled`, range(scrolled)],
          ['a page that is not Unleash', range(elsewhere)],
        ],
      ),
      `Of all that the page's main thread did meanwhile, Unleash's own work too, ${percent(loadedOfPage)} was ours.`,
      `Layout shift with Tokenleash ${shift.median.toFixed(4)}, without ${shiftWithout.median.toFixed(4)}.`,
    ];
  },
  list({ tokens, opened, scroll, plain, ratio: found, key }) {
    const row = (name, { frames, longFrames, longestFrame, longestTask, work }) => [
      name,
      String(frames),
      range(longFrames),
      range(longestFrame),
      range(longestTask),
      range(work),
    ];
    return [
      `${tokens} tokens in the popup, scrolled to the end`,
      table(
        ['', 'frames', 'of them over 25 ms', 'longest frame, ms', 'longest task, ms', 'work, ms'],
        [row('the Tokens tab', scroll), row('a plain list', plain)],
      ),
      `Work ÷ plain list ${ratio(found)}. Opened in ${range(opened)} ms; a key of a search is drawn in ${range(key)} ms, the slowest of each round.`,
    ];
  },
};

/** @param {any} result of a run */
export function tables(result) {
  const { node, system, cpu, load } = result.machine;
  return `${[
    `${result.date.slice(0, 10)}, Node ${node}, ${system}, ${cpu}, load ${load} at the start; median (lowest–highest).`,
    ...(result.extent === 'smoke' ? ['Much too short to mean anything.'] : []),
    targetTable(result.targets),
    ...Object.entries(result.sections).flatMap(([name, found]) => SECTIONS[name](found)),
  ].join('\n\n')}\n`;
}

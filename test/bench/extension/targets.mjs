// What has to hold.
import { judgeTargets } from '../judge.mjs';

/** @type {{ name: string, section: string, limit: number, value(found: any): number }[]} */
const TARGETS = [
  {
    name: 'popup usable, its worker alive, ms',
    section: 'popup',
    limit: 100,
    value: ({ warm }) => warm.popup.median,
  },
  {
    name: 'popup usable, its worker dead, ms',
    section: 'popup',
    limit: 250,
    value: ({ dead }) => dead.popup.median,
  },
  {
    name: 'main thread of the page with 500 tokens, loaded, ms',
    section: 'page',
    limit: 10,
    value: ({ loaded }) => loaded.median,
  },
  {
    name: 'main thread of a page that is not Unleash, ms',
    section: 'page',
    limit: 0.5,
    value: ({ elsewhere }) => elsewhere.median,
  },
  {
    name: 'longest task of 1,000 tokens, scrolled, ms',
    section: 'list',
    limit: 50,
    value: ({ scroll }) => scroll.longestTask.median,
  },
  {
    name: 'a build without source maps, the larger of the two, kB',
    section: 'sizes',
    limit: 250,
    value: ({ builds }) => Math.max(...Object.values(builds).map(({ raw }) => raw)) / 1000,
  },
  {
    name: 'a zip for a store, the larger of the two, kB',
    section: 'sizes',
    limit: 250,
    value: ({ builds }) => Math.max(...Object.values(builds).map(({ zip }) => zip)) / 1000,
  },
];

/** @param {Record<string, any>} sections */
export const judge = (sections) => judgeTargets(TARGETS, sections);

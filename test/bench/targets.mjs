// What has to hold, as ratios within one run.
import { judgeTargets } from './judge.mjs';
import { HELLO_WORLD } from './peers.mjs';

const MAX_PEAK_MIB = 100;
const ours = (found) => found?.tokenleash;
const atAll = (rate, take) => Object.values(rate).map((found) => take(found.tokenleash).median);

/** @type {{ name: string, section: string, limit: number, isFloor?: boolean, value(found: any): number }[]} */
const TARGETS = [
  {
    name: 'CPU per request ÷ http-proxy with agent',
    section: 'cpu',
    limit: 1,
    value: ({ peers }) => ours(peers).ratio.median,
  },
  {
    name: 'requests per second ÷ http-proxy with agent, lowest of all loads',
    section: 'rate',
    limit: 1.1,
    isFloor: true,
    value: (rate) => Math.min(...atAll(rate, ({ perSecondToBase }) => perSecondToBase)),
  },
  {
    name: 'requests per second ÷ http-proxy as its README shows it, lowest of all loads',
    section: 'rate',
    limit: 2.5,
    isFloor: true,
    value: (rate) => Math.min(...atAll(rate, ({ perSecondToDefault }) => perSecondToDefault)),
  },
  {
    name: 'added median latency at 1 connection ÷ http-proxy with agent',
    section: 'rate',
    limit: 1,
    value: (rate) => ours(rate[1]).addedP50ToBase.median,
  },
  ...['down', 'up'].flatMap((way) => [
    {
      name: `speed of a long ${way === 'down' ? 'answer' : 'request'} ÷ http-proxy with agent`,
      section: 'bulk',
      limit: 1,
      isFloor: true,
      value: (bulk) => ours(bulk[way]).speedToBase.median,
    },
    {
      name: `peak memory of a long ${way === 'down' ? 'answer' : 'request'}, MiB`,
      section: 'bulk',
      limit: MAX_PEAK_MIB,
      value: (bulk) => ours(bulk[way]).peakMib.high,
    },
  ]),
  {
    name: `idle memory ÷ ${HELLO_WORLD.label}`,
    section: 'memory',
    limit: 1.2,
    value: ({ peers }) => ours(peers).idleToHelloWorld,
  },
  {
    name: `first answer ÷ ${HELLO_WORLD.label}`,
    section: 'start',
    limit: 1.35,
    value: ({ firstAnswer }) => ours(firstAnswer).toBase.median,
  },
  {
    name: 'tokenleash --version ÷ node -e 0',
    section: 'start',
    limit: 1.3,
    value: ({ commands }) => commands.version.toBase.median,
  },
];

/** @param {Record<string, any>} sections */
export const judge = (sections) => judgeTargets(TARGETS, sections);

// What was typed after `npm run bench --`, and how much is measured then.
import { readWords } from './words.mjs';

export const SECTIONS = ['cpu', 'rate', 'bulk', 'memory', 'start'];

export const HELP = `npm run bench                       measure everything (about 15 min)
npm run bench -- --quick            the same with fewer and shorter rounds (about 4 min)
npm run bench -- --smoke            see that everything can be measured; the figures mean nothing (under 1 min)
npm run bench -- --only cpu,rate    these alone: ${SECTIONS.join(', ')}
npm run bench -- --json             one JSON object on stdout
npm run bench -- --write-docs       write the table into docs/performance.md
`;

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** How long and how often; ms, bytes, counts. */
const FULL = {
  cpu: { connections: 16, warmMs: 6_000, windowMs: 3_000, windows: 7 },
  rate: { connections: [1, 16, 64], rounds: 7, warmMs: 500, sliceMs: 2_000 },
  bulk: { bytes: GIB, rounds: 5 },
  memory: { idleConnections: 1_000, requests: 50_000, settleMs: 2_000 },
  start: { rounds: 21 },
};

const QUICK = {
  cpu: { connections: 16, warmMs: 3_000, windowMs: 2_000, windows: 5 },
  rate: { connections: [1, 16, 64], rounds: 3, warmMs: 300, sliceMs: 1_000 },
  bulk: { bytes: GIB, rounds: 3 },
  memory: { idleConnections: 1_000, requests: 20_000, settleMs: 1_000 },
  start: { rounds: 7 },
};

const SMOKE = {
  cpu: { connections: 4, warmMs: 100, windowMs: 200, windows: 1 },
  rate: { connections: [1, 4], rounds: 1, warmMs: 50, sliceMs: 150 },
  bulk: { bytes: 4 * MIB, rounds: 1 },
  memory: { idleConnections: 20, requests: 100, settleMs: 50 },
  start: { rounds: 1 },
};

/**
 * @param {string[]} words
 * @returns {ReturnType<typeof readWords> & { sizes: typeof FULL }}
 */
export function readArguments(words) {
  const options = readWords(words, {
    help: HELP,
    sections: SECTIONS,
    extents: ['quick', 'smoke'],
  });
  return { ...options, sizes: { full: FULL, quick: QUICK, smoke: SMOKE }[options.extent] };
}

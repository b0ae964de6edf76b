import type { Option } from './command.ts';
import { parseTtl } from './option-types.ts';

const OUTCOMES = ['allowed', 'refused', 'failed'] as const;

/** A time that is past: so long ago (`90s`, `8h`), or a date or date-time. Gives ms since 1970 by the clock given. */
export type Since = (now: number) => number;

const DATE =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

export function parseSince(text: string): Since {
  if (DATE.test(text)) {
    const at = Date.parse(text.replace(' ', 'T'));
    if (!Number.isNaN(at)) return () => at;
  }
  try {
    const ago = parseTtl(text);
    return (now) => now - ago;
  } catch {
    throw new Error(
      'has to be a time such as 90s, 30m, 8h or 7d, or a date such as 2026-11-23T09:00',
    );
  }
}

function parseOutcome(text: string): string {
  if (!OUTCOMES.some((outcome) => outcome === text))
    throw new Error('has to be allowed, refused or failed');
  return text;
}

/** Beyond it a person wants a file, and not a screen. */
const LINES_LIMIT = 1_000_000;

function parseLines(text: string): number {
  const lines = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(lines >= 1 && lines <= LINES_LIMIT))
    throw new Error('has to be a number of lines: 1 to 1000000');
  return lines;
}

export const LOG_OPTIONS: readonly Option[] = [
  {
    flags: '--follow',
    description: 'go on with each request as it ends; Ctrl-C stops',
    fallback: false,
    flagOnly: true,
  },
  {
    flags: '--client <name>',
    description: 'of this client; * and ? stand for other letters',
    values: 'clients',
    flagOnly: true,
  },
  {
    flags: '--profile <name>',
    description: 'to this profile; * and ? stand for other letters',
    values: 'profiles',
    flagOnly: true,
  },
  {
    flags: '--operation <name>',
    description: 'of this operation, such as createFeature or *token*',
    flagOnly: true,
  },
  {
    flags: '--verdict <verdict>',
    description: 'allowed, refused, or failed (let through, and no answer came)',
    parse: parseOutcome,
    values: OUTCOMES,
    flagOnly: true,
  },
  {
    flags: '--since <time>',
    description: 'since so long ago (90s, 30m, 8h, 7d) or a date (2026-11-23T09:00)',
    parse: parseSince,
    flagOnly: true,
  },
  {
    flags: '--lines <count>',
    description: 'the last so many (default: 50; with --since or --json all)',
    parse: parseLines,
    flagOnly: true,
  },
];

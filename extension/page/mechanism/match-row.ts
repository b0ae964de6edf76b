import type { TokenEnd } from '../../platform/messages.ts';
import type { TokenRow } from './token-table.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** By what a row may be told from the others on screen. */
export function keyOfRow({ name, kind, project, environment, created }: TokenRow): string {
  return JSON.stringify([name, kind, project, environment, created]);
}

/** The tokens that a row may be: those that agree with all that it shows. */
export function tokensOfRow(row: TokenRow, tokens: readonly TokenEnd[]): TokenEnd[] {
  return tokens.filter(
    (token) =>
      token.name.trim() === row.name &&
      (row.kind === undefined || token.kind === row.kind) &&
      (row.environment === undefined || token.environment === row.environment) &&
      (row.project === undefined || showsAs(token.projects, row.project)) &&
      (row.created === undefined || mayBeMadeOn(token.createdAt, row.created)),
  );
}

/**
 * A token that ends when that of the row does; undefined is "cannot be told", which is so too where tokens that look
 * alike end at different times.
 */
export function endOfRow(candidates: readonly TokenEnd[]): TokenEnd | undefined {
  const ends = new Set(candidates.map((token) => token.expiresAt));
  return ends.size === 1 ? candidates[0] : undefined;
}

function showsAs(projects: readonly string[], shown: string | number): boolean {
  if (typeof shown === 'number') return projects.length === shown;
  return projects.length === 1 && projects[0] === shown;
}

/**
 * A day either way counts as the same: Unleash may show the date in another time zone. So do day and month changed over,
 * and a date that is not written in these digits. What is left out here was made at another time for certain.
 */
function mayBeMadeOn(createdAt: string | null, shown: string): boolean {
  const made = createdAt === null ? Number.NaN : Date.parse(createdAt);
  const digits = numbersIn(shown);
  if (Number.isNaN(made) || digits.length !== 3) return true;
  return [-1, 0, 1].some((days) => {
    const date = new Date(made + days * DAY_MS);
    const own = [date.getDate(), date.getMonth() + 1, date.getFullYear()];
    return own.sort((a, b) => a - b).join() === digits.join();
  });
}

function numbersIn(words: string): number[] {
  return (words.match(/\d+/g) ?? []).map(Number).sort((a, b) => a - b);
}

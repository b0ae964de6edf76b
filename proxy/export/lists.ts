import { METHODS } from '../data/steps/target.ts';
import type { Line, Lines } from './lines.ts';

export const METHODS_SERVED: readonly string[] = [...METHODS];

/** How many lists all have to let a request pass. */
export function listCount({ blocks }: Lines): number {
  return Math.max(1, ...blocks.map(({ lists }) => lists.length));
}

/** One list through all operations; where one has fewer, its first stands in both. */
export function listOf({ blocks }: Lines, at: number): Line[] {
  return blocks.flatMap(({ operation, lists }) =>
    (lists[at] ?? lists[0] ?? []).map((line) => ({ ...line, why: `${operation}: ${line.why}` })),
  );
}

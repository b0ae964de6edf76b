import { afterAll, beforeAll } from 'vitest';
import { freshTokenleash } from './tokenleash.ts';

type Built = Awaited<ReturnType<typeof freshTokenleash>>;

/** `freshTokenleash` for a whole file: built before its first test and hook, ended after the last. */
export function useTokenleash(): Pick<Built, 'program' | 'at' | 'fresh'> {
  let built: Built | undefined;
  beforeAll(async () => {
    built = await freshTokenleash();
  });
  afterAll(() => built?.end());
  const there = (): Built => {
    if (built === undefined) throw new Error('The program is built when the first test begins.');
    return built;
  };
  return {
    get program() {
      return there().program;
    },
    at: (...words) => there().at(...words),
    fresh: (...words) => there().fresh(...words),
  };
}

import { describe, expect, test } from 'vitest';
import {
  highlight,
  matchingOptions,
  optionNamed,
  toggleChoice,
} from '../../extension/ui/options.ts';

const options = ['All current and future projects', 'checkout', 'Checkout mobile'].map((label) => ({
  value: label,
  label,
}));
const NO_LIMIT = Number.POSITIVE_INFINITY;

describe('the search in a list', () => {
  test('finds every word in any case and any order', () => {
    expect(matchingOptions(options, 'MOBILE check')).toEqual([options[2]]);
    expect(matchingOptions(options, ' ')).toEqual(options);
    expect(matchingOptions(options, 'nothing')).toEqual([]);
  });

  test('knows an option by its whole name alone', () => {
    expect(optionNamed(options, ' CHECKOUT ')).toBe(options[1]);
    expect(optionNamed(options, 'check')).toBeUndefined();
  });

  test('marks the match where it stands', () => {
    expect(highlight('Checkout mobile', 'OUT')).toEqual({
      before: 'Check',
      match: 'out',
      after: ' mobile',
    });
    expect(highlight('checkout', '')).toMatchObject({ match: '' });
    // The capital dotted I grows in lower case; a match by position would cut the wrong letters.
    expect(highlight('İstanbul', 'stan')).toMatchObject({ before: 'İstanbul' });
  });
});

describe('a choice of several', () => {
  test('drives out all projects when one is chosen, and the other way round', () => {
    expect(toggleChoice(['a', 'b'], '*', '*', NO_LIMIT)).toEqual(['*']);
    expect(toggleChoice(['*'], 'a', '*', NO_LIMIT)).toEqual(['a']);
  });

  test('is taken back by choosing it again', () => {
    expect(toggleChoice(['a', 'b'], 'a', '*', NO_LIMIT)).toEqual(['b']);
  });

  test('is replaced where only one is allowed', () => {
    expect(toggleChoice(['a'], 'b', '*', 1)).toEqual(['b']);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localDate, nameOfUser } from '../../extension/popup/name.ts';
import {
  BRACES,
  fillName,
  halfFilledName,
  NAME_LIMIT,
  type NameFacts,
  patternOf,
  patternProblem,
} from '../../extension/recipe/name-pattern.ts';

const NOW = new Date(2026, 10, 24, 14, 5).getTime();
const facts: NameFacts = {
  user: 'Maria.Lee@example.com',
  now: NOW,
  projects: ['checkout'],
  environment: 'production',
  taken: [],
};

const word = fc.stringMatching(/^[a-z0-9-]{0,8}$/);
const pattern = fc
  .array(fc.oneof(word, fc.constantFrom(...BRACES)), { maxLength: 8 })
  .map((parts) => parts.join(''));
const anyFacts = fc.record({
  user: fc.string(),
  now: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  projects: fc.array(fc.string(), { maxLength: 6 }),
  environment: fc.string(),
  taken: fc.array(fc.string(), { maxLength: 6 }),
});

describe('a name pattern', () => {
  test('takes user, date, project, environment and number', () => {
    const name = fillName('{user}/{project}/{env}/{date}/{n}', facts);
    expect(name).toBe('maria.lee/checkout/production/2026-11-24/1');
  });

  test('without braces is the name', () => {
    expect(fillName('ci-deploy', facts)).toBe('ci-deploy');
  });

  test('takes the next free number, also where one in between is free', () => {
    const taken = ['ci-1', 'ci-2', 'ci-4', 'other-3'];
    expect(fillName('ci-{n}', { ...facts, taken })).toBe('ci-3');
    expect(fillName('ci-{n}-of-{n}', { ...facts, taken: ['ci-1-of-1'] })).toBe('ci-2-of-2');
  });

  test('with a name that is taken and no number in it gets one', () => {
    expect(fillName('ci-{env}', { ...facts, taken: ['ci-production'] })).toBe('ci-production-2');
  });

  test.each([
    [['*'], 'all'],
    [['a', 'b', 'c'], 'a+b+c'],
    [['a', 'b', 'c', 'd', 'e'], 'a+b+3'],
  ])('names the projects %j as %s', (projects, said) => {
    expect(fillName('{project}', { ...facts, projects })).toBe(said);
  });

  test('reads nothing that was put in as a pattern again', () => {
    expect(fillName('{project}', { ...facts, projects: ['{env}{n}'] })).toBe('envn');
  });

  test.each([
    ['{usr}-{date}', { is: 'unknown', brace: '{usr}' }],
    ['{User}', { is: 'unknown', brace: '{User}' }],
    ['a-{}', { is: 'unknown', brace: '{}' }],
    ['{{n}}', { is: 'stray', brace: '{' }],
    ['a}', { is: 'stray', brace: '}' }],
    ['x'.repeat(NAME_LIMIT + 1), { is: 'long', length: NAME_LIMIT + 1 }],
  ])('%s is told as wrong', (text, problem) => {
    expect(patternProblem(text, true)).toEqual(problem);
  });

  test('has no project and no environment for a token without a scope', () => {
    expect(patternProblem('{user}-{env}', false)).toEqual({ is: 'no-scope', brace: '{env}' });
    expect(patternProblem('{user}-{env}', true)).toBe(null);
  });

  test('that is not told as wrong leaves no brace in any name', () => {
    fc.assert(
      fc.property(pattern, anyFacts, (text, given) => {
        fc.pre(patternProblem(text, true) === null);
        expect(fillName(text, given)).not.toMatch(/[{}]/);
      }),
    );
  });

  test('gives a name that is free, whatever is taken', () => {
    fc.assert(
      fc.property(pattern, fc.integer({ min: 0, max: 9 }), (text, count) => {
        const taken: string[] = [];
        for (let made = 0; made <= count; made += 1) {
          const name = fillName(text, { ...facts, taken });
          expect(taken).not.toContain(name);
          taken.push(name);
        }
      }),
    );
  });

  test('filled half and then whole is the same as filled at once', () => {
    fc.assert(
      fc.property(pattern, (text) => {
        expect(fillName(halfFilledName(text, facts), facts)).toBe(fillName(text, facts));
      }),
    );
  });
});

describe('the pattern of a name that was typed', () => {
  test('has braces for what is the user’s, today’s and the scope’s', () => {
    expect(patternOf('maria.lee-2026-11-24', facts)).toBe('{user}-{date}');
    expect(patternOf('ci-checkout-production', facts)).toBe('ci-{project}-{env}');
  });

  test('leaves a word inside another alone', () => {
    expect(patternOf('checkouts-production2', facts)).toBe('checkouts-production2');
  });

  test('gives the same name again', () => {
    const part = fc.oneof(
      word,
      fc.constantFrom('-', localDate(NOW), nameOfUser(facts.user), 'checkout', 'production'),
    );
    const name = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(name, (text) => {
        expect(fillName(patternOf(text, facts), facts)).toBe(text);
      }),
    );
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { messagesIn, speak } from './browser-words.ts';

/** What says things in a browser of this language (`browser`) that took these messages. */
async function sayIn(messages: string, browser = messages) {
  vi.resetModules();
  speak(browser, messagesIn(messages));
  return import('../../extension/platform/say.ts');
}

afterEach(() => speak('en', messagesIn('en')));

describe('say', () => {
  it('fills in values in their places, whatever stands in them', async () => {
    const { say } = await sayIn('en');
    expect(say('slots_used', 3, 10)).toBe('3 of 10 slots used.');
    expect(say('slow', 'cost-$1.example.com')).toContain('cost-$1.example.com is slow');
  });

  it('counts in the form of the language', async () => {
    const english = await sayIn('en');
    expect([0, 1, 2].map((count) => english.sayCount('found', count))).toEqual([
      '0 tokens match',
      '1 token matches',
      '2 tokens match',
    ]);
    const german = await sayIn('de');
    expect([1, 2].map((count) => german.sayCount('changes_made', count))).toEqual([
      '1 Änderung gemacht.',
      '2 Änderungen gemacht.',
    ]);
  });

  it('says later what was read before, when the extension is gone from the page', async () => {
    const { sayLater, sayCountLater } = await sayIn('en');
    const clears = sayLater('clears_in');
    const ends = sayCountLater('expires_in_days');
    vi.stubGlobal('chrome', {});
    expect(clears('$1 $& s')).toBe('Clears in $1 $& s.');
    expect(ends(1)).toBe('Expires in 1 day');
    expect(ends(2)).toBe('Expires in 2 days');
    vi.unstubAllGlobals();
  });
});

describe('language', () => {
  it.for([
    ['en', 'en-GB', 'en-GB'],
    ['en', 'en', 'en'],
    ['de', 'de-AT', 'de-AT'],
    ['en', 'fr', 'en'],
    ['de', 'en-US', 'de'],
    ['en', 'eng', 'en'],
  ])('of words in %s, in a browser in %s, is %s', async ([messages = '', browser, language]) => {
    const say = await sayIn(messages, browser);
    expect(say.language()).toBe(language);
  });

  it('writes numbers its own way', async () => {
    expect((await sayIn('en')).numberWords(2.5)).toBe('2.5');
    expect((await sayIn('de')).numberWords(2.5)).toBe('2,5');
    expect((await sayIn('en')).numberWords(1200)).toBe('1200');
  });

  it('writes dates beside its words', async () => {
    await sayIn('de');
    const { dayWords, expiryMark } = await import('../../extension/popup/words/tokens.ts');
    const { wholeTime } = await import('../../extension/popup/expiry.ts');
    const now = Date.UTC(2026, 10, 25, 12);
    const end = new Date(2027, 2, 14, 14, 5).getTime();
    expect(dayWords(end, now)).toBe('14. März 2027');
    expect(wholeTime(end)).toBe('So. 14. März 2027, 14:05');
    expect(expiryMark(new Date(now + 3 * 86_400_000).toISOString(), now).text).toBe('in 3 Tagen');
  });
});

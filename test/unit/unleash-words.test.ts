import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ErrorFacts, UNLEASH_ERROR_CODES, unleashError } from '../../shared/unleash/errors.ts';
import { messagesIn, speak } from './browser-words.ts';

const few = { host: 'unleash.example.com', baseUrl: 'https://unleash.example.com/flags' };
const needed = { ...few, seconds: 30, status: 503, limit: 10, suggestion: 'web-2' };
const all = {
  ...needed,
  said: 'The moon is not full',
  permissions: ['ADMIN', 'CREATE_CLIENT_API_TOKEN', 'CREATE_PROJECT_API_TOKEN'],
  leadsTo: 'https://sso.example.com/start',
  reason: 'Its certificate has expired. Have it renewed.',
  page: true,
};
const { suggestion: _suggestion, limit: _limit, ...bare } = needed;

const KNOWN: Record<string, ErrorFacts> = {
  'what every error knows': needed,
  'all facts': all,
  'all facts, of a call that creates': { ...all, creates: true },
  'no reason, of a call that creates': { ...needed, creates: true },
  'rights to ask for': { ...needed, permissions: ['ADMIN'] },
  "the server's own words, ended": { ...needed, said: 'Not today!' },
};

/** The failures in a language, as a browser that has just started says them. */
async function wordsIn(language: string) {
  vi.resetModules();
  speak(language, messagesIn(language));
  return import('../../extension/background/unleash-words.ts');
}

afterEach(() => speak('en', messagesIn('en')));

describe("the extension's words for what the Unleash client ended in", () => {
  it.for(Object.entries(KNOWN))(
    'are those of the proxy, in English, with %s',
    async ([, facts]) => {
      const { failureWords, failureLine } = await wordsIn('en');
      for (const code of UNLEASH_ERROR_CODES) {
        const error = unleashError(code, facts);
        expect(failureWords(error), code).toEqual({ title: error.title, message: error.advice });
        expect(failureLine(error), code).toBe(error.message);
      }
    },
  );

  it('are those of the proxy where there is no number and no better value', async () => {
    const { failureWords } = await wordsIn('en');
    for (const code of [
      'api-token.limit',
      'pat.description-exists',
      'server.redirect',
      'server.busy',
    ] as const) {
      const error = unleashError(code, code === 'server.busy' ? few : bare);
      expect(failureWords(error), code).toEqual({ title: error.title, message: error.advice });
    }
  });

  it.for(Object.entries(KNOWN))('are other ones in German, with %s', async ([, facts]) => {
    const { failureWords } = await wordsIn('de');
    for (const code of UNLEASH_ERROR_CODES) {
      const error = unleashError(code, facts);
      const words = failureWords(error);
      expect(words.title, code).not.toBe(error.title);
      // What Unleash and its connection said is passed on as it was.
      if (facts.reason === undefined) expect(words.message, code).not.toBe(error.advice);
      expect(`${words.title} ${words.message}`, code).not.toMatch(/\$\d|undefined/);
    }
  });

  it('pass on what the server said as it said it', async () => {
    const { failureWords } = await wordsIn('de');
    expect(
      failureWords(unleashError('request.refused', { ...few, said: 'Not on $1 days' })),
    ).toEqual({
      title: 'Unleash hat dies nicht angenommen',
      message: 'Er sagte: Not on $1 days. Ändern und erneut versuchen.',
    });
  });
});

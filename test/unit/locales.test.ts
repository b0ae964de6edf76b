import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messagesIn } from './browser-words.ts';
import { extensionFiles, wordsInCode } from './words-in-code.ts';

const LANGUAGES = ['en', 'de'];
const english = messagesIn('en');
const keys = Object.keys(english);

const placesIn = (message: string): string[] =>
  [...new Set([...message.matchAll(/\$(?:\d+\$?|\w*\$?)/g)].map((match) => match[0]))].sort();

/** Same in both languages, since they are names, units or English words that German took. */
const SAME = new Set([
  'tab_proxy',
  'kind_backend',
  'kind_frontend',
  'kind_admin',
  'name_field',
  'token',
  'seconds',
  'minutes',
  'hours',
  'unleash_version',
  'version',
  'theme_system',
  'in_span',
  'pat_known',
]);

describe.each(LANGUAGES)('the messages in %s', (language) => {
  const messages = messagesIn(language);

  it('are those that there are in English, in the same order', () => {
    expect(Object.keys(messages)).toEqual(keys);
  });

  it('take the same values as in English', () => {
    for (const key of keys) {
      const places = placesIn(messages[key]?.message ?? '');
      expect(places, key).toEqual(placesIn(english[key]?.message ?? ''));
      // A `$` that is no place would be one of another kind to a browser; `sayLater` knows four.
      for (const place of places) expect(place, key).toMatch(/^\$[1-4]$/);
    }
  });

  it('are neither empty nor padded', () => {
    for (const [key, { message }] of Object.entries(messages)) {
      expect(message, key).toMatch(/^\S.*$|^\S$/);
      expect(message.trim(), key).toBe(message);
    }
  });

  it('say which language they are in, by a tag that every browser knows', () => {
    expect(messages.locale_tag?.message).toBe(language);
    expect(Intl.DateTimeFormat.supportedLocalesOf([language])).toEqual([language]);
  });

  it('have a form for every count', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    expect([...forms].sort()).toEqual(['one', 'other']);
  });
});

it('says all of it in German, but for what is the same', () => {
  const german = messagesIn('de');
  const alike = keys.filter((key) => german[key]?.message === english[key]?.message);
  expect(alike.filter((key) => !SAME.has(key) && key !== 'locale_tag')).toEqual([]);
  expect([...SAME].filter((key) => !alike.includes(key))).toEqual([]);
});

it('leaves out of German what a careful text leaves out', () => {
  const words = Object.entries(messagesIn('de')).filter(([, { message }]) =>
    /\b(?:Sie|Ihre?[mnrs]?|bitte|ungültig\w*|erfolgreich\w*)\b/.test(message),
  );
  expect(words).toEqual([]);
});

it('has a word for every message that the code names, with the values that it takes', () => {
  const { said } = wordsInCode();
  expect(said.length).toBeGreaterThan(500);
  for (const { file, key, values, counts } of said) {
    const forms = counts ? [`${key}_one`, `${key}_other`] : [key];
    for (const form of forms) {
      const message = english[form]?.message;
      expect(message, `${form} in ${file}`).toBeDefined();
      if (values === null) continue;
      const highest = Math.max(0, ...placesIn(message ?? '').map((place) => Number(place[1])));
      // A form for one need not say the number.
      if (form.endsWith('_one')) expect(highest, `${form} in ${file}`).toBeLessThanOrEqual(values);
      else expect(highest, `${form} in ${file}`).toBe(values);
    }
  }
});

it('has no message that nothing says', () => {
  const { said } = wordsInCode();
  const root = join(import.meta.dirname, '../..');
  const manifest = readFileSync(join(root, 'manifest.json'), 'utf8');
  const used = new Set([...manifest.matchAll(/__MSG_(\w+)__/g)].map((match) => match[1]));
  for (const { key, counts } of said) {
    for (const form of counts ? [`${key}_one`, `${key}_other`] : [key]) used.add(form);
  }
  expect(keys.filter((key) => !used.has(key))).toEqual([]);
});

it('leaves no English in the code of the extension', () => {
  expect(extensionFiles().length).toBeGreaterThan(200);
  expect(wordsInCode().left).toEqual([]);
});

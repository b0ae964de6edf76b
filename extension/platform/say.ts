import type messages from '../public/_locales/en/messages.json';

/** A message of `_locales/en/messages.json`, which has every one there is. */
export type MessageKey = keyof typeof messages;

type StemOf<Key> = Key extends `${infer Stem}_other`
  ? `${Stem}_one` extends MessageKey
    ? Stem
    : never
  : never;

/** The beginning of a pair of messages, one for each form of a count: `found` of `found_one` and `found_other`. */
export type CountedKey = StemOf<MessageKey>;

export type Value = string | number;

/**
 * A message in the user's language, its `$1` … `$9` filled in. Asked by `chrome.i18n`, which both browsers have in every
 * part of an extension and which answers at once: webextension-polyfill adds nothing to it, and is not there in pages.
 */
export function say(key: MessageKey, ...values: Value[]): string {
  return chrome.i18n.getMessage(key, values.map(String));
}

/** A message that counts: `$1` is the count, the values are `$2` and on. */
export function sayCount(stem: CountedKey, count: number, ...values: Value[]): string {
  return say(formOf(stem, count), count, ...values);
}

/**
 * A message that is read now and filled in when it is said. On a page, where the extension may be updated or switched
 * off meanwhile: from then on the browser gives no message any more, and throws.
 */
export function sayLater(key: MessageKey): (...values: Value[]) => string {
  // Filled in with what stands in it, it comes back as it is.
  const text = say(key, ...PLACES);
  return (...values) =>
    text.replace(/\$([1-9])/g, (_, place) => String(values[Number(place) - 1] ?? ''));
}

/** `sayLater` of a message that counts: `$1` is the count, the values are `$2` and on. */
export function sayCountLater(stem: CountedKey): (count: number, ...values: Value[]) => string {
  const rules = new Intl.PluralRules(language());
  const forms = { one: sayLater(`${stem}_one`), other: sayLater(`${stem}_other`) };
  return (count, ...values) =>
    forms[rules.select(count) === 'one' ? 'one' : 'other'](count, ...values);
}

const PLACES = ['$1', '$2', '$3', '$4'];

let plurals: Intl.PluralRules | undefined;

function formOf(stem: CountedKey, count: number): MessageKey {
  plurals ??= new Intl.PluralRules(language());
  return `${stem}_${plurals.select(count)}` as MessageKey;
}

/** A number as it is written in that language: `2.5`, `2,5`. */
export function numberWords(value: number): string {
  return new Intl.NumberFormat(language(), { useGrouping: false }).format(value);
}

let known: string | undefined;

/**
 * The language that the words are in, for what is written beside them: dates, numbers. It is the browser's with its
 * region (`en-GB`) where the browser speaks that language, since a region has a form of its own for dates.
 */
export function language(): string {
  if (known === undefined) {
    const tag = say('locale_tag');
    const own = chrome.i18n.getUILanguage();
    known = own === tag || own.startsWith(`${tag}-`) ? own : tag;
  }
  return known;
}

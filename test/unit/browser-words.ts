import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Messages = Record<string, { message: string; description?: string }>;

/** The messages of a language, as they stand in the extension. */
export function messagesIn(language: string): Messages {
  const path = join(
    import.meta.dirname,
    `../../extension/public/_locales/${language}/messages.json`,
  );
  return JSON.parse(readFileSync(path, 'utf8'));
}

/**
 * Lets `chrome.i18n` answer as a browser in this language does: a message that there is not is empty, `$1` … `$9` are
 * filled in, and what was filled in is not looked at again.
 */
export function speak(language: string, messages: Messages): void {
  const i18n = {
    getMessage: (key: string, values: readonly string[] = []) =>
      (messages[key]?.message ?? '').replace(/\$([1-9])/g, (_, place) => values[place - 1] ?? ''),
    getUILanguage: () => language,
  };
  const world = globalThis as { chrome?: object };
  world.chrome = { ...world.chrome, i18n };
}

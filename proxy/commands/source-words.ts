import { resolve } from 'node:path';
import { findTokens } from '../../shared/token/grammar.ts';
import { EXIT, Problem } from '../problem.ts';
import { splitWords } from '../profiles/command-words.ts';
import { sourceWord } from '../profiles/config-file.ts';
import type { SecretSource } from '../profiles/profile.ts';
import { isVariableName } from '../secrets/env.ts';
import { isOpReference } from '../secrets/op.ts';
import type { UsedSource } from '../secrets/read-when-used.ts';
import { isCredentialName } from '../secrets/systemd.ts';

/**
 * A source in a person's words: `env:VAR`, `file:PATH`, `exec:"CMD"`, `op://…` or `systemd:NAME`. Paths become
 * absolute, as a proxy may start in another folder. Throws a usage Problem that never repeats the words: what stands
 * there may be a token. `flag` is where it was typed, `next` what to type.
 */
export function parseUsedSource(text: string, flag: string, next: string): UsedSource {
  const wrong = (message: string) => new Problem(`${flag} ${message}`, next, EXIT.usage);
  const [, kind, rest = ''] = /^(env|file|exec|systemd):([\s\S]*)$/.exec(text) ?? [];
  if (findTokens(text).length > 0)
    throw wrong('has a token in it. It says where the token comes from, and never the token.');
  switch (kind) {
    case 'env':
      if (!isVariableName(rest)) throw wrong('env: needs the name of a variable.');
      return { from: 'env', variable: rest };
    case 'file':
      if (rest === '') throw wrong('file: needs a path.');
      return { from: 'file', path: resolve(rest) };
    case 'exec':
      return { from: 'exec', command: parseCommand(rest, wrong) };
    case 'systemd':
      if (!isCredentialName(rest)) throw wrong('systemd: needs the name of a credential.');
      return { from: 'systemd', credential: rest };
  }
  if (!text.startsWith('op://'))
    throw wrong(
      'has to be stdin, browser, env:VAR, file:PATH, exec:"CMD", op://VAULT/ITEM/FIELD or systemd:NAME.',
    );
  if (!isOpReference(text)) throw wrong('op:// needs a vault, an item and a field.');
  return { from: 'op', reference: text };
}

function parseCommand(text: string, wrong: (message: string) => Problem): string[] {
  const [program, ...rest] = splitWords(text);
  if (!program) throw wrong('exec: needs a program.');
  if (/\p{C}/u.test(text)) throw wrong('exec: has characters that no command has.');
  // A name alone is looked up in PATH; a path must mean the same file wherever the proxy starts.
  return [/[\\/]/.test(program) ? resolve(program) : program, ...rest];
}

/** Where a token lies, in words for a sentence. */
export function placeWords(source: SecretSource): string {
  if (!('store' in source)) return sourceWord(source);
  switch (source.store) {
    case 'keychain':
      return 'the keychain';
    case 'sealed-file':
      return 'the sealed file';
    case 'memory':
      return 'the memory of the running proxy';
  }
}

import { quoteForShell } from '../problem.ts';
import type { Profile, SecretSource } from '../profiles/profile.ts';
import type { SecretResult } from './secret.ts';

/**
 * What a caller is told of a token that is not to be had: not the commands, references and files that it comes from,
 * which are the owner's affair. The owner is told all of it, once for each reason.
 */
export function forCallers(
  log: (sentence: string) => void,
): (profile: Profile, result: SecretResult) => SecretResult {
  const told = new Map<string, string>();
  return ({ name, source }, result) => {
    if (result.ok) {
      if (told.size > 0) told.delete(name);
      return result;
    }
    if (!result.forOwner) return result;
    const said = result.said ? ` It says: ${result.said}` : '';
    const sentence = `Profile "${name}": ${result.message}${said} ${result.hint}`;
    if (told.get(name) !== sentence) log(sentence);
    told.set(name, sentence);
    return {
      ok: false,
      message: `The token of profile "${name}" is not to be had: ${whyOf(source, result.message)}.`,
      hint: `See what is missing: tokenleash profile show ${quoteForShell(name)}`,
    };
  };
}

/** How a program failed is said without its name, where it stands at the beginning as all of ours have it. */
function whyOf(source: SecretSource, message: string): string {
  const program = source.from === 'exec' ? quoteForShell(source.command[0] ?? '') : '';
  return program !== '' && message.startsWith(`${program} `)
    ? `its program${message.slice(program.length).replace(/\.$/, '')}`
    : WHY[source.from];
}

const WHY: Record<SecretSource['from'], string> = {
  exec: 'the program that gives it failed',
  op: '1Password did not give it',
  file: 'its file does not hold it',
  systemd: 'systemd gave no such credential',
  env: 'its variable does not hold it',
  stored: 'it does not open',
  browser: 'it does not open',
};

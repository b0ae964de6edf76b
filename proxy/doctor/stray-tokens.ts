import { type Check, type DoctorContext, type Finding, ok, type Place } from './check.ts';
import { placesToSearch } from './stray-places.ts';
import { hasToken, tokenLines } from './stray-search.ts';

/**
 * Tokens in clear that act as a person: in the environment, in files that shells and tools read, in the histories of
 * shells. Says where, never what.
 */
export const strayTokens: Check = {
  name: 'stray-tokens',
  doing: () => 'Looking for tokens in the environment, in dotfiles and in the histories of shells',
  async run(context) {
    const findings = inEnvironment(context);
    const { files, histories } = await placesToSearch(context);
    for (const file of [...files, ...histories]) {
      const found = await tokenLines(file);
      if (found.is === 'unreadable') findings.push(unread(file));
      else if (found.lines.length > 0)
        findings.push(inFile(file, found.lines, histories.includes(file)));
    }
    if (findings.length > 0) return findings;
    const searched = files.length + histories.length;
    return [ok(`No token lies in clear in the environment, nor in ${searched} files of yours.`)];
  },
};

function inEnvironment({ io: { env }, config }: DoctorContext): Finding[] {
  return Object.entries(env)
    .filter(([, value]) => hasToken(value ?? ''))
    .map(([name]) => {
      const reader = config?.profiles.find(
        ({ source }) => source.from === 'env' && source.variable === name,
      );
      const message = `${shown(name)} in the environment holds a token in clear: every program started from here reads it.`;
      return reader
        ? {
            status: 'warning',
            message: `${message} Profile "${reader.name}" takes its token from there.`,
            remedy: `Keep it in a store: tokenleash profile move ${reader.name} --to keychain (or --to sealed-file)`,
          }
        : {
            status: 'warning',
            message,
            remedy: `Take away the line that sets it, here type: unset ${shown(name)}, and give programs a phantom token: tokenleash run -- CMD`,
          };
    });
}

function inFile(file: string, lines: readonly number[], isHistory: boolean): Finding {
  const places: Place[] = lines.map((line) => ({ file, line }));
  return {
    status: 'warning',
    message: `${shown(file)} holds a token in clear: ${lineWords(lines)}.`,
    remedy: isHistory
      ? 'Close every shell (each writes its history at its end), delete the lines in an editor, then make a new token in Unleash and delete this one there.'
      : 'Take the token out of the file, and give programs a phantom token in its place: tokenleash run -- CMD. If others could read the file, make a new token in Unleash and delete this one there.',
    places,
  };
}

const unread = (file: string): Finding => ({
  status: 'warning',
  message: `${shown(file)} could not be looked into.`,
  remedy: 'Look into it yourself, as the user who owns it.',
});

/** More than these are counted and not listed in the sentence; `--json` has them all. */
const LISTED = 10;

function lineWords(lines: readonly number[]): string {
  if (lines.length === 1) return `line ${lines[0]}`;
  const listed = lines.slice(0, LISTED).join(', ');
  return lines.length > LISTED
    ? `lines ${listed} and ${lines.length - LISTED} more`
    : `lines ${listed}`;
}

/** Names of files and variables come from outside, and go to a terminal. */
const shown = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');

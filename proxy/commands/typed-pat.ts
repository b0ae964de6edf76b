import { EXIT, Problem } from '../problem.ts';
import { readPatText } from '../secrets/pat-text.ts';
import type { Io } from './command.ts';
import { askHidden, openTerminal } from './terminal.ts';

/** Far more than a token; what is longer is a file piped in by mistake. */
const INPUT_LIMIT_BYTES = 64 * 1024;

/** The PAT that is piped in, or pasted unseen where stdin is a terminal. Throws a Problem with exit code 4. */
export async function readTypedPat(io: Io, typed: string): Promise<string> {
  if (io.stdin.isTTY) {
    const terminal = openTerminal(io);
    if (terminal) {
      const text = await askHidden(terminal, {
        message: 'Personal access token (in Unleash: your profile, Personal API tokens)',
        validate(given) {
          const read = readPatText(given);
          return read.ok ? undefined : read.message;
        },
      });
      return requirePat(text, typed);
    }
  }
  return requirePat(await readInput(io, typed), typed);
}

function requirePat(text: string, typed: string): string {
  const read = readPatText(text);
  if (read.ok) return read.pat;
  throw new Problem(
    `${read.message} Nothing was stored. Pipe the token in, or paste it where it is asked for.`,
    typed,
    EXIT.credential,
  );
}

async function readInput(io: Io, typed: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of io.stdin) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > INPUT_LIMIT_BYTES)
      throw new Problem(
        'This is too long to be a token. Nothing was stored.',
        typed,
        EXIT.credential,
      );
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

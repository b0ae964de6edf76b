import { Problem, quoteForShell } from '../problem.ts';
import { readPrivate } from '../runtime/private-file.ts';
import { readPatText } from './pat-text.ts';
import type { SecretResult } from './secret.ts';

/** A PAT in a file of the user's own (owner and 0600 enforced), read when used. */
export async function readFileSecret(path: string, origin: string): Promise<SecretResult> {
  const hint = `ls -l ${quoteForShell(path)}`;
  try {
    const text = await readPrivate(path, 'owner-only');
    if (text === null) return { ok: false, message: `There is no ${path}.`, hint, absent: true };
    const read = readPatText(text);
    if (!read.ok) return { ok: false, message: `${path}: ${read.message}`, hint };
    return {
      ok: true,
      secret: { secret: read.pat, id: null, expiresAt: null, owner: null, origin },
    };
  } catch (error) {
    if (error instanceof Problem) return { ok: false, message: error.message, hint: error.next };
    throw error;
  }
}

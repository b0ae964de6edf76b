import { quoteForShell } from '../problem.ts';
import { readPatText } from './pat-text.ts';
import { runSecretProgram } from './program.ts';
import type { SecretResult } from './secret.ts';

/** `op://vault/item/field` or `op://vault/item/section/field`; names may have spaces, never control characters. */
export function isOpReference(text: string): boolean {
  if (!text.startsWith('op://') || /\p{C}/u.test(text)) return false;
  const parts = text.slice('op://'.length).split('/');
  return (parts.length === 3 || parts.length === 4) && parts.every((part) => part.trim() !== '');
}

/**
 * A PAT from 1Password by its own program: `op read --no-newline op://…`
 * (https://developer.1password.com/docs/cli/reference/commands/read). It prints the field and nothing else.
 */
export async function readOpSecret(
  reference: string,
  origin: string,
  env: NodeJS.ProcessEnv,
  limitMs?: number,
): Promise<SecretResult> {
  const hint = `op read ${quoteForShell(reference)}`;
  if (!isOpReference(reference))
    return { ok: false, message: `${quoteForShell(reference)} is no secret reference.`, hint };
  const ran = await runSecretProgram(['op', 'read', '--no-newline', reference], env, limitMs);
  if (!ran.ok) return { ok: false, message: ran.message, hint, said: ran.said };
  const read = readPatText(ran.output);
  if (!read.ok) return { ok: false, message: `${reference}: ${read.message}`, hint };
  return {
    ok: true,
    secret: { secret: read.pat, id: null, expiresAt: null, owner: null, origin },
  };
}

import * as v from 'valibot';
import { quoteForShell } from '../problem.ts';
import { readPatText } from './pat-text.ts';
import { runSecretProgram } from './program.ts';
import type { SecretResult } from './secret.ts';

/**
 * What the program prints: one JSON object, in the manner of AWS `credential_process`
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html). More fields are let pass.
 */
const answerSchema = v.object({
  version: v.literal(1),
  token: v.string(),
  /** ISO date-time; left out or null for a token that does not say when it ends. */
  expiresAt: v.optional(
    v.nullable(
      v.pipe(
        v.string(),
        v.regex(/^\d{4}-\d{2}-\d{2}T/),
        v.check((text) => !Number.isNaN(Date.parse(text))),
      ),
    ),
  ),
});

const SHAPE = '{"version":1,"token":"user:…","expiresAt":"2030-01-31T12:00:00Z"}';

/** A PAT from a program of the user's, run without a shell. What it printed is never repeated in an error. */
export async function readExecSecret(
  command: readonly string[],
  origin: string,
  env: NodeJS.ProcessEnv,
  now: number,
  limitMs?: number,
): Promise<SecretResult> {
  const hint = command.map(quoteForShell).join(' ') || 'tokenleash profile list';
  const ran = await runSecretProgram(command, env, limitMs);
  if (!ran.ok) return { ok: false, message: ran.message, hint, said: ran.said };
  const program = quoteForShell(command[0] ?? '');
  const no = (what: string): SecretResult => ({
    ok: false,
    message: `${program} ${what}.`,
    hint,
  });
  const answer = v.safeParse(answerSchema, json(ran.output));
  if (!answer.success) {
    const field = answer.issues[0].path?.[0]?.key;
    const wrong = field === undefined ? 'printed no JSON object' : `printed a wrong "${field}"`;
    return no(`${wrong}; it has to print ${SHAPE}`);
  }
  const { token, expiresAt = null } = answer.output;
  const read = readPatText(token);
  if (!read.ok) return no(`gave no token to use: ${read.message.replace(/\.$/, '')}`);
  if (expiresAt !== null && Date.parse(expiresAt) <= now)
    return no(`gave a token that expired at ${new Date(expiresAt).toISOString()}`);
  return { ok: true, secret: { secret: read.pat, id: null, expiresAt, owner: null, origin } };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

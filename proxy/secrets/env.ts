import { readPatText } from './pat-text.ts';
import type { SecretResult } from './secret.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function isVariableName(name: string): boolean {
  return NAME.test(name);
}

export const ENV_WARNING =
  'Every program that this user runs can read the environment of the proxy: env: keeps a token in clear.';

/** A PAT in a variable of the proxy's own environment, read when used. It has no known id or expiry. */
export function readEnvSecret(
  env: NodeJS.ProcessEnv,
  variable: string,
  origin: string,
): SecretResult {
  const value = env[variable];
  const hint = `${variable}=… tokenleash start`;
  if (value === undefined || value === '')
    return {
      ok: false,
      message: `${variable} is not set where the proxy runs.`,
      hint,
      absent: true,
    };
  const read = readPatText(value);
  if (!read.ok) return { ok: false, message: `${variable}: ${read.message}`, hint };
  return {
    ok: true,
    secret: { secret: read.pat, id: null, expiresAt: null, owner: null, origin },
  };
}

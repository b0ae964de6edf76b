import type { SecretSource } from '../profiles/profile.ts';
import { readEnvSecret } from './env.ts';
import { readFileSecret } from './file.ts';
import type { SecretResult } from './secret.ts';
import { readSystemdSecret } from './systemd.ts';

/** A source that is read when it is used, and kept in no store of ours. */
export type UsedSource = Exclude<SecretSource, { store: unknown }>;

/** Sources that a foreign program stands for: too slow to ask at every request. */
export type ProgramSource = Extract<SecretSource, { from: 'exec' | 'op' }>;

export function isProgram(source: SecretSource): source is ProgramSource {
  return source.from === 'exec' || source.from === 'op';
}

/** Reads a PAT from where the user keeps it. `origin` is the profile's base URL, which it is bound to. */
export async function readWhenUsed(
  source: UsedSource,
  origin: string,
  env: NodeJS.ProcessEnv,
  now: number,
): Promise<SecretResult> {
  switch (source.from) {
    case 'env':
      return readEnvSecret(env, source.variable, origin);
    case 'file':
      return await readFileSecret(source.path, origin);
    // With them comes Node's child_process, which few profiles need.
    case 'exec': {
      const { readExecSecret } = await import('./exec.ts');
      return await readExecSecret(source.command, origin, env, now);
    }
    case 'op': {
      const { readOpSecret } = await import('./op.ts');
      return await readOpSecret(source.reference, origin, env);
    }
    case 'systemd':
      return await readSystemdSecret(source.credential, origin, env);
  }
}

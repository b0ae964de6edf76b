import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { codeOf, fileProblem, Problem, quoteForShell } from '../problem.ts';
import { readPatText } from './pat-text.ts';
import type { SecretResult } from './secret.ts';

/** Set by systemd for a unit with credentials: https://systemd.io/CREDENTIALS */
export const CREDENTIALS_VARIABLE = 'CREDENTIALS_DIRECTORY';

/** Far more than a token. */
const SIZE_LIMIT_BYTES = 64 * 1024;

/** A name that systemd takes for a credential: that of a file, of ASCII, and no path. */
export function isCredentialName(name: string): boolean {
  return /^[A-Za-z0-9_.:@+=-]{1,255}$/.test(name) && name !== '.' && name !== '..';
}

/** A PAT that systemd gives to the proxy's unit, read when used. */
export async function readSystemdSecret(
  name: string,
  origin: string,
  env: NodeJS.ProcessEnv,
): Promise<SecretResult> {
  const hint = 'systemctl edit UNIT, and add LoadCredentialEncrypted= to its [Service]';
  const folder = env[CREDENTIALS_VARIABLE];
  const no = (message: string, absent = false): SecretResult => ({
    ok: false,
    message,
    hint,
    ...(absent ? { absent } : {}),
  });
  if (!isCredentialName(name)) return no(`"${name}" cannot be the name of a credential.`);
  if (!folder)
    return no(`${CREDENTIALS_VARIABLE} is not set: systemd gave no credential here.`, true);
  if (!isAbsolute(folder)) return no(`${CREDENTIALS_VARIABLE} has to be an absolute path.`);
  try {
    const text = await readCredential(join(folder, name));
    if (text === null) return no(`systemd gave no credential "${name}" here.`, true);
    const read = readPatText(text);
    if (!read.ok) return no(`Credential "${name}": ${read.message}`);
    return {
      ok: true,
      secret: { secret: read.pat, id: null, expiresAt: null, owner: null, origin },
    };
  } catch (error) {
    if (error instanceof Problem) return { ok: false, message: error.message, hint: error.next };
    throw error;
  }
}

/**
 * systemd may keep a credential as root's file and let the unit's user in by an ACL, whose mask shows as the group's
 * bits: so root may own it and a group may read it, which `file:` allows nobody.
 */
async function readCredential(path: string): Promise<string | null> {
  try {
    const handle = await open(
      path,
      constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW,
    );
    try {
      const found = await handle.stat();
      const look = `ls -l ${quoteForShell(path)}`;
      const user = process.getuid?.();
      if (!found.isFile() || found.size > SIZE_LIMIT_BYTES)
        throw new Problem(`${path} is not a credential: no file, or far too large.`, look);
      if (user !== undefined && found.uid !== user && found.uid !== 0)
        throw new Problem(
          `${path} belongs to another user (uid ${found.uid}), so it is not read.`,
          look,
        );
      if (user !== undefined && (found.mode & 0o037) !== 0)
        throw new Problem(`${path} can be read or changed by other users.`, look);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw fileProblem('read', path, error);
  }
}

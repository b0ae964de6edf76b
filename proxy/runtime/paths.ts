import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The four folders of the proxy, each made with mode 0700 when first written to. */
export type Paths = { config: string; state: string; data: string; runtime: string };

/** `TOKENLEASH_HOME` puts all four into one folder; else they lie where this system keeps such things. */
export async function resolvePaths(env: NodeJS.ProcessEnv): Promise<Paths> {
  const home = env.TOKENLEASH_HOME;
  if (home) {
    const base = resolve(home);
    return {
      config: join(base, 'config'),
      state: join(base, 'state'),
      data: join(base, 'data'),
      runtime: join(base, 'runtime'),
    };
  }
  const { default: envPaths } = await import('env-paths');
  const found = envPaths('tokenleash', { suffix: '' });
  // env-paths has no word for state but "log", which is XDG's state folder on Linux and a folder of logs elsewhere.
  const state = process.platform === 'linux' ? found.log : join(found.data, 'state');
  const given = env.XDG_RUNTIME_DIR;
  const runtime = given && isFolder(given) ? join(given, 'tokenleash') : join(state, 'run');
  return { config: found.config, state, data: found.data, runtime };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

export const configFile = (paths: Paths): string => join(paths.config, 'config.yaml');
export const auditFile = (paths: Paths): string => join(paths.state, 'audit.jsonl');
export const runningFile = (paths: Paths): string => join(paths.runtime, 'proxy.json');

/** `sun_path` holds 108 bytes on Linux (104 on macOS and the BSDs), its closing zero included. */
export const SOCKET_PATH_LIMIT = process.platform === 'linux' ? 107 : 103;

/**
 * The folder that the sockets lie in: the runtime folder, or where a path in it would be too long for a socket a
 * folder among temporary files. Its name follows from the runtime folder's, so that every command finds it.
 */
export function socketFolder(paths: Paths): { path: string; fallback: boolean } {
  const longest = join(paths.runtime, LONGEST_SOCKET);
  if (Buffer.byteLength(longest) <= SOCKET_PATH_LIMIT)
    return { path: paths.runtime, fallback: false };
  const mark = createHash('sha256').update(paths.runtime).digest('hex').slice(0, 12);
  const user = process.getuid?.() ?? 0;
  return { path: join(tmpdir(), `tokenleash-${user}-${mark}`), fallback: true };
}

const LONGEST_SOCKET = 'control.sock';
export const controlSocket = (paths: Paths): string =>
  join(socketFolder(paths).path, LONGEST_SOCKET);
export const dataSocket = (paths: Paths): string => join(socketFolder(paths).path, 'data.sock');
export const leaseSocket = (paths: Paths): string => join(socketFolder(paths).path, 'lease.sock');

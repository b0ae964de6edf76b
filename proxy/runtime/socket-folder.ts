import { type Paths, socketFolder } from './paths.ts';
import { isOwnFolder, privateFolder } from './private-file.ts';

/**
 * Whether the folder of the sockets is there. Asked before each connection: where the runtime path is too long, the
 * folder has a name that any user of this machine can work out and take first. Throws a Problem for a folder that is
 * a link there, another user's, or open to others.
 */
export function isOwnSocketFolder(paths: Paths): boolean {
  const { path, fallback } = socketFolder(paths);
  return isOwnFolder(path, { shared: fallback });
}

/** Makes the folder of the sockets. Throws a Problem where somebody else was there first. */
export function makeSocketFolder(paths: Paths): { path: string; fallback: boolean } {
  const folder = socketFolder(paths);
  // Looked at before a mode is set through what may be a link.
  if (folder.fallback) isOwnSocketFolder(paths);
  privateFolder(folder.path);
  isOwnSocketFolder(paths);
  return folder;
}

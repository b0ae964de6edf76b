import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, fileProblem, quoteForShell } from '../problem.ts';
import { socketFolder } from '../runtime/paths.ts';
import { type Check, type Finding, failed, failedBy, ok } from './check.ts';

/** Owner and mode of everything that is ours: folders 0700, files 0600; config.yaml may be read by others. */
export const files: Check = {
  name: 'files',
  doing: null,
  async run({ io }) {
    // Windows has neither owner nor mode as they are meant here.
    if (process.getuid === undefined) return [ok('File modes are not looked at on this system.')];
    const { config, state, data, runtime } = io.paths;
    const folders = [...new Set([state, data, runtime, socketFolder(io.paths).path])];
    const judged = [
      ...(await judge(config, OTHERS_WRITE)),
      ...(await Promise.all(folders.map((folder) => judge(folder, OTHERS_AT_ALL)))).flat(),
    ];
    const wrong = judged.filter((finding) => finding !== null);
    return wrong.length > 0 ? wrong : [ok('Files and folders are closed to other users.')];
  },
};

const OTHERS_WRITE = 0o022;
const OTHERS_AT_ALL = 0o077;

/** The folder and all in it; null for what is as it has to be, nothing for a folder that is not there. */
async function judge(folder: string, forbidden: number): Promise<(Finding | null)[]> {
  try {
    const found = await lstat(folder);
    const own = judgeOne(folder, found, forbidden);
    if (!found.isDirectory()) return [own];
    const names = await readdir(folder, { withFileTypes: true });
    const inside = names
      // The runtime folder may lie in the state folder; it has its own turn.
      .filter((entry) => !entry.isDirectory() && !entry.isSymbolicLink())
      .map(async ({ name }) => {
        const path = join(folder, name);
        const stats = await lstat(path).catch(() => null);
        return stats === null ? null : judgeOne(path, stats, forbidden);
      });
    return [own, ...(await Promise.all(inside))];
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    return [failedBy(fileProblem('look into', folder, error))];
  }
}

function judgeOne(path: string, { uid, mode }: Stats, forbidden: number): Finding | null {
  const shown = quoteForShell(path);
  if (uid !== process.getuid?.())
    return failed(`${path} belongs to another user (uid ${uid}).`, `Type: ls -ld ${shown}`);
  if ((mode & forbidden) === 0) return null;
  const isFolder = (mode & 0o170000) === 0o040000;
  const verb = forbidden === OTHERS_WRITE ? 'changed' : 'read or changed';
  return failed(
    `${path} can be ${verb} by other users (mode ${(mode & 0o777).toString(8).padStart(4, '0')}).`,
    `Type: chmod ${isFolder ? '700' : '600'} ${shown}`,
  );
}

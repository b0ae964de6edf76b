// Finds the gateways that `tokenleash export` is tested with: the system's, else Debian's packages, unpacked into the
// cache. They are not installed: that would start a server of its own on port 80.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onPath } from './find-program.mjs';
import { cacheFolder, runLogged } from './install.mjs';
import { StepFailed, step } from './report.mjs';

export const GATEWAYS = ['nginx', 'caddy'];

const unpacked = join(cacheFolder, 'gateways');

/** Path of a gateway's program, or null. @param {string} name */
export function gatewayPath(name) {
  // Debian has nginx where only root's PATH looks.
  return onPath(name, ['/usr/sbin', join(unpacked, 'usr/sbin'), join(unpacked, 'usr/bin')]);
}

/** Gets the gateways that are missing; throws where one is still missing then. */
export async function ensureGateways() {
  const missing = () => GATEWAYS.filter((name) => gatewayPath(name) === null);
  const wanted = missing();
  if (wanted.length === 0) return;
  const tried = [];
  if (process.platform === 'linux' && existsSync('/usr/bin/apt-get')) {
    await step(`Get ${wanted.join(' and ')} (Debian's packages, not installed)`, async () => {
      try {
        await unpack(wanted);
      } catch (error) {
        tried.push(error.message);
      }
    });
  }
  const left = missing();
  if (left.length === 0) return;
  throw new StepFailed(
    `What export writes is tested in real gateways, and these are missing: ${left.join(', ')}.${tried.length > 0 ? `\n${tried.join('\n')}` : ''}`,
    `Install ${left.join(' and ')}.`,
  );
}

/** @param {readonly string[]} names */
async function unpack(names) {
  mkdirSync(unpacked, { recursive: true });
  const download = () =>
    runLogged('apt-get', ['download', '-q', ...names], {
      log: 'apt-download-gateways',
      cwd: unpacked,
    });
  // Without the lists being fetched anew where those at hand will do.
  await download().catch(async (error) => {
    if (process.getuid?.() !== 0) throw error;
    await runLogged('apt-get', ['update', '-q'], { log: 'apt-update-gateways' });
    await download();
  });
  for (const file of readdirSync(unpacked).filter((name) => name.endsWith('.deb'))) {
    const path = join(unpacked, file);
    await runLogged('dpkg-deb', ['--extract', path, unpacked], { log: 'dpkg-gateways' });
    rmSync(path);
  }
}

// Finds the shells that completion is tested in: the system's, else Debian's packages when root.
import { onPath } from './find-program.mjs';
import { runLogged } from './install.mjs';
import { StepFailed, step } from './report.mjs';

export const SHELLS = ['bash', 'zsh', 'fish'];

/** Installs the shells that are missing; throws where one is still missing then. */
export async function ensureShells() {
  const missing = () => SHELLS.filter((name) => onPath(name) === null);
  const wanted = missing();
  if (wanted.length === 0) return;
  if (process.platform === 'linux' && process.getuid?.() === 0 && onPath('apt-get')) {
    await step(`Install ${wanted.join(', ')} (Debian's packages)`, async () => {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      const install = ['install', '-y', '-q', '--no-install-recommends', ...wanted];
      // Without the lists being fetched anew where those at hand will do.
      await runLogged('apt-get', install, { log: 'apt-install-shells', env }).catch(async () => {
        await runLogged('apt-get', ['update', '-q'], { log: 'apt-update-shells', env });
        await runLogged('apt-get', install, { log: 'apt-install-shells', env });
      });
    });
  }
  const left = missing();
  if (left.length > 0)
    throw new StepFailed(
      `Completion is tested in real shells, and these are missing: ${left.join(', ')}.`,
      `Install ${left.join(', ')}.`,
    );
}

// Finds what the tests of the keychain need: gnome-keyring and a D-Bus of its own. Installs Debian's packages when root.
import { onPath } from './find-program.mjs';
import { runLogged } from './install.mjs';
import { StepFailed, step } from './report.mjs';

const PROGRAMS = ['gnome-keyring-daemon', 'dbus-daemon'];
const PACKAGES = ['gnome-keyring', 'dbus'];

const missing = () => PROGRAMS.filter((name) => !onPath(name));

/** Makes sure that the programs are there; asks for no network where they are. */
export async function ensureKeychain() {
  if (missing().length === 0) return;
  const tried = [];
  if (process.platform === 'linux' && process.getuid?.() === 0 && onPath('apt-get')) {
    await step(`Install a keychain for its tests (Debian: ${PACKAGES.join(', ')})`, async () => {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      const install = ['install', '-y', '-q', '--no-install-recommends', ...PACKAGES];
      try {
        await runLogged('apt-get', ['update', '-q'], { log: 'apt-update-keychain', env });
        await runLogged('apt-get', install, { log: 'apt-install-keychain', env });
      } catch (error) {
        tried.push(error.message);
      }
    });
  }
  const left = missing();
  if (left.length === 0) return;
  throw new StepFailed(
    `The tests of the keychain need ${left.join(' and ')}, and it could not be installed.${tried.length > 0 ? `\n${tried.join('\n')}` : ''}`,
    `Install it, on Debian: sudo apt-get install ${PACKAGES.join(' ')}`,
  );
}

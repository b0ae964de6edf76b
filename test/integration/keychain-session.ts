import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureKeychain } from '../../scripts/keychain.mjs';

/** A desktop's session as far as a keychain is concerned: a D-Bus of its own with a real gnome-keyring on it. */
export type KeychainSession = {
  /** For programs that are to see this keychain. */
  env: NodeJS.ProcessEnv;
  /** Locks it, as a session that nobody is logged in to: nothing is there to ask for the password. */
  lock(): Promise<void>;
  unlock(): Promise<void>;
  /** Has it answer nothing, as one that hangs. */
  hang(): void;
  goOn(): void;
  end(): Promise<void>;
};

const PASSWORD = 'a password of this test';

export async function keychainSession(): Promise<KeychainSession> {
  await ensureKeychain();
  const home = mkdtempSync(join(tmpdir(), 'tl-keychain-'));
  const runtime = join(home, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], {
    // No display: whoever is asked for a password here says no at once.
    env: { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: runtime },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [address] = await once(createInterface({ input: bus.stdout }), 'line');
  const env = {
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    DBUS_SESSION_BUS_ADDRESS: String(address),
  };
  let daemon: ChildProcess | null = null;

  const endDaemon = async () => {
    if (daemon === null || daemon.exitCode !== null || daemon.signalCode !== null) return;
    daemon.kill('SIGKILL');
    await once(daemon, 'close');
  };
  /** A daemon that was given the password, or another one: its keyring stays locked then. */
  const startDaemon = async (password: string) => {
    await endDaemon();
    daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
      env: { ...env, PATH: process.env.PATH },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    daemon.stdin?.end(password);
    await ownsName(env);
  };
  await startDaemon(PASSWORD);
  return {
    env,
    lock: () => startDaemon('not the password'),
    unlock: () => startDaemon(PASSWORD),
    hang: () => void daemon?.kill('SIGSTOP'),
    goOn: () => void daemon?.kill('SIGCONT'),
    async end() {
      daemon?.kill('SIGCONT');
      await endDaemon();
      bus.kill();
      if (bus.exitCode === null) await once(bus, 'close');
      rmSync(home, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

const WAIT_LIMIT_MS = 60_000;

/** Resolves once the keychain is to be reached on the bus; a call before would have the bus start another one. */
async function ownsName(env: NodeJS.ProcessEnv): Promise<void> {
  const patience = performance.now() + WAIT_LIMIT_MS;
  for (;;) {
    const asked = spawn(
      'dbus-send',
      [
        '--session',
        '--print-reply',
        '--dest=org.freedesktop.DBus',
        '/org/freedesktop/DBus',
        'org.freedesktop.DBus.NameHasOwner',
        'string:org.freedesktop.secrets',
      ],
      { env: { ...env, PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    let said = '';
    asked.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await once(asked, 'close');
    if (said.includes('boolean true')) return;
    if (performance.now() > patience) throw new Error('gnome-keyring did not come up');
    await new Promise((done) => setTimeout(done, 50));
  }
}

import { type Account, accountAt, createAccount, type Role } from './account.ts';
import { askSupervisor } from './supervisor-link.ts';

export type { Account, CreatedPat, Role } from './account.ts';

export const DEFAULT_VERSION = '8.2.0';
export const ADMIN_USERNAME = 'admin';
export const ADMIN_PASSWORD = 'unleash4all';

const ADMIN_WITHIN_MS = 20_000;
const ADMIN_POLL_MS = 50;

/** A running Unleash; `Account` is its first administrator. */
export type Unleash = Account & {
  /** Base URL with the base path, without a slash at the end. */
  url: string;
  port: number;
  version: string;
  /** Another person with a root role and a password. */
  createUser(role: Role): Promise<Account>;
  stop(): Promise<void>;
};

export type StartOptions = {
  /** The name of a folder below `versions/`. */
  version?: string;
  /** Settings of Unleash itself, e.g. `SECURE_HEADERS`, `UNLEASH_EXPERIMENTAL_SECURE_TOKEN`. */
  env?: Record<string, string>;
  /** A sub-path with a leading slash, e.g. `/flags`. */
  basePath?: string;
  /** Takes one line for whatever may last longer than a second; by default standard error. */
  progress?: (line: string) => void;
};

/**
 * Starts a real Unleash on a database of its own, installing what is missing. It is ended by
 * `stop()`, and for certain when this process ends, however that happens.
 *
 * @throws Error when it cannot be installed or does not start, with what Unleash said last.
 */
export async function startUnleash(options: StartOptions = {}): Promise<Unleash> {
  const {
    version = DEFAULT_VERSION,
    env = {},
    basePath = '',
    progress = toStandardError,
  } = options;
  const settings = { ...env, ...(basePath ? { BASE_URI_PATH: basePath } : {}) };
  const begun = Date.now();
  progress(`Starting Unleash ${version}`);
  const started = await askSupervisor({ start: { version, env: settings } }, progress);
  if (!started) throw new Error(`Unleash ${version} did not start`);
  // Processes started from here on, such as test workers, share this Postgres.
  process.env.TOKENLEASH_TEST_POSTGRES = started.postgres;
  const url = `http://127.0.0.1:${started.port}${basePath}`;
  const admin = accountAt(
    url,
    env.UNLEASH_DEFAULT_ADMIN_USERNAME ?? ADMIN_USERNAME,
    env.UNLEASH_DEFAULT_ADMIN_PASSWORD ?? ADMIN_PASSWORD,
  );
  if (!env.AUTH_TYPE) await untilAdminExists(admin);
  progress(`Unleash ${version} runs at ${url} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);

  return {
    ...admin,
    url,
    port: started.port,
    version,
    createUser: (role) => createAccount(url, admin, role),
    async stop() {
      await askSupervisor({ stop: started.instance });
    },
  };
}

/** 4.19.5 listens before it has made its first user. */
async function untilAdminExists(admin: Account): Promise<void> {
  const deadline = Date.now() + ADMIN_WITHIN_MS;
  for (;;) {
    try {
      await admin.login();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, ADMIN_POLL_MS));
  }
}

function toStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}

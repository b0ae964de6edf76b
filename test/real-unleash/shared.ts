import { inject } from 'vitest';
import { type Account, accountAt, createAccount, newCredentials, type Role } from './account.ts';
import { ADMIN_PASSWORD, ADMIN_USERNAME, DEFAULT_VERSION } from './index.ts';

/** The Unleash that all test files share, seen by an administrator of the caller's own. */
export type SharedUnleash = Account & {
  url: string;
  port: number;
  version: string;
  createUser(role: Role): Promise<Account>;
};

/**
 * The shared 8.2.0. Each call gives an administrator of its own, so that test files do not fill
 * each other's ten places for PATs nor see each other's. He is made by the first `login()`,
 * `createPat()` or `createUser()`: await one of these before typing his password elsewhere.
 */
export function sharedUnleash(): SharedUnleash {
  const url = inject('unleashUrl');
  const first = accountAt(url, ADMIN_USERNAME, ADMIN_PASSWORD);
  const credentials = newCredentials('Admin');
  let making: Promise<Account> | undefined;
  const own = () => {
    making ??= createAccount(url, first, 'Admin', credentials);
    return making;
  };
  return {
    ...credentials,
    login: async () => (await own()).login(),
    createPat: async (description, expiresAt) => (await own()).createPat(description, expiresAt),
    url,
    port: Number(new URL(url).port),
    version: DEFAULT_VERSION,
    createUser: async (role) => createAccount(url, await own(), role),
  };
}

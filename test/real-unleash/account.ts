import { randomBytes } from 'node:crypto';

export type Role = 'Admin' | 'Editor' | 'Viewer';

/** A PAT as the server's answer to its creation has it; the secret is not to be had again. */
export type CreatedPat = { id: string; secret: string; expiresAt: string };

/** A person with a password on a running Unleash. */
export type Account = {
  username: string;
  password: string;
  /** The `Cookie` header's value. Logs in once: old servers allow five logins a minute. */
  login(): Promise<string>;
  /** Lives a day unless told otherwise. A user has ten places for PATs, expired ones included. */
  createPat(description: string, expiresAt?: Date | string): Promise<CreatedPat>;
};

const DAY_MS = 24 * 60 * 60 * 1000;

/** The account of that name at the Unleash at `url`; nothing is sent yet. */
export function accountAt(url: string, username: string, password: string): Account {
  let session: Promise<string> | undefined;
  const login = () => {
    session ??= logIn(url, username, password).catch((error: unknown) => {
      session = undefined;
      throw error;
    });
    return session;
  };
  return {
    username,
    password,
    login,
    async createPat(description, expiresAt = new Date(Date.now() + DAY_MS)) {
      const body = { description, expiresAt: new Date(expiresAt).toISOString() };
      const pat = await adminCall(url, await login(), 'POST', '/api/admin/user/tokens', body);
      return {
        id: String(pat.id),
        secret: String(pat.secret),
        expiresAt: new Date(String(pat.expiresAt)).toISOString(),
      };
    },
  };
}

/** A name and a password that no other user has. */
export function newCredentials(role: Role): { username: string; password: string } {
  return {
    username: `${role.toLowerCase()}-${randomBytes(5).toString('hex')}`,
    // Unleash refuses three equal characters in a row, which one random text in twelve has.
    password: `P4ss-${randomBytes(12)
      .toString('hex')
      .replace(/(.)(?=\1)/g, '$1-')}!`,
  };
}

/** Makes a user with that root role, by the rights of `admin`. */
export async function createAccount(
  url: string,
  admin: Account,
  role: Role,
  { username, password } = newCredentials(role),
): Promise<Account> {
  const cookie = await admin.login();
  const listed = await adminCall(url, cookie, 'GET', '/api/admin/user-admin');
  const roles = (listed.rootRoles ?? []) as { id: number; name: string }[];
  const rootRole = roles.find(({ name }) => name === role)?.id;
  if (rootRole === undefined) throw new Error(`The server at ${url} has no role ${role}`);
  const body = { username, name: username, rootRole, sendEmail: false };
  const user = await adminCall(url, cookie, 'POST', '/api/admin/user-admin', body);
  // In a call of its own, because 4.19.5 overlooks a password given at creation.
  await adminCall(url, cookie, 'POST', `/api/admin/user-admin/${user.id}/change-password`, {
    password,
  });
  return accountAt(url, username, password);
}

async function logIn(url: string, username: string, password: string): Promise<string> {
  const response = await fetch(`${url}/auth/simple/login`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      // Limits are counted by this address, and 4.19.5 allows five a minute: a login of ours must
      // not take one from the test.
      'x-forwarded-for': `10.${[...randomBytes(3)].join('.')}`,
      // With SECURE_HEADERS no cookie is given over what looks like plain HTTP.
      'x-forwarded-proto': 'https',
    },
    body: JSON.stringify({ username, password }),
  });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
  if (!response.ok || !cookie) {
    throw new Error(`${username} could not log in at ${url}: ${await complaint(response)}`);
  }
  // The head comes before the session is saved, the body's end after it: a call made between them is a stranger's.
  await response.text();
  return cookie;
}

async function adminCall(
  url: string,
  cookie: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { cookie, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await complaint(response)}`);
  return JSON.parse((await response.text()) || '{}') as Record<string, unknown>;
}

async function complaint(response: Response): Promise<string> {
  return `${response.status} ${(await response.text()).slice(0, 500)}`;
}

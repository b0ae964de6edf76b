import type { TypedAddress } from './base-url.ts';
import { type Failed, failed, type Result, unleashError } from './errors.ts';
import { type Fetch, factsOf, type Reply, type Sent, send } from './transport.ts';

/** For one probe, in ms. A person waits for it. */
const PROBE_TIMEOUT_MS = 10_000;

export type Recognised = {
  /** The candidate that answers as Unleash. */
  baseUrl: string;
  /** The session cookie sent along (`cookies: 'include'`) is somebody's. */
  loggedIn: boolean;
};

export type RecogniseOptions = {
  fetch: Fetch;
  /** `include` in the extension, where a login in front of Unleash may want its own cookie. */
  cookies?: 'include' | 'omit';
  timeoutMs?: number;
};

/**
 * Which of an address's base URLs is an Unleash (`/health` says GOOD and the admin API answers in its own words). No
 * token is ever sent. Fails with `server.not-unleash`, `server.redirect` (never followed), `server.tls`,
 * `server.unreachable`, `server.timeout`, `server.failed`, whichever says most.
 */
export async function recognise(
  address: TypedAddress,
  options: RecogniseOptions,
): Promise<Result<Recognised>> {
  let telling: Failed | null = null;
  for (const baseUrl of address.candidates) {
    const answer = await probe(baseUrl, options);
    if (answer.ok) return answer;
    const { code } = answer.error;
    // The whole host is out of reach: its other paths are as well.
    if (code === 'server.unreachable' || code === 'server.tls' || code === 'server.timeout')
      return answer;
    if (telling === null || telling.error.code === 'server.not-unleash') telling = answer;
  }
  return telling ?? failed('server.not-unleash', { host: address.origin, baseUrl: address.guess });
}

async function probe(baseUrl: string, options: RecogniseOptions): Promise<Result<Recognised>> {
  const timeoutMs = options.timeoutMs ?? PROBE_TIMEOUT_MS;
  const cookies = options.cookies ?? 'omit';
  const sent = (path: string): Sent => ({
    baseUrl,
    method: 'GET',
    path,
    token: null,
    cookies,
    timeoutMs,
  });
  const facts = factsOf({ baseUrl, timeoutMs });
  const [health, user] = await Promise.all([
    send(options.fetch, sent('/health')),
    send(options.fetch, sent('/api/admin/user')),
  ]);
  if (!health.ok) return health;
  const state = propertyOf(health.value, 'health');
  // Unleash with its database down.
  if (state === 'BAD') {
    return {
      ok: false,
      error: unleashError('server.failed', { ...facts, status: health.value.status }),
    };
  }
  const page = health.value.form === 'html' || (user.ok && user.value.form === 'html');
  const status = health.value.status;
  const notUnleash = failed('server.not-unleash', { ...facts, status, page });
  if (state !== 'GOOD') return notUnleash;
  if (!user.ok) return user;
  const loggedIn = user.value.status === 200 && propertyOf(user.value, 'user') !== undefined;
  // 4.19.5 to 8.2.0 name the way to log in; with AUTH_TYPE=none everyone is logged in.
  const asksToLogIn = user.value.status === 401 && user.value.form === 'json';
  return loggedIn || asksToLogIn ? { ok: true, value: { baseUrl, loggedIn } } : notUnleash;
}

function propertyOf(reply: Reply, name: string): unknown {
  const { json } = reply;
  if (typeof json !== 'object' || json === null) return undefined;
  return (json as Record<string, unknown>)[name];
}

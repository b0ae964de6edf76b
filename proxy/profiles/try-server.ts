import type { TypedAddress } from '../../shared/unleash/base-url.ts';
import { createAdminClient, type Fetch } from '../../shared/unleash/client.ts';
import type { UnleashError } from '../../shared/unleash/errors.ts';
import { recognise } from '../../shared/unleash/recognise.ts';
import { whoIs } from '../../shared/unleash/who.ts';

export type Tried = {
  /** The base path that answers as Unleash, else what it most likely is. */
  baseUrl: string;
  outcome: /** `owner` is null where no token was tried. */
    | { is: 'works'; owner: string | null }
    /** The server does not take this token. */
    | { is: 'refused'; error: UnleashError }
    /** Out of reach, or not an answer of Unleash's: nothing is known of the token. */
    | { is: 'unknown'; error: UnleashError };
};

/** Nothing came back that a second request could better. */
const NO_ANSWER = new Set([
  'server.unreachable',
  'server.tls',
  'server.timeout',
  'server.redirect',
]);

/** Finds the base URL of an address and tries a PAT there, once; none is sent where none is given. */
export async function tryServer(
  address: TypedAddress,
  pat: string | null,
  options: { fetch: Fetch; now: number; timeoutMs?: number },
): Promise<Tried> {
  const found = await recognise(address, options);
  const baseUrl = found.ok ? found.value.baseUrl : address.guess;
  if (!found.ok && (pat === null || NO_ANSWER.has(found.error.code)))
    return { baseUrl, outcome: { is: 'unknown', error: found.error } };
  if (pat === null) return { baseUrl, outcome: { is: 'works', owner: null } };
  const client = createAdminClient({
    ...options,
    now: () => new Date(options.now),
    baseUrl,
    credential: { by: 'token', token: pat },
  });
  const who = await whoIs(client);
  if (who.ok) return { baseUrl, outcome: { is: 'works', owner: who.value.identity.name } };
  const { error } = who;
  const refused = error.concern === 'credential' || error.status === 401 || error.status === 403;
  return { baseUrl, outcome: { is: refused ? 'refused' : 'unknown', error } };
}

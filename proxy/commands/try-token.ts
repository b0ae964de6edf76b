import { candidateBaseUrls, type TypedAddress } from '../../shared/unleash/base-url.ts';
import { EXIT, Problem, quoteForShell } from '../problem.ts';
import type { Profile } from '../profiles/profile.ts';
import { readTrustFiles, serverFetch } from '../profiles/server-fetch.ts';
import { type Tried, tryServer } from '../profiles/try-server.ts';
import { type Io, tell } from './command.ts';

/**
 * Tries a PAT (or with null the server alone) once, by the profile's certificates. Throws a Problem with exit code 4
 * for one that the server does not take; says so where it could not be tried.
 */
export async function tryToken(
  address: TypedAddress,
  pat: string | null,
  trusted: Pick<Profile, 'ca' | 'clientCertificate'>,
  io: Io,
  typed: string,
): Promise<Tried & { owner: string | null }> {
  const tried = await tryServer(address, pat, {
    fetch: serverFetch(address.origin, readTrustFiles(trusted), io.env),
    now: io.now(),
  });
  const { outcome } = tried;
  if (outcome.is === 'refused')
    throw new Problem(`${outcome.error.message} Nothing was changed.`, typed, EXIT.credential);
  if (outcome.is === 'unknown') {
    const what = pat === null ? 'The server' : 'The token';
    tell(io, `Warning: ${outcome.error.message} ${what} was not tried.`);
  }
  return { ...tried, owner: outcome.is === 'works' ? outcome.owner : null };
}

/** The base URL of a profile as an address to try: it alone, nothing of it is guessed. */
export function addressOf({ url, name }: Pick<Profile, 'url' | 'name'>): TypedAddress {
  const address = candidateBaseUrls(url);
  if (address.ok) return { ...address.value, candidates: [url], guess: url };
  throw new Problem(
    `The URL of profile "${name}" is not an address: ${address.error.message}`,
    `tokenleash profile set ${quoteForShell(name)} --url URL`,
    EXIT.usage,
  );
}

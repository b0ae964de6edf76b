import { request } from 'node:http';
import { candidateBaseUrls } from '../../shared/unleash/base-url.ts';
import { createAdminClient, type Fetch } from '../../shared/unleash/client.ts';
import { listPats, type Pat } from '../../shared/unleash/pats.ts';
import { openSealed } from '../commands/ask-passphrase.ts';
import type { Io } from '../commands/command.ts';
import { readAddresses } from '../profiles/confirmed-addresses.ts';
import type { Profile } from '../profiles/profile.ts';
import { readTrustFiles, serverFetch } from '../profiles/server-fetch.ts';
import { type Tried, tryServer } from '../profiles/try-server.ts';
import type { RunningProxy } from '../runtime/running-proxy.ts';
import { createKeychain } from '../secrets/keychain.ts';
import { systemKeyring } from '../secrets/keyring.ts';
import type { OpenStores } from '../secrets/open-stores.ts';
import { PASSPHRASE_VARIABLE, sealedFileExists, sealedPath } from '../secrets/passphrase.ts';
import type { StoredSecret } from '../secrets/secret.ts';
import { createSecretKeeper, isKept } from '../secrets/secret-keeper.ts';

/** What a profile's server said, or what kept it from being asked. */
export type Visit = {
  tried: Tried;
  /** The server's clock minus this machine's, ms; null where it named no time. */
  clockAheadMs: number | null;
  token: VisitToken;
};

export type VisitToken =
  | { is: 'read'; expiresAt: string | null; pats: Pat[] | null }
  /** The running proxy has it and was asked to use it; the answer's status, and whose token it is. */
  | { is: 'used'; status: number; owner: string | null }
  /** It could not be had without asking a person, or not at all. */
  | { is: 'missing'; message: string; remedy: string; broken: boolean };

/** For one request, ms. A person waits. */
const TIMEOUT_MS = 10_000;

/** Asks a profile's server who it is and whose the token is. Sends the PAT to the profile's own base URL alone. */
export async function visitServer(
  profile: Profile,
  io: Io,
  running: RunningProxy | null,
): Promise<Visit> {
  const address = candidateBaseUrls(profile.url);
  if (!address.ok) throw new Error('the URL of a profile is none');
  const secret = await secretFor(profile, io, running);
  let clockAheadMs: number | null = null;
  const plain = serverFetch(profile.url, readTrustFiles(profile), io.env);
  const fetch: Fetch = async (url, init) => {
    const sentAt = io.now();
    const answer = await plain(url, init);
    const said = Date.parse(answer.headers.get('date') ?? '');
    // The header has whole seconds and was written somewhere in between.
    if (!Number.isNaN(said)) clockAheadMs = said + 500 - (sentAt + io.now()) / 2;
    return answer;
  };
  // Exactly the profile's base URL: the token must not be tried on the other candidates of what was once typed.
  const exactly = { ...address.value, candidates: [profile.url], guess: profile.url };
  const pat = 'secret' in secret ? secret.secret : null;
  const tried = await tryServer(exactly, pat, { fetch, now: io.now(), timeoutMs: TIMEOUT_MS });
  const token =
    'secret' in secret
      ? await aboutRead(profile, secret, tried, fetch, io)
      : 'use' in secret
        ? await useThrough(secret.use, profile)
        : secret;
  return { tried, clockAheadMs, token };
}

type Secret = StoredSecret | { use: string } | Extract<VisitToken, { is: 'missing' }>;

/** The PAT itself where that takes no person, else the socket of the proxy that has it. */
async function secretFor(profile: Profile, io: Io, running: RunningProxy | null): Promise<Secret> {
  const socket = running?.address?.socket ?? null;
  if (isKept(profile.source) && socket !== null) return { use: socket };
  const keeper = createSecretKeeper({
    stores: isKept(profile.source) ? await storesOpenedByFiles(io) : {},
    env: io.env,
    now: io.now,
    isConfirmed: await readAddresses(io.paths),
  });
  await keeper.reload([profile]);
  const found = await keeper.secretOf(profile);
  if (found.ok) return found.secret;
  const asksPerson =
    isKept(profile.source) &&
    profile.source.store === 'sealed-file' &&
    !profile.unattended &&
    !io.env[PASSPHRASE_VARIABLE];
  return asksPerson
    ? {
        is: 'missing',
        message: 'The token is sealed under a passphrase, and no proxy runs that has it open.',
        remedy: 'Type: tokenleash start, and in another terminal: tokenleash doctor',
        broken: false,
      }
    : { is: 'missing', message: found.message, remedy: found.hint, broken: true };
}

async function storesOpenedByFiles(io: Io): Promise<OpenStores> {
  const stores: OpenStores = { keychain: createKeychain(io.paths, systemKeyring(io.env)) };
  for (const name of ['attended', 'unattended'] as const) {
    if (name === 'attended' && !io.env[PASSPHRASE_VARIABLE]) continue;
    if (await sealedFileExists(sealedPath(io.paths, name)))
      stores[name] = await openSealed(io, name, 'tokenleash doctor');
  }
  return stores;
}

async function aboutRead(
  profile: Profile,
  { secret, expiresAt }: StoredSecret,
  tried: Tried,
  fetch: Fetch,
  io: Io,
): Promise<VisitToken> {
  if (expiresAt !== null || tried.outcome.is !== 'works')
    return { is: 'read', expiresAt, pats: null };
  const client = createAdminClient({
    fetch,
    now: () => new Date(io.now()),
    baseUrl: profile.url,
    credential: { by: 'token', token: secret },
    timeoutMs: TIMEOUT_MS,
  });
  const pats = await listPats(client);
  return { is: 'read', expiresAt, pats: pats.ok ? pats.value : null };
}

/** One read as a caller of the socket, so that the proxy's own way is what is tried. */
function useThrough(socketPath: string, profile: Profile): Promise<VisitToken> {
  const gone: VisitToken = {
    is: 'missing',
    message: 'The running proxy did not answer.',
    remedy: 'Type: tokenleash status',
    broken: true,
  };
  return new Promise((done) => {
    const headers = { host: 'localhost', 'x-tokenleash-profile': profile.name };
    const options = { socketPath, path: '/api/admin/user', headers, timeout: TIMEOUT_MS };
    const sent = request(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', () => done(gone));
      answer.on('end', () =>
        done({
          is: 'used',
          status: answer.statusCode ?? 0,
          owner: ownerIn(Buffer.concat(chunks).toString('utf8')),
        }),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error('timeout')));
    sent.on('error', () => done(gone));
    sent.end();
  });
}

function ownerIn(text: string): string | null {
  try {
    const { user } = JSON.parse(text) as { user?: Record<string, unknown> };
    const name = user?.username || user?.email || user?.name;
    return typeof name === 'string' ? name : null;
  } catch {
    return null;
  }
}

import { hashPhantomToken, makePhantomToken } from '../clients/phantom-token.ts';
import { EXIT, Problem, quoteForShell } from '../problem.ts';
import type { Profile } from '../profiles/profile.ts';
import { startProxy } from '../runtime/proxy.ts';
import { createSecretKeeper, isKept, type OpenStores } from '../secrets/secret-keeper.ts';
import { withoutTokens } from '../secrets/without-tokens.ts';
import { type Io, tell } from './command.ts';
import { openAudit } from './open-audit.ts';
import { openNeededStores } from './open-stores.ts';
import type { ProxyForRun, Wanted } from './run-proxy.ts';
import { processFault } from './safe-process.ts';

/**
 * Starts a proxy in this process, for one client and one profile. Throws a Problem when this process is not safe for a
 * token, when a store cannot be opened, and when it holds no token of the profile.
 */
export async function ownProxy(
  wanted: Omit<Wanted, 'profile'> & { profile: Profile },
  io: Io,
): Promise<ProxyForRun> {
  requireSafe(io);
  const stores = await openNeededStores([wanted.profile], io);
  requireSafe(io);
  await requireSecret(wanted.profile, stores, io);
  const token = makePhantomToken();
  const proxy = await startProxy({
    paths: io.paths,
    env: io.env,
    now: io.now,
    stores,
    port: 0,
    controlPort: 0,
    onlyClient: {
      name: wanted.name,
      profile: wanted.profile.name,
      access: wanted.access,
      mint: false,
      expiresAt: null,
      createdAt: new Date(io.now()).toISOString(),
      tokenHash: hashPhantomToken(token),
    },
    socket: null,
    profile: wanted.profile.name,
    readOnly: false,
    audit: openAudit(io),
    metrics: null,
    keylessUser: null,
    // The terminal is the program's now. What matters stands in the answers that it gets, and in the audit log.
    log: () => undefined,
    stop: () => undefined,
  });
  process.on('uncaughtException', (error) => {
    tell(io, withoutTokens(`tokenleash: A defect of ours ended the proxy: ${error.message}`));
    tell(io, 'The phantom token of this program is worth nothing now.');
    void proxy.end(0);
  });
  return { url: proxy.address.url, token, end: () => proxy.end(0) };
}

function requireSafe(io: Io): void {
  const fault = processFault(io);
  if (fault) throw new Problem(fault.message, fault.next.replace(' start', ' run -- CMD'));
}

/** A token of ours that is not there is said before the program starts, not by a 503 within it. */
async function requireSecret(profile: Profile, stores: OpenStores, io: Io): Promise<void> {
  if (!isKept(profile.source)) return;
  const keeper = createSecretKeeper({ stores, env: io.env, now: io.now });
  await keeper.reload([profile]);
  const found = await keeper.secretOf(profile);
  if (found.ok) return;
  const inMemory = profile.source.store === 'memory' || profile.source.from === 'browser';
  throw new Problem(
    inMemory ? `${found.message} No proxy is running.` : found.message,
    inMemory ? 'tokenleash start' : `tokenleash profile show ${quoteForShell(profile.name)}`,
    EXIT.credential,
  );
}

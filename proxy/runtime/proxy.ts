import { version } from '../../package.json';
import type { ProfileState, ProxyStatus } from '../../shared/link/messages.ts';
import type { AuditLog } from '../audit/log.ts';
import type { Client } from '../clients/client.ts';
import { clientsFile, readClients } from '../clients/store.ts';
import { createClientTable } from '../clients/table.ts';
import type { ControlContext, ControlEvent } from '../control/context.ts';
import { type ControlPort, createControlPort } from '../control/control-port.ts';
import type { LinkStore } from '../control/link-store.ts';
import { createLiveEvents } from '../control/live-events.ts';
import type { Metrics } from '../control/metrics.ts';
import type { AuditEntry } from '../data/context.ts';
import { createDataPort, type DataPort } from '../data/data-port.ts';
import type { Exposed } from '../data/exposed.ts';
import { addWithToken } from '../profiles/add-with-token.ts';
import { chooseProfile } from '../profiles/change-profiles.ts';
import { type Config, readConfig } from '../profiles/config-file.ts';
import { type IsConfirmed, noteAddresses } from '../profiles/confirmed-addresses.ts';
import { takeHandOver } from '../profiles/hand-over.ts';
import type { Profile } from '../profiles/profile.ts';
import { stateOf } from '../profiles/profile-state.ts';
import { useProfile } from '../profiles/use-profile.ts';
import { forCallers } from '../secrets/for-callers.ts';
import { type OpenStores, storeForNew } from '../secrets/open-stores.ts';
import { createSecretKeeper } from '../secrets/secret-keeper.ts';
import { storedLinks } from '../secrets/stored-links.ts';
import { expectShortLives } from './collector.ts';
import { createConfigWatch } from './config-watch.ts';
import { createLeasePort, type LeasePort } from './lease-port.ts';
import type { Paths } from './paths.ts';
import { configFile, controlSocket, leaseSocket } from './paths.ts';
import type { Address } from './running-proxy.ts';

export type ProxyOptions = {
  paths: Paths;
  env: NodeJS.ProcessEnv;
  now(): number;
  /** The sealed files that could be opened. */
  stores: OpenStores;
  port: number;
  controlPort: number;
  /**
   * The one client that this proxy serves, for `run` where no proxy runs: then it has no control port, gives no
   * leases and knows no other client. Null for the proxy of `start`.
   */
  onlyClient: Client | null;
  /** Path of the data port's unix socket, or null. */
  socket: string | null;
  /** Where the data port listens by TLS, beyond loopback; for `start` alone. */
  exposed?: Exposed | null;
  /** `start --profile`: stands in for the current profile while this proxy runs. */
  profile: string | null;
  readOnly: boolean;
  /** uid whose programs need no phantom token, or null. */
  keylessUser: number | null;
  audit: AuditLog;
  /** Counts requests and shows them at `/metrics`; null for none. */
  metrics: Metrics | null;
  /** One line for the person who started it; never a secret. */
  log(sentence: string): void;
  /** `tokenleash stop` was typed. */
  stop(): void;
};

export type StartedProxy = {
  address: Address;
  /** Refuses new requests, lets those in flight finish for so long (ms), and closes everything. */
  end(drainMs: number): Promise<void>;
};

const CHANGE_TAKEN = 'Changed files were taken up.';
const CHANGE_REFUSED = 'A changed file was refused; what was in force stays so.';

/** Upstream failures that say that the server is not there, as `status` has it. */
const OUT_OF_REACH = new Set(['upstream.unreachable', 'upstream.tls', 'upstream.timeout']);

/**
 * Wires data port, control port and leases to config, clients and secrets. All of them are read again at `reload`,
 * and when config or clients change; a request in flight finishes on what it was given. Rejects when a port or socket
 * cannot be had; nothing is left open.
 */
export async function startProxy(options: ProxyOptions): Promise<StartedProxy> {
  const { paths, stores, now } = options;
  expectShortLives();
  let isConfirmed: IsConfirmed = () => false;
  const keeper = createSecretKeeper({
    stores,
    env: options.env,
    now,
    isConfirmed: (profile) => isConfirmed(profile),
  });
  const toCallers = forCallers(options.log);
  const clients = createClientTable();
  const trouble = new Map<string, ProfileState>();
  /** Profiles of which it was said that something else answers in the server's place. */
  const pages = new Set<string>();
  const events = createLiveEvents();
  let config: Config = { current: null, profiles: [], settings: {}, clientRules: {} };
  let profiles = new Map<string, Profile>();
  let ready = false;

  const currentProfile = () => profiles.get(options.profile ?? config.current ?? '');
  const takeConfig = async () => {
    const fresh = await readConfig(paths);
    const confirmed = await noteAddresses(paths, fresh.profiles);
    await keeper.reload(fresh.profiles);
    isConfirmed = confirmed;
    config = fresh;
    profiles = new Map(fresh.profiles.map((profile) => [profile.name, profile]));
    trouble.clear();
  };
  const takeClients = async () => {
    for (const name of clients.replace(await readClients(paths.state))) data.closeClient(name);
  };
  const watch = createConfigWatch({
    files: [configFile(paths), clientsFile(paths.state)],
    async read() {
      // Each by itself: a client is revoked at once, though config.yaml be broken.
      const read = await Promise.allSettled([takeClients(), takeConfig()]);
      const failed = read.find((each) => each.status === 'rejected');
      events.changed();
      if (failed) throw failed.reason;
    },
    changed: (problem) =>
      options.log(problem === null ? CHANGE_TAKEN : `${CHANGE_REFUSED} ${problem}`),
  });
  const { reload } = watch;

  const { onlyClient } = options;
  const clientByTokenHash = onlyClient
    ? (hash: string) => (hash === onlyClient.tokenHash ? onlyClient : undefined)
    : (hash: string) => clients.byTokenHash(hash) ?? leases?.byTokenHash(hash);

  const data: DataPort = createDataPort(
    {
      now,
      clientByTokenHash,
      profileByName: (name) => profiles.get(name),
      currentProfile,
      clientRules: (name) =>
        Object.hasOwn(config.clientRules, name) ? (config.clientRules[name] ?? []) : [],
      secretOf(profile) {
        const result = keeper.secretOf(profile);
        return result instanceof Promise
          ? result.then((late) => toCallers(profile, late))
          : toCallers(profile, result);
      },
      readOnly: options.readOnly,
      ...(options.keylessUser === null ? {} : { keylessUser: options.keylessUser }),
      audit(entry) {
        options.audit.write(entry);
        options.metrics?.count(entry);
        events.request(entry);
        if (noteTrouble(trouble, entry)) events.changed();
      },
      upstreamUnauthorized(profile) {
        keeper.refused(profile);
        if (trouble.get(profile.name) !== 'unauthorized')
          options.log(
            `${profile.url} refused the token of profile "${profile.name}": it expired or was revoked.`,
          );
        trouble.set(profile.name, 'unauthorized');
        events.changed();
      },
      upstreamPage(profile) {
        // Each such answer has been taken for a good one at first; it is said once.
        if (!pages.has(profile.name))
          options.log(
            `What answers at ${profile.url} is no Unleash: a login page, or a redirect to one, for profile "${profile.name}".`,
          );
        pages.add(profile.name);
        trouble.set(profile.name, 'unreachable');
        events.changed();
      },
    },
    { env: options.env },
  );
  let leases: LeasePort | null = null;
  let control: ControlPort | null = null;

  const context: ControlContext = {
    now,
    readOnly: options.readOnly,
    ready: () => ready,
    reload,
    configProblem: watch.problem,
    stop: options.stop,
    links: linkStoreOf(stores, options.log),
    log: (event) => options.log(sentenceOf(event)),
    events,
    metrics: metricsOf(),
    status: async (): Promise<ProxyStatus> => ({
      version,
      url: address.url,
      profile: currentProfile()?.name ?? null,
      profiles: await Promise.all([...profiles.values()].map(statusOf)),
      clients: clients.list().length + (leases?.count() ?? 0),
    }),
    async putSecret(profile, secret) {
      keeper.accept(profile, secret);
      trouble.delete(profile);
      events.changed();
      return { ok: true };
    },
    async handOver(handOver, browser) {
      const answer = await takeHandOver(handOver, {
        profiles: () => [...profiles.values()],
        currentProfile,
        storeForNew: () => storeForNew(stores),
        async addWithToken(profile, secret) {
          try {
            await addWithToken({ paths, env: options.env }, profile, () =>
              keeper.store(profile, secret),
            );
          } finally {
            // Also what is not to stay in memory.
            await reload();
          }
        },
        store: keeper.store,
      });
      if (answer.result === 'stored') {
        trouble.delete(answer.profile);
        events.changed();
        options.log(`${browser.name} handed over a token for profile "${answer.profile}".`);
      } else if (answer.result === 'store-failed') {
        options.log(`A token from ${browser.name} was not stored: ${answer.message}`);
      }
      return answer;
    },
    async useProfile(name, browser) {
      const answer = await useProfile(name, {
        currentProfile,
        pinned: options.profile,
        choose: (chosen) => chooseProfile(paths, chosen),
        reload,
      });
      options.log(
        answer.result === 'used'
          ? `${browser.name} made "${answer.profile}" the current profile.`
          : `${browser.name} asked for another current profile: ${answer.message}`,
      );
      return answer;
    },
  };

  async function statusOf(profile: Profile): Promise<ProxyStatus['profiles'][number]> {
    const { name, url, access } = profile;
    const secret = await keeper.noteOf(profile);
    const state = stateOf(secret, trouble.get(name), now());
    return {
      name,
      url,
      access,
      state,
      owner: secret?.owner ?? null,
      expiresAt: secret?.expiresAt ?? null,
      takesTokens: keeper.takes(profile),
    };
  }

  function metricsOf(): ControlContext['metrics'] {
    const { metrics } = options;
    if (metrics === null) return null;
    return async (pairedBrowsers) =>
      metrics.page({
        status: await context.status(),
        requestsUnderWay: data.underWay(),
        pairedBrowsers,
      });
  }

  const address: Address = { url: '', control: '', socket: null, keepsLinks: false };
  const close = async (drainMs: number) => {
    ready = false;
    watch.close();
    await data.drain(drainMs);
    await Promise.all([control?.close(), leases?.close()]);
    options.audit.close();
  };
  // A keychain is asked meanwhile, as that takes a process of its own.
  const keepsLinks = onlyClient ? false : storeForNew(stores).then((key) => key !== null);
  try {
    await reload();
    if (!onlyClient)
      leases = await createLeasePort({
        socket: leaseSocket(paths),
        now,
        ended: (client) => data.closeClient(client.name),
      });
    const listening = await data.listen({
      port: options.port,
      socketPath: options.socket,
      exposed: options.exposed ?? null,
    });
    if (!onlyClient)
      control = await createControlPort(context, {
        port: options.controlPort,
        socket: controlSocket(paths),
      });
    address.url = listening.url;
    address.control = control?.url ?? '';
    address.socket = listening.socketPath;
    if (listening.exposedUrl !== null) address.exposed = listening.exposedUrl;
    address.keepsLinks = await keepsLinks;
    ready = true;
    watch.watch();
  } catch (error) {
    await close(0);
    throw error;
  }
  return { address, end: close };
}

/** What a request's end says about its server; a good answer takes it back. Says whether that is news. */
function noteTrouble(trouble: Map<string, ProfileState>, entry: AuditEntry): boolean {
  if (entry.profile === null) return false;
  if (entry.code !== null && OUT_OF_REACH.has(entry.code)) {
    const before = trouble.get(entry.profile);
    trouble.set(entry.profile, 'unreachable');
    return before !== 'unreachable';
  }
  return entry.code === null && entry.status < 400 && trouble.delete(entry.profile);
}

function linkStoreOf(stores: OpenStores, log: (sentence: string) => void): LinkStore {
  const { attended, unattended, keychain } = stores;
  return storedLinks({
    stores: [attended, unattended, keychain].filter((store) => store !== undefined),
    async forNew() {
      const key = await storeForNew(stores);
      return key === null ? null : (stores[key] ?? null);
    },
    unreadable: ({ message }) => log(`Paired browsers could not be read: ${message}`),
  });
}

function sentenceOf(event: ControlEvent): string {
  switch (event.event) {
    case 'paired':
      return `Paired with ${event.browser} (${event.origin}).`;
    case 'unpaired':
      return `${event.browser} is no longer paired.`;
    case 'refused':
      return `The control port refused ${event.path}: ${event.code}.`;
    case 'failed':
      return `The control port failed at ${event.path}: ${event.message}`;
  }
}

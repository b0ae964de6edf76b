import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { version } from '../../package.json';
import type { ProxyStatus } from '../../shared/link/messages.ts';
import type { AuditEntry } from '../data/context.ts';

/** Seconds; a small answer of a near server takes milliseconds, and 30 s is the wait for a first byte. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What the proxy is at the moment of a scrape. */
export type MetricsState = {
  status: ProxyStatus;
  requestsUnderWay: number;
  pairedBrowsers: number;
};

export type MetricsPage = { contentType: string; text: string };

export type Metrics = {
  /** One request at its end. */
  count(entry: AuditEntry): void;
  /** Prometheus' text format. */
  page(state: MetricsState): Promise<MetricsPage>;
};

/**
 * Counts by meaning, under few names: operations and codes are ours and known, profiles are the owner's. No client is
 * a label: each `run` is one of its own, and a label's values have to be few. docs/observing.md lists them all.
 */
export function createMetrics(): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const requests = new Counter({
    name: 'tokenleash_requests_total',
    help: 'Requests that came to their end.',
    labelNames: ['profile', 'operation', 'verdict', 'code', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'tokenleash_request_duration_seconds',
    help: 'From the head of a request to the end of its answer.',
    labelNames: ['profile', 'verdict'],
    buckets: DURATION_BUCKETS,
    registers,
  });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `tokenleash_${name}`, help, labelNames, registers });
  const underWay = gauge('requests_under_way', 'Requests of clients that are under way.');
  const clients = gauge('clients', 'Clients with a phantom token.');
  const browsers = gauge('paired_browsers', 'Browsers that are paired.');
  const state = gauge('profile_state', '1 for the state that a profile is in.', [
    'profile',
    'state',
  ]);
  const expiry = gauge('profile_token_expiry_timestamp_seconds', 'When the token ends.', [
    'profile',
  ]);
  gauge('info', 'The version that runs.', ['version']).set({ version }, 1);

  const showProfiles = ({ profiles }: ProxyStatus) => {
    // A removed profile goes, and a state that was left.
    state.reset();
    expiry.reset();
    for (const profile of profiles) {
      state.set({ profile: profile.name, state: profile.state }, 1);
      const expiresAt = profile.expiresAt === null ? Number.NaN : Date.parse(profile.expiresAt);
      if (!Number.isNaN(expiresAt)) expiry.set({ profile: profile.name }, expiresAt / 1000);
    }
  };

  return {
    count({ profile, operation, verdict, code, status, ms }) {
      const labels = { profile: profile ?? '', verdict };
      requests.inc({ ...labels, operation: operation ?? '', code: code ?? '', status });
      duration.observe(labels, ms / 1000);
    },
    async page({ status, requestsUnderWay, pairedBrowsers }) {
      underWay.set(requestsUnderWay);
      clients.set(status.clients);
      browsers.set(pairedBrowsers);
      showProfiles(status);
      return { contentType: register.contentType, text: await register.metrics() };
    },
  };
}

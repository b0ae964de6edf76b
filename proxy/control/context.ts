import type {
  HandOverAnswer,
  HandOverRequest,
  ProxyStatus,
  UseProfileAnswer,
} from '../../shared/link/messages.ts';
import type { StoredSecret } from '../secrets/secret.ts';
import type { LinkStore } from './link-store.ts';
import type { LiveEvents } from './live-events.ts';
import type { MetricsPage } from './metrics.ts';

/** A paired browser as a person sees it: all of a link but its keys. */
export type PairedBrowser = {
  id: string;
  name: string;
  origin: string;
  /** ISO date-times. */
  pairedAt: string;
  lastUsedAt: string;
};

/** What the control port needs from the rest of the proxy, as functions. */
export type ControlContext = {
  /** Wall clock, ms since 1970. */
  now(): number;
  status(): ProxyStatus | Promise<ProxyStatus>;
  /** `start --read-only` */
  readOnly: boolean;
  /** False while the proxy starts or drains; what `/readyz` answers. */
  ready(): boolean;
  /** Stores a PAT that came sealed from a paired browser. Failures are answers, not rejections. */
  handOver(handOver: HandOverRequest, browser: PairedBrowser): Promise<HandOverAnswer>;
  /** Makes a profile the current one, for good. Failures are answers, not rejections. */
  useProfile(name: string, browser: PairedBrowser): Promise<UseProfileAnswer>;
  /**
   * Reads config, clients, profiles and secrets again; resolves when the data port works with them. A rejection's
   * message is a sentence for a person: the local command line shows it.
   */
  reload(): Promise<void>;
  /** Why changed files are not in force, as a sentence that ends with what to type; null when all are. */
  configProblem(): string | null;
  /** Starts the drain; the answer to the caller is sent before anything closes. */
  stop(): void;
  /** `POST /local/put-secret`: a PAT for a profile whose store is this process's memory. */
  putSecret(
    profile: string,
    secret: StoredSecret,
  ): Promise<{ ok: true } | { ok: false; message: string }>;
  links: LinkStore;
  events: LiveEvents;
  /** The page of `/metrics`; null where they are off. */
  metrics: ((pairedBrowsers: number) => Promise<MetricsPage>) | null;
  /** One call per event worth a log line; never with a secret, a code, a body or a query. */
  log(event: ControlEvent): void;
};

export type ControlEvent =
  | { event: 'paired'; browser: string; origin: string }
  | { event: 'unpaired'; browser: string; by: 'browser' | 'command' }
  | { event: 'refused'; code: string; path: string }
  | { event: 'failed'; path: string; message: string };

/** Answer of `GET /local/status`. */
export type LocalStatus = ProxyStatus & {
  pid: number;
  /** Control port, e.g. `http://127.0.0.1:4281`. */
  control: string;
  /** Path of the socket that answered. */
  socket: string | null;
  /** Started with `--read-only`: no client may write. */
  readOnly: boolean;
  /** Paired browsers. */
  links: number;
  /** Why changed files are not in force, or null. */
  configProblem: string | null;
};

/** Answer of `POST /local/pair`. */
export type LocalPairing = {
  code: string;
  control: string;
  /** ISO date-time. */
  expiresAt: string;
};

/** Answer of `GET /local/links`, newest use first. */
export type LocalLinks = { links: PairedBrowser[] };

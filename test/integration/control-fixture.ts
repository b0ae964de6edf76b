import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ProxyLinkParts } from '../../extension/background/proxy-link-exchange.ts';
import type { LinkKeyStore, StoredLink } from '../../extension/background/proxy-link-keys.ts';
import type { Fetch } from '../../extension/background/proxy-link-request.ts';
import type { ControlContext, ControlEvent, LocalPairing } from '../../proxy/control/context.ts';
import { type ControlPort, createControlPort } from '../../proxy/control/control-port.ts';
import { type LinkStore, memoryLinkStore } from '../../proxy/control/link-store.ts';
import { createLiveEvents } from '../../proxy/control/live-events.ts';
import type { HandOverRequest, ProxyStatus } from '../../shared/link/messages.ts';

export const CHROMIUM = `chrome-extension://${'abcdefgh'.repeat(4)}`;
export const FIREFOX = 'moz-extension://0f3e9f3c-1111-4222-8333-123456789abc';

export const STATUS: ProxyStatus = {
  version: '0.1.0',
  url: 'http://127.0.0.1:4280',
  profile: 'work',
  profiles: [
    {
      name: 'work',
      url: 'https://unleash.example.com',
      access: 'write',
      state: 'ready',
      owner: 'grace@example.com',
      expiresAt: null,
      takesTokens: true,
    },
  ],
  clients: 2,
};

/** A PAT as Unleash makes them, for this run alone. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(28));
  return `user:${Buffer.from(bytes).toString('hex')}`;
}

export function newHandOver(): HandOverRequest {
  return {
    secret: newSecret(),
    id: 7,
    expiresAt: '2099-01-01T00:00:00.000Z',
    owner: 'grace@example.com',
    origin: 'https://unleash.example.com',
  };
}

export type RunningProxy = {
  port: ControlPort;
  /** The proxy's clock stands where this puts it. */
  clock: { now: number };
  links: LinkStore;
  events: ControlEvent[];
  handedOver: { handOver: HandOverRequest; browser: string }[];
  calls: string[];
  context: ControlContext;
  local(method: string, path: string, body?: unknown): Promise<Answer>;
  pairingCode(): Promise<string>;
};

export type Answer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came.
  json: any;
};

/** A request as any local program can make one: every header as given, nothing added. */
export function raw(
  target: { port: number } | { socketPath: string },
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const where =
      'port' in target
        ? { host: '127.0.0.1', port: target.port }
        : { socketPath: target.socketPath };
    const request = httpRequest({ ...where, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        let json: unknown = null;
        try {
          json = JSON.parse(text);
        } catch {}
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A real control port on a free port and a socket in a folder of its own, ended with the test. */
export async function startProxy(
  options: { links?: LinkStore; now?: number; port?: number } = {},
): Promise<RunningProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'tokenleash-control-'));
  const clock = { now: options.now ?? Date.now() };
  const links = options.links ?? memoryLinkStore();
  const events: ControlEvent[] = [];
  const handedOver: RunningProxy['handedOver'] = [];
  const calls: string[] = [];
  const context: ControlContext = {
    now: () => clock.now,
    status: () => STATUS,
    readOnly: false,
    ready: () => true,
    async handOver(handOver, browser) {
      handedOver.push({ handOver, browser: browser.name });
      return { result: 'stored', profile: 'work' };
    },
    async useProfile(name, browser) {
      calls.push(`use-profile ${name} by ${browser.name}`);
      return { result: 'used', profile: name };
    },
    configProblem: () => null,
    async reload() {
      calls.push('reload');
    },
    stop: () => void calls.push('stop'),
    async putSecret(profile) {
      calls.push(`put-secret ${profile}`);
      return { ok: true };
    },
    links,
    log: (event) => void events.push(event),
    events: createLiveEvents(),
    metrics: null,
  };
  const port = await createControlPort(context, {
    port: options.port ?? 0,
    socket: join(folder, 'control.sock'),
  });
  onTestFinished(async () => {
    await port.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  });
  const local: RunningProxy['local'] = (method, path, body) =>
    raw(
      { socketPath: port.socket ?? '' },
      method,
      path,
      body === undefined
        ? { host: 'localhost' }
        : { host: 'localhost', 'content-type': 'application/json' },
      body === undefined ? '' : JSON.stringify(body),
    );
  return {
    port,
    clock,
    links,
    events,
    handedOver,
    calls,
    context,
    local,
    async pairingCode() {
      return ((await local('POST', '/local/pair')).json as LocalPairing).code;
    },
  };
}

/** What crosses the wire, with a hand on it: a test may look at it, alter it, or lose it. */
export type Wire = {
  sent: { url: string; headers: Record<string, string>; body: string }[];
  alterRequest?: (request: { url: string; headers: Record<string, string>; body: string }) => void;
  alterAnswer?: (answer: { status: number; headers: Headers; body: string }) => void;
};

/**
 * Fetch as a browser does it for an extension without host permission: Origin set, preflight asked, and an answer
 * without CORS for this origin is an error. Node's own fetch does the rest.
 */
export function extensionFetch(origin: string, wire: Wire): Fetch {
  return async (url, options) => {
    if (options.mode === 'no-cors') {
      const opaque = await fetch(url, { headers: { 'sec-fetch-site': 'cross-site' } });
      const policy = opaque.headers.get('cross-origin-resource-policy') ?? 'cross-origin';
      if (policy !== 'cross-origin') throw new TypeError('Failed to fetch');
      return new Response(null);
    }
    const headers = { ...(options.headers as Record<string, string>) };
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': options.method ?? 'GET',
        'access-control-request-headers': Object.keys(headers).join(','),
      },
    });
    const allowed = preflight.headers.get('access-control-allow-headers')?.split(', ') ?? [];
    if (
      preflight.status !== 204 ||
      preflight.headers.get('access-control-allow-origin') !== origin ||
      !Object.keys(headers).every((name) => allowed.includes(name))
    ) {
      throw new TypeError('Failed to fetch');
    }
    const request = { url, headers, body: String(options.body ?? '') };
    wire.alterRequest?.(request);
    wire.sent.push(request);
    const { method, signal } = options;
    const response = await fetch(request.url, {
      method: method ?? 'GET',
      headers: { ...request.headers, origin },
      body: request.body,
      signal: signal ?? null,
    });
    if (response.headers.get('access-control-allow-origin') !== origin) {
      throw new TypeError('Failed to fetch');
    }
    const exposed = response.headers.get('access-control-expose-headers')?.split(', ') ?? [];
    const answer = {
      status: response.status,
      headers: new Headers([...response.headers].filter(([name]) => exposed.includes(name))),
      body: await response.text(),
    };
    wire.alterAnswer?.(answer);
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  };
}

export type Extension = ProxyLinkParts & {
  wire: Wire;
  clock: { now: number };
  stored(): StoredLink | null;
};

/** The real extension side but for the browser: fetch as above, keys in memory, a clock to set. */
export function startExtension(origin: string, clock: { now: number }): Extension {
  let link: StoredLink | null = null;
  const keys: LinkKeyStore = {
    read: async () => link,
    write: async (stored) => {
      link = stored;
    },
    remove: async () => {
      link = null;
    },
  };
  const wire: Wire = { sent: [] };
  const own = { now: clock.now };
  return {
    fetch: extensionFetch(origin, wire),
    keys,
    now: () => own.now,
    origin,
    wire,
    clock: own,
    stored: () => link,
  };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { LINK_PATHS } from '../../shared/link/channel.ts';
import { listenOnLoopback, listenOnSocket } from '../runtime/listen.ts';
import { isJson, parseJson, readBody } from './body.ts';
import type { ControlContext } from './context.ts';
import { type ControlRefusal, sendRefusal, sendText } from './control-errors.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { streamEvents } from './event-stream.ts';
import { messageOf, type RouteResult, refused } from './exchange.ts';
import {
  answerLinkedRequest,
  answerPairRequest,
  type ExtensionRequest,
  isExtensionPath,
  originMayReach,
} from './extension-routes.ts';
import { checkBrowser, checkCaps, checkHost } from './guard.ts';
import { LOCAL_ROUTES, type LocalServices } from './local-routes.ts';
import { pairedLinks } from './paired-links.ts';
import { pairingWindow } from './pairing-window.ts';
import { createSteadyServer } from './steady-server.ts';

export type ControlPortOptions = {
  /** TCP port on 127.0.0.1 and ::1; 0 picks one that is free on both. */
  port: number;
  /** Path of the unix socket, in a folder of mode 0700; null for none. A stale socket there is replaced. */
  socket: string | null;
};

export type ControlPort = {
  /** `http://127.0.0.1:PORT` */
  url: string;
  port: number;
  socket: string | null;
  /** Stops listening, lets answers under way end for up to 2 s, removes the socket. */
  close(): Promise<void>;
};

const CLOSE_GRACE_MS = 2_000;

/** For whoever watches over the proxy, through both doors and without a credential. */
const OPEN_PATHS = new Set(['/healthz', '/readyz', '/metrics']);

/** Local, as a stream and no value: what happens, as it happens. */
const EVENTS_PATH = '/local/events';

const METRICS_OFF = 'Metrics are off. Type: tokenleash start --metrics';

/**
 * An extension that we do not know any more may see that somebody refuses it here, which a browser otherwise shows as
 * nobody being there. It may not read the refusal.
 */
const OPAQUE_TO_ALL = { 'cross-origin-resource-policy': 'cross-origin' };

/** Through which door a request came: TCP for extensions, or the unix socket for the local command line. */
type Door = 'extensions' | 'local';

/**
 * Opens the control port. Rejects with Node's own `EADDRINUSE`/`EACCES` error (its `address`, `port` or `path` says
 * which) when it cannot listen; nothing is left open then. A link store that cannot be read is logged, and no
 * browser is paired until `reload`.
 */
export async function createControlPort(
  context: ControlContext,
  options: ControlPortOptions,
): Promise<ControlPort> {
  const links = pairedLinks(context.links, context.now);
  const window = pairingWindow(context.now);
  const control = { url: '', port: 0, socket: options.socket };
  const services: LocalServices = { context, links, window, control };

  function refuse(
    request: IncomingMessage,
    response: ServerResponse,
    refusal: ControlRefusal,
    headers: Record<string, string> = {},
  ): void {
    const path = knownPath(request.url ?? '');
    context.log({ event: 'refused', code: refusal.refused, path });
    sendRefusal(response, refusal, {
      ...(path === '/healthz' ? OPAQUE_TO_ALL : {}),
      // A body that was not read would be taken for the next request's beginning.
      ...(request.complete ? {} : { connection: 'close' }),
      ...headers,
    });
  }

  async function answer(
    door: Door,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const early = checkCaps(request) ?? checkHost(request, door === 'local' ? null : control.port);
    if (early !== null) return refuse(request, response, early);
    const sender = checkBrowser(request);
    if ('refused' in sender) return refuse(request, response, sender);
    const path = request.url ?? '';
    if (sender.kind === 'extension') {
      if (door === 'local' || !originMayReach(services, sender.origin, path)) {
        return refuse(request, response, refused('browser.refused'));
      }
      return answerExtension(request, response, path, sender.origin);
    }
    if (OPEN_PATHS.has(path)) return answerOpen(request, response, path);
    if (door === 'local') return answerLocal(request, response, path);
    // Every request of an extension is a POST and so carries its Origin.
    refuse(request, response, refused(isExtensionPath(path) ? 'browser.refused' : 'target.path'));
  }

  async function answerOpen(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuse(request, response, refused('target.method'), { allow: 'GET, HEAD' });
      return;
    }
    if (path === '/metrics') return answerMetrics(request, response);
    const fine = path === '/healthz' || context.ready();
    sendText(response, fine ? 200 : 503, JSON.stringify({ status: fine ? 'ok' : 'not ready' }));
  }

  async function answerMetrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (context.metrics === null)
      return refuse(request, response, refused('target.path', METRICS_OFF));
    const { contentType, text } = await context.metrics(links.list().length);
    sendText(response, 200, text, { 'content-type': contentType });
  }

  async function answerExtension(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    origin: string,
  ): Promise<void> {
    const cors = corsHeaders(origin);
    if (!isExtensionPath(path)) return refuse(request, response, refused('target.path'), cors);
    if (request.method === 'OPTIONS') {
      response.writeHead(204, preflightHeaders(origin));
      response.end();
      return;
    }
    if (request.method !== 'POST') {
      return refuse(request, response, refused('target.method'), { ...cors, allow: 'POST' });
    }
    if (!isJson(request)) return refuse(request, response, refused('request.type'), cors);
    const body = await readBody(request);
    if ('refused' in body) return refuse(request, response, body, cors);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const extensionRequest: ExtensionRequest = {
      method: request.method,
      path,
      origin,
      header: (name) => {
        const value = request.headers[name];
        return typeof value === 'string' ? value : undefined;
      },
      body: body.bytes,
      gone: gone.signal,
    };
    const result =
      path === LINK_PATHS.pair
        ? await answerPairRequest(services, extensionRequest)
        : await answerLinkedRequest(services, extensionRequest);
    body.bytes.fill(0);
    if ('refused' in result) return refuse(request, response, result, cors);
    sendText(response, result.status, result.body, { ...cors, ...result.headers });
  }

  function answerEvents(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET')
      refuse(request, response, refused('target.method'), { allow: 'GET' });
    else if (!streamEvents(context.events, response))
      refuse(request, response, refused('control.busy'));
  }

  async function answerLocal(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    if (path === EVENTS_PATH) return answerEvents(request, response);
    const route = Object.hasOwn(LOCAL_ROUTES, path) ? LOCAL_ROUTES[path] : undefined;
    if (route === undefined) return refuse(request, response, refused('target.path'));
    if (request.method !== route.method) {
      return refuse(request, response, refused('target.method'), { allow: route.method });
    }
    const body = await readBody(request);
    if ('refused' in body) return refuse(request, response, body);
    if (body.bytes.length > 0 && !isJson(request)) {
      return refuse(request, response, refused('request.type'));
    }
    const value = parseJson(Buffer.from(body.bytes).toString('utf8'));
    body.bytes.fill(0);
    const result: RouteResult = await route.run(services, value);
    if ('refused' in result) return refuse(request, response, result);
    const { after } = result;
    if (after !== undefined) response.once('close', after);
    sendText(response, result.status, JSON.stringify(result.value));
  }

  const makeServer = (door: Door) =>
    createSteadyServer(
      (request, response) => answer(door, request, response),
      (request, response, error) => {
        const path = knownPath(request.url ?? '');
        // The message of a failed put-secret could hold what was put.
        const message = path === '/local/put-secret' ? 'put-secret' : messageOf(error);
        context.log({ event: 'failed', path, message });
        sendRefusal(response, refused('control.failed'), { connection: 'close' });
      },
    );

  try {
    await links.load();
  } catch (error) {
    context.log({ event: 'failed', path: 'links', message: messageOf(error) });
  }

  const tcp = await listenOnLoopback(options.port, () => makeServer('extensions'));
  const servers = [...tcp.servers];
  control.port = tcp.port;
  control.url = `http://127.0.0.1:${tcp.port}`;

  const close = async () => {
    context.events.close();
    const ended = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const server of servers) server.closeIdleConnections();
    const timer = setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, CLOSE_GRACE_MS);
    await Promise.all(ended);
    clearTimeout(timer);
  };

  if (options.socket !== null) {
    try {
      servers.push(await listenOnSocket(options.socket, () => makeServer('local')));
    } catch (error) {
      await close();
      throw error;
    }
  }
  return { ...control, close };
}

/** A path for the log: one of ours, or nothing of what a stranger wrote there. */
function knownPath(path: string): string {
  const known = isExtensionPath(path) || Object.hasOwn(LOCAL_ROUTES, path) || OPEN_PATHS.has(path);
  return known ? path : '(other)';
}

import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Refusal, refuse } from '../errors.ts';
import { codeOf } from '../problem.ts';
import { requestEnded } from '../runtime/collector.ts';
import { listenOnAddress, listenOnLoopback, listenOnSocket } from '../runtime/listen.ts';
import { monotonicMs } from '../runtime/monotonic.ts';
import { type ReadPem, readPemFile } from '../upstream/trust.ts';
import { auditEntryOf } from './audit-entry.ts';
import type { DataContext } from './context.ts';
import { createExchange, type Exchange, REQUESTS_PER_CLIENT } from './exchange.ts';
import { type Exposed, hostName } from './exposed.ts';
import { createForwarder, TIMEOUTS, type Timeouts } from './forward.ts';
import { refusalOfParseError } from './malformed.ts';
import { PARTS, type PipelineParts, serve } from './pipeline.ts';
import { writeRawRefusal } from './refusal.ts';

/** Bytes of all header lines together; Node answers for it, and `malformed.ts` words it. */
const MAX_HEADER_BYTES = 16 * 1024;
/** ms for the head of a request; a body has its own idle time. */
const HEADERS_TIMEOUT_MS = 10_000;
const HEADERS_CHECK_MS = 2_000;
const CALLER_KEEP_ALIVE_MS = 30_000;
/** Each costs about 20 KiB while it is idle. */
const MAX_CONNECTIONS = 2048;
/** Unleash takes 500 kB at most; this is against mistakes. */
const BODY_LIMIT_BYTES = 1024 * 1024 * 1024;
/** ms that an answered caller may take to finish a body that nobody wants, so that it gets to read the answer. */
const LINGER_MS = 2_000;

export type DataPortOptions = {
  /** ms; shorter ones are for tests. */
  timeouts?: Partial<Timeouts>;
  /** Requests at once per client. */
  requestsPerClient?: number;
  /** Bytes; a longer request body is refused. */
  bodyLimit?: number;
  /** PEM text of a profile's file. */
  readPem?: ReadPem;
  /** Names the corporate proxies, if there are any; none where it is left out. */
  env?: NodeJS.ProcessEnv;
  /** In place of the system's way to look up names; for tests. */
  lookup?: LookupFunction;
};

export type Listening = {
  /** Both of 127.0.0.1 and ::1, where there is one. */
  port: number;
  /** `http://127.0.0.1:4280` */
  url: string;
  socketPath: string | null;
  /** `https://192.0.2.7:4282`, or null. */
  exposedUrl: string | null;
};

export type DataPort = {
  /** Port 0 picks one. Rejects with the system's error (EADDRINUSE …) when it cannot listen. */
  listen(where: {
    port: number;
    socketPath: string | null;
    /** Listens there too, by TLS. */
    exposed?: Exposed | null;
  }): Promise<Listening>;
  /** Refuses new requests, lets those in flight finish, and closes; what is left after `timeoutMs` is cut off. */
  drain(timeoutMs: number): Promise<void>;
  /** Closes at once, cutting off what is in flight. */
  close(): Promise<void>;
  /** Ends the open connections of a revoked client. */
  closeClient(name: string): void;
  /** Requests of named callers that are under way. */
  underWay(): number;
};

type MakeServer = (options: ServerOptions) => Server;

/** A request on its connection. */
type UnderWay = {
  request: IncomingMessage;
  response: ServerResponse;
  refuse(refusal: Refusal): void;
};

/** The port that local tools talk to. It listens when it is told to. */
export function createDataPort(context: DataContext, options: DataPortOptions = {}): DataPort {
  return createDataPortOf(PARTS, context, options);
}

/** The same, made of other parts: tests take one out to show what it is there for. */
export function createDataPortOf(
  parts: PipelineParts,
  context: DataContext,
  options: DataPortOptions = {},
): DataPort {
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const requestsPerClient = options.requestsPerClient ?? REQUESTS_PER_CLIENT;
  const forwarder = createForwarder({
    timeouts,
    env: options.env ?? {},
    readPem: options.readPem ?? readPemFile,
    lookup: options.lookup,
  });
  const callers = createCallers(requestsPerClient);
  /** Whose request a connection carries at the moment. */
  const busy = new WeakMap<Duplex, UnderWay>();
  const refusedSockets = new WeakSet<Duplex>();
  const pipelineContext = {
    data: context,
    enter: callers.enter,
    requestsPerClient,
    bodyLimit: options.bodyLimit ?? BODY_LIMIT_BYTES,
    forwarder,
    secrets: new Map<string, string>(),
    bodyIdle: timeouts.idle,
    isDraining: () => draining,
  };
  let servers: Server[] = [];
  let port = 0;
  let exposed: Exposed | null = null;
  let draining = false;

  const closeIdle = () => {
    for (const server of servers) server.closeIdleConnections();
  };

  const arrive = (
    via: Exchange['via'],
    request: IncomingMessage,
    response: ServerResponse,
    continueExpected: boolean,
  ) => {
    const { socket } = request;
    const exchange = createExchange({
      id: randomUUID(),
      startedAt: monotonicMs(),
      via,
      port: via === 'exposed' && exposed !== null ? exposed.port : port,
      names: via === 'exposed' && exposed !== null ? exposed.names : null,
      method: request.method ?? '',
      // Node's parser also takes HTTP/2.0, and HTTP/0.9 with headers; nobody else on the way has to.
      target: request.httpVersionMajor === 1 ? (request.url ?? '') : '',
      rawHeaders: request.rawHeaders,
      peer: socket,
      hangUp: () => socket.destroy(),
    });
    response.on('close', () => {
      callers.leave(exchange);
      requestEnded();
      if (!request.complete && response.writableFinished) linger(request, socket);
      // Else an idle connection would keep its last request, and all that this needed, until the next one.
      if (request.complete && busy.get(socket)?.request === request) busy.delete(socket);
      // A connection that was busy when the drain began is idle from here, and would hold it up.
      if (draining) setImmediate(closeIdle);
    });
    if (response.socket === null) closeWith(socket, response);
    const arrival = { exchange, request, response, continueExpected };
    busy.set(socket, { request, response, refuse: serve(arrival, parts, pipelineContext) });
  };

  const refuseRaw = (
    socket: Duplex,
    refusal: Refusal,
    head: { method: string; via: Exchange['via'] },
  ) => {
    refusedSockets.add(socket);
    const id = randomUUID();
    const startedAt = monotonicMs();
    const exchange = createExchange({
      ...head,
      id,
      startedAt,
      port,
      target: '',
      rawHeaders: [],
      hangUp: () => socket.destroy(),
    });
    context.audit(
      auditEntryOf(exchange, context.now(), {
        code: refusal.code,
        rule: refusal.rule,
        refused: true,
        status: refusal.status,
      }),
    );
    writeRawRefusal(socket, refusal, id);
    endGently(socket);
  };

  const listenerOf = (via: Exchange['via'], make: MakeServer) => {
    const server = make({
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: HEADERS_CHECK_MS,
      keepAliveTimeout: CALLER_KEEP_ALIVE_MS,
      // Long uploads are no attack; a body that stops moving is ended by its idle time.
      requestTimeout: 0,
      // The Host step answers for it, with a body that says what is wrong.
      requireHostHeader: false,
      insecureHTTPParser: false,
    });
    // No limit here means that no line is dropped unseen; the first step counts them.
    server.maxHeadersCount = 0;
    server.maxConnections = MAX_CONNECTIONS;
    server.on('request', (request, response) => arrive(via, request, response, false));
    server.on('checkContinue', (request, response) => arrive(via, request, response, true));
    server.on('checkExpectation', (request, response) => arrive(via, request, response, false));
    server.on('connect', (_request, socket: Duplex) => {
      socket.on('error', () => socket.destroy());
      // An answer here would be read as the one to the request before.
      if (busy.get(socket)?.response.writableFinished === false) {
        socket.destroy();
        return;
      }
      const refusal = refuse('target.method', 'The proxy does not tunnel.');
      refuseRaw(socket, refusal, { method: 'CONNECT', via });
    });
    server.on('clientError', (error, socket) => {
      if (refusedSockets.has(socket)) return;
      const refusal = refusalOfParseError(codeOf(error));
      const current = busy.get(socket);
      const isBusy = current !== undefined && !current.response.writableFinished;
      const isRead = current?.request.complete === true;
      const isAnswered = current?.response.headersSent === true;
      // An answer here would be read as the one to the request before, or stand in or behind its own.
      if (refusal === null || (isRead ? isBusy : isAnswered)) {
        refusedSockets.add(socket);
        if (isBusy) socket.destroy();
        else endGently(socket);
        return;
      }
      if (isBusy) {
        refusedSockets.add(socket);
        current.response.shouldKeepAlive = false;
        current.refuse(refusal);
        return;
      }
      refuseRaw(socket, refusal, { method: '', via });
    });
    return server;
  };
  const createListener =
    (via: Exchange['via'], make: MakeServer = createServer) =>
    () =>
      listenerOf(via, make);

  const closeServers = () =>
    Promise.all(
      servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );

  /** With the port that it has then, where one was to be picked. */
  const listenExposed = async (wanted: Exposed): Promise<Exposed> => {
    const { createTlsServer } = await import('./tls-server.ts');
    const create = createListener('exposed', (settings) => createTlsServer(settings, wanted));
    const { port: bound, server } = await listenOnAddress(wanted, create);
    servers.push(server);
    return { ...wanted, port: bound };
  };

  return {
    async listen(where) {
      const loopback = await listenOnLoopback(where.port, createListener('tcp'));
      port = loopback.port;
      servers = loopback.servers;
      if (where.socketPath !== null) {
        try {
          servers.push(await listenOnSocket(where.socketPath, createListener('socket')));
        } catch (error) {
          await closeServers();
          throw error;
        }
      }
      if (where.exposed) {
        try {
          // First: what arrives at once is held to its names as well.
          exposed = where.exposed;
          exposed = await listenExposed(where.exposed);
        } catch (error) {
          await closeServers();
          throw error;
        }
      }
      const exposedUrl =
        exposed === null ? null : `https://${hostName(exposed.host)}:${exposed.port}`;
      return { port, url: `http://127.0.0.1:${port}`, socketPath: where.socketPath, exposedUrl };
    },
    async drain(timeoutMs) {
      draining = true;
      const closed = closeServers();
      closeIdle();
      const cut = setTimeout(() => {
        for (const server of servers) server.closeAllConnections();
      }, timeoutMs);
      await closed;
      clearTimeout(cut);
      forwarder.close();
    },
    async close() {
      draining = true;
      const closed = closeServers();
      for (const server of servers) server.closeAllConnections();
      await closed;
      forwarder.close();
    },
    closeClient: callers.end,
    underWay: callers.count,
  };
}

/** Reads the rest of a body that nobody wants, for a while: closing at once would take the answer with it. */
function linger(request: IncomingMessage, socket: Duplex): void {
  request.resume();
  const end = setTimeout(() => socket.destroy(), LINGER_MS);
  end.unref();
  const stop = () => {
    clearTimeout(end);
    // The connection may carry many requests more; what it holds of this one would stay as long.
    socket.off('close', stop);
  };
  request.once('end', stop);
  socket.once('close', stop);
}

/** The answers of a connection that wait behind another one. */
const queues = new WeakMap<Duplex, Set<ServerResponse>>();

/**
 * Has an answer that waits behind another one end with its connection. Node 20 and 22 tell only the answer whose turn it
 * is; the others would be under way for ever. Later ones tell them all, within the same turn of the loop.
 */
function closeWith(socket: Duplex, response: ServerResponse): void {
  const queue = queues.get(socket) ?? new Set();
  if (!queues.has(socket)) {
    queues.set(socket, queue);
    socket.once('close', () =>
      setImmediate(() => {
        for (const waiting of queue) waiting.emit('close');
      }),
    );
  }
  queue.add(response);
  // Its turn has come, or it has been told.
  for (const event of ['socket', 'close']) response.once(event, () => queue.delete(response));
}

/** Closes after what was written: at once would take it away from a caller that is still sending. */
function endGently(socket: Duplex): void {
  const end = setTimeout(() => socket.destroy(), LINGER_MS);
  end.unref();
  socket.once('close', () => clearTimeout(end));
  socket.end();
  socket.resume();
}

/** Which requests of which caller are under way. */
function createCallers(requestsPerClient: number) {
  // No Set: it would make new tables of itself as requests come and go. A list has `requestsPerClient` at most.
  const underWay = new Map<string, Exchange[]>();
  return {
    enter(exchange: Exchange): boolean {
      if (exchange.caller === null) return true;
      const own = underWay.get(exchange.caller);
      if ((own?.length ?? 0) >= requestsPerClient) return false;
      if (own === undefined) underWay.set(exchange.caller, [exchange]);
      else own.push(exchange);
      return true;
    },
    leave(exchange: Exchange): void {
      if (exchange.caller === null) return;
      const own = underWay.get(exchange.caller);
      const place = own?.indexOf(exchange) ?? -1;
      if (own === undefined || place < 0) return;
      if (own.length === 1) underWay.delete(exchange.caller);
      else own.splice(place, 1);
    },
    count(): number {
      let count = 0;
      for (const own of underWay.values()) count += own.length;
      return count;
    },
    end(name: string): void {
      for (const exchange of [...(underWay.get(name) ?? [])]) exchange.hangUp();
    },
  };
}

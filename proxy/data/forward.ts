import type { ClientRequest, Agent as HttpAgent, IncomingMessage, ServerResponse } from 'node:http';
import { isIPv4, type LookupFunction, type Socket } from 'node:net';
import httpProxy from 'http-proxy';
import type { Profile } from '../profiles/profile.ts';
import { compileAddressPattern } from '../runtime/address-pattern.ts';
import { piecePassed } from '../runtime/collector.ts';
import { type Connection, connectionTo } from '../upstream/connection.ts';
import { type ReadPem, readTrust } from '../upstream/trust.ts';
import { refused } from '../upstream/tunnel.ts';
import type { RequestBody } from './body.ts';
import { type Failure, failureOf } from './connection-failure.ts';
import { keepConnections } from './connection-pool.ts';
import { createDeadlines, type Deadlines } from './deadlines.ts';
import { valueIn } from './raw-headers.ts';
import { holdWrites } from './turn-end.ts';
import { upstreamOf } from './upstream.ts';

/*
 * The only place that knows http-proxy 1.18.1. What it gets wrong is kept from it or taken over here; each point
 * has a case in test/conformance/ that shows it on the bare library:
 *   - its `proxyReq` event is left out for requests with Expect, and headers set in it throw when the agent's pool
 *     is full: the whole head is made before, and given to Node when http-proxy hands over its request;
 *   - it parses and joins URLs per request and throws on some: `toProxy` and `ignorePath`, a target parsed once,
 *     canonical paths;
 *   - it never ends the upstream request of a caller that left, nor the answer of an upstream that broke off;
 *   - it copies reason phrases that throw, and headers one call at a time: `selfHandleResponse`;
 *   - it pipes bodies whose length it has set to 0: it is never given a body, what it calls `pipe` of sends it.
 */

/** ms */
export type Timeouts = { connect: number; firstByte: number; idle: number };

export const TIMEOUTS: Timeouts = { connect: 10_000, firstByte: 30_000, idle: 120_000 };

/** Unleash closes an idle connection after 15 s (60 s on 4.19.5); ours must be gone before. */
const KEEP_IDLE_MS = 12_000;
const MAX_SOCKETS = 64;
/** As many as may be open, or a burst would close connections only to open them again. */
const MAX_IDLE_SOCKETS = MAX_SOCKETS;

export type Outgoing = {
  profile: Profile;
  method: string;
  /** Canonical, with query, without the profile's base path. */
  target: string;
  headers: Record<string, string>;
  body: RequestBody;
  /** Bytes; a streamed body that turns out longer ends in `request.body`. */
  bodyLimit: number;
  onAnswer(answer: IncomingMessage): void;
  /** Once at most, and nothing after it. After `onAnswer` it means that the answer broke off. */
  onFailure(failure: Failure): void;
};

export type Forwarding = {
  /** The caller left, or the answer is not wanted: ends the upstream request. */
  abort(): void;
  /** Bytes moved: the idle time begins anew. */
  alive(): void;
  /** The answer came to its end. */
  ended(): void;
};

export type Forwarder = {
  send(outgoing: Outgoing): Forwarding;
  /** Closes all connections to upstreams. */
  close(): void;
};

export type ForwarderOptions = {
  timeouts: Timeouts;
  /** Corporate proxies are named here. */
  env: NodeJS.ProcessEnv;
  readPem: ReadPem;
  lookup?: LookupFunction | undefined;
};

type Upstream = {
  profile: Profile;
  connection: Connection;
  agent: HttpAgent;
  mover: httpProxy;
  /** What stands before the path of each request. */
  prefix: string;
};

function createUpstream(profile: Profile, options: ForwarderOptions): Upstream {
  const { host, hostname: name, basePath } = upstreamOf(profile.url);
  if (!isIPv4(name)) compileAddressPattern();
  const connection = connectionTo(profile.url, readTrust(profile, options.readPem), {
    env: options.env,
    limitMs: options.timeouts.connect,
    lookup: options.lookup,
  });
  const agent = connection.createAgent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  // One agent serves one server, so its name need not be built from all options for each request.
  agent.getName = () => host;
  keepConnections(agent, { idleMs: KEEP_IDLE_MS, maxIdle: MAX_IDLE_SOCKETS });
  const { hostname } = connection.target;
  // Given once: what is given with a request, http-proxy copies for that request.
  const mover = httpProxy.createProxyServer({
    target: { ...connection.target, host: hostname },
    agent,
    toProxy: true,
    ignorePath: true,
    prependPath: false,
    secure: true,
    selfHandleResponse: true,
    // It fills this object anew for each request (common.js, setupOutgoing); Host stands in the head already.
    ssl: { setHost: false },
  });
  return { profile, connection, agent, mover, prefix: connection.pathPrefix + basePath };
}

/** True where the same connections will do, though the config was read again. */
function isSameServer(one: Profile, other: Profile): boolean {
  const mine = one.clientCertificate;
  const theirs = other.clientCertificate;
  return (
    one.url === other.url &&
    one.ca === other.ca &&
    mine?.certificate === theirs?.certificate &&
    mine?.key === theirs?.key
  );
}

const DIED = new Set(['ECONNRESET', 'EPIPE']);

/**
 * What http-proxy takes for the caller's request. It reads these members and no others (1.18.1, web-incoming.js and
 * common.js).
 *
 * @param begin is given the upstream request in place of a body to pipe into it
 */
function requestFor(method: string, begin: (request: ClientRequest) => void): IncomingMessage {
  const facade = {
    method,
    // The head is made elsewhere; it puts a Content-Length in here, for DELETE and OPTIONS.
    headers: {},
    // It would swallow a reset for a caller whose socket is gone; that is decided here.
    socket: ALIVE,
    // It listens for `aborted` and `error`; ending is `abort`'s matter.
    on: ignore,
    pipe: begin,
  };
  return facade as unknown as IncomingMessage;
}

const ALIVE = { destroyed: false };

function ignore(): void {}

/** What Node's request makes of headers that it is given as a list, and what its type leaves out. */
type ListedRequest = ClientRequest & { _storeHeader(firstLine: string, lines: string[]): void };

/** Without a body these say so: what comes next on the connection is no body. */
const SAYS_LENGTH = new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Gives a request its whole head at once. Node checks the lines as it does when they come one by one; but names and
 * values are not copied into an object by http-proxy, and into another one by Node (3 % of a request's CPU time).
 */
function putHead(
  request: ClientRequest,
  outgoing: Outgoing,
  { prefix, connection }: Upstream,
): void {
  const { method, target, headers, body } = outgoing;
  const lines: string[] = [];
  for (const name in headers) lines.push(name, headers[name] ?? '');
  if (body.kind === 'none' && SAYS_LENGTH.has(method)) lines.push('content-length', '0');
  const { proxyAuthorization } = connection;
  if (proxyAuthorization !== null) lines.push('proxy-authorization', proxyAuthorization);
  (request as ListedRequest)._storeHeader(`${method} ${prefix}${target} HTTP/1.1\r\n`, lines);
}

/** An answer that is none of its business. */
const RESPONSE = { headersSent: true, finished: true } as unknown as ServerResponse;

/** Sends requests to upstreams, each profile over connections of its own. */
export function createForwarder(options: ForwarderOptions): Forwarder {
  const upstreams = new Map<string, Upstream>();
  const deadlines = createDeadlines();

  const upstreamFor = (profile: Profile): Upstream => {
    const found = upstreams.get(profile.name);
    if (found?.profile === profile) return found;
    if (found !== undefined && isSameServer(found.profile, profile)) {
      found.profile = profile;
      return found;
    }
    const fresh = createUpstream(profile, options);
    // Requests in flight finish on the old one; its idle connections end by their own time.
    upstreams.set(profile.name, fresh);
    return fresh;
  };
  /** Its certificates may be new on the disk: they are read again for the next request. */
  const forget = (profile: Profile) => upstreams.delete(profile.name);

  return {
    send: (outgoing) => forward({ upstreamFor, forget }, outgoing, options.timeouts, deadlines),
    close() {
      for (const { agent } of upstreams.values()) agent.destroy();
      upstreams.clear();
    },
  };
}

function forward(
  { upstreamFor, forget }: { upstreamFor(profile: Profile): Upstream; forget(of: Profile): void },
  outgoing: Outgoing,
  timeouts: Timeouts,
  deadlines: Deadlines,
): Forwarding {
  const { body, profile } = outgoing;
  let current: ClientRequest | null = null;
  let through: Connection | null = null;
  let answered = false;
  let connected = false;
  /** Nothing is reported any more: it failed, was given up, or came to its end. */
  let over = false;

  const fail = (failure: Failure) => {
    if (over) return;
    over = true;
    deadline.clear();
    current?.destroy();
    if (failure.code === 'upstream.tls') forget(profile);
    outgoing.onFailure(failure);
  };
  /** The server would take more of the body, and the caller sends none. */
  const waitsForCaller = () =>
    body.kind === 'stream' && !answered && connected && uploading() && !body.source.isPaused();
  const deadline = deadlines.create(() =>
    fail({ code: waitsForCaller() ? 'request.framing' : 'upstream.timeout' }),
  );

  const watchSocket = (request: ClientRequest) => (socket: Socket) => {
    connected = request.reusedSocket;
    if (request.reusedSocket) return;
    // While it waits for a free connection, the first byte's time runs.
    deadline.within(timeouts.connect);
    const ready = 'encrypted' in socket ? 'secureConnect' : 'connect';
    socket.once(ready, () => {
      connected = true;
      if (request === current && !answered && !over) deadline.within(waitFor());
    });
  };
  const waitFor = () => (uploading() ? timeouts.idle : timeouts.firstByte);
  const uploading = () => body.kind === 'stream' && !body.source.readableEnded;

  const takeAnswer = (answer: IncomingMessage) => {
    if (over) {
      answer.destroy();
      return;
    }
    answered = true;
    if (answer.statusCode === 407 && through?.proxy != null) {
      answer.destroy();
      const { code, reason, next } = refused(through.proxy, upstreamOf(profile.url).hostname, 407);
      fail({ code, reason, next });
      return;
    }
    // A stream of events may be silent for hours.
    const type = valueIn(answer.rawHeaders, 'content-type') ?? '';
    if (type.startsWith('text/event-stream')) deadline.clear();
    else deadline.within(timeouts.idle);
    answer.on('error', ignore);
    answer.on('close', () => {
      if (!answer.complete) fail({ code: 'upstream.reset' });
    });
    try {
      outgoing.onAnswer(answer);
    } catch {
      // A status or a header that Node's parser takes and its writer does not.
      fail({ code: 'upstream.reset' });
    }
  };

  /** Given the upstream request by http-proxy in place of a body to pipe into it. */
  const begin = (request: ClientRequest, upstream: Upstream, bytesBefore: { count: number }) => {
    current = request;
    if (over) {
      request.destroy();
      return;
    }
    // Each of these comes once; `once` would make two more objects of each listener.
    request.on('socket', (socket) => {
      bytesBefore.count = socket.bytesRead;
      holdWrites(socket);
      watchSocket(request)(socket);
    });
    request.on('response', takeAnswer);
    // A 101 to a plain request ends in no other event.
    request.on('close', () => {
      if (request === current && !answered) fail({ code: 'upstream.reset' });
    });
    putHead(request, outgoing, upstream);
    if (body.kind === 'none') request.end();
    else if (body.kind === 'whole') request.end(body.bytes);
    else stream(body, request);
  };

  const stream = (
    { begun, source }: Extract<RequestBody, { kind: 'stream' }>,
    request: ClientRequest,
  ) => {
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      piecePassed(chunk.length);
      if (size > outgoing.bodyLimit) {
        source.off('data', take);
        fail({ code: 'request.body' });
        return;
      }
      if (!answered) deadline.again();
      if (!request.write(chunk)) source.pause();
    };
    request.on('drain', () => source.resume());
    source.once('end', () => {
      request.end();
      if (!answered && !over) deadline.within(timeouts.firstByte);
    });
    // The upstream is gone: what still comes is read and thrown away by the port.
    request.once('close', () => source.off('data', take));
    for (const chunk of begun) take(chunk);
    source.on('data', take);
    source.resume();
  };

  const attempt = (isRetry: boolean) => {
    const upstream = upstreamFor(profile);
    through = upstream.connection;
    const bytesBefore = { count: 0 };
    const facade = requestFor(outgoing.method, (request) => begin(request, upstream, bytesBefore));
    const failed = (error: Error & { code?: string }) => {
      if (over || answered) return;
      const request = current;
      const unread = request?.socket == null || request.socket.bytesRead === bytesBefore.count;
      const isStale = request?.reusedSocket === true && DIED.has(error.code ?? '') && unread;
      if (isStale && !isRetry && body.kind !== 'stream') {
        start(true);
        return;
      }
      fail(failureOf(error, profile));
    };
    if (!isRetry) {
      upstream.mover.web(facade, RESPONSE, failed as never);
      return;
    }
    // A second attempt takes a connection that nobody can have closed yet.
    const agent = upstream.connection.createAgent({ keepAlive: false });
    upstream.mover.web(facade, RESPONSE, { agent }, failed);
  };

  const start = (isRetry: boolean) => {
    deadline.within(waitFor());
    try {
      attempt(isRetry);
    } catch (error) {
      fail(error instanceof Error ? failureOf(error, profile) : { code: 'proxy.failed' });
    }
  };

  start(false);
  return {
    abort() {
      if (over) return;
      over = true;
      deadline.clear();
      current?.destroy();
    },
    alive: () => deadline.again(),
    ended() {
      over = true;
      deadline.clear();
      // It answered before it had read all; nobody waits for the rest.
      if (uploading()) current?.destroy();
    },
  };
}

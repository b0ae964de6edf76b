import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { monotonicMs } from '../runtime/monotonic.ts';
import { valueIn } from './raw-headers.ts';

/** How often idle connections are looked through for those that have been idle for too long; ms. */
const SWEEP_MS = 1_000;
/** A server that says how long it keeps an idle connection closes it at that moment: ours is gone before. ms */
const HINT_MARGIN_MS = 1_000;

/** What Node's agent does with it, and what its type leaves out. */
type PooledAgent = Agent & {
  addRequest(request: ClientRequest, options: object): void;
  emit(event: 'free', socket: Socket, options: object): boolean;
};
type PooledSocket = Socket & { _httpMessage: (ClientRequest & Answered) | null };
type Answered = { res?: IncomingMessage; shouldKeepAlive: boolean };
type Idle = { socket: PooledSocket; until: number };

/**
 * Has an agent that serves one server keep its idle connections here and hand them out again. Node's own way costs
 * more than all checks of a request together: it merges the options, builds a name of them and moves the socket
 * between lists, each time. Connections are made, counted and queued for by the agent as before.
 *
 * @param agent of Node, with `keepAlive`
 * @param idleMs a connection idle for longer is closed
 * @param maxIdle how many are kept
 */
export function keepConnections<Kept extends Agent>(
  agent: Kept,
  { idleMs, maxIdle }: { idleMs: number; maxIdle: number },
): Kept {
  const pooled = agent as unknown as PooledAgent;
  const known = new WeakSet<Socket>();
  let idle: Idle[] = [];
  let sweep: NodeJS.Timeout | undefined;

  const look = () => {
    const now = monotonicMs();
    idle = idle.filter(({ socket, until }) => {
      if (until <= now) socket.destroy();
      return !socket.destroyed;
    });
    if (idle.length > 0) return;
    clearInterval(sweep);
    sweep = undefined;
  };

  const keep = (socket: PooledSocket, ms: number) => {
    if (!known.has(socket)) {
      known.add(socket);
      // One that breaks while it is idle is nobody's failure.
      socket.on('error', ignore);
    }
    socket._httpMessage = null;
    socket.unref();
    idle.push({ socket, until: monotonicMs() + ms });
    sweep ??= setInterval(look, SWEEP_MS).unref();
  };

  const [free] = pooled.listeners('free') as ((socket: Socket, options: object) => void)[];
  pooled.removeAllListeners('free');
  pooled.on('free', (socket: PooledSocket, options: object) => {
    const request = socket._httpMessage;
    const ms = request?.shouldKeepAlive === true ? keptFor(request.res, idleMs) : 0;
    if (idle.length >= maxIdle) look();
    // Who waits for a connection is in the agent's queue.
    if (isWaitedFor(agent)) free?.call(agent, socket, options);
    else if (ms > 0 && socket.writable && idle.length < maxIdle) keep(socket, ms);
    else socket.destroy();
  });

  const addRequest = pooled.addRequest.bind(pooled);
  pooled.addRequest = (request, options) => {
    const now = monotonicMs();
    for (let last = idle.pop(); last !== undefined; last = idle.pop()) {
      const { socket, until } = last;
      if (until > now && socket.writable && !socket.destroyed) {
        socket.ref();
        request.reusedSocket = true;
        request.onSocket(socket);
        return;
      }
      socket.destroy();
    }
    addRequest(request, options);
  };
  return agent;
}

function isWaitedFor(agent: Agent): boolean {
  for (const _ in agent.requests) return true;
  return false;
}

/** ms for which a connection may be kept after this answer. */
function keptFor(answer: IncomingMessage | undefined, idleMs: number): number {
  const hint = valueIn(answer?.rawHeaders ?? [], 'keep-alive');
  return hint === undefined ? idleMs : Math.min(idleMs, hintedMs(hint));
}

/** A server says the same each time. */
let lastHint = '';
let lastMs = Number.POSITIVE_INFINITY;

function hintedMs(hint: string): number {
  if (hint !== lastHint) {
    const seconds = /^timeout=(\d+)/i.exec(hint)?.[1];
    lastHint = hint;
    lastMs =
      seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000 - HINT_MARGIN_MS;
  }
  return lastMs;
}

function ignore(): void {}

import type { Socket } from 'node:net';
import { PHANTOM_PREFIX } from '../../../shared/token/grammar.ts';
import { hashPhantomToken } from '../../clients/phantom-token.ts';
import { isExpired, SOCKET_CALLER } from '../../clients/table.ts';
import { type Refusal, refuse } from '../../errors.ts';
import { type Exchange, type Step, type StepContext, valuesOf } from '../exchange.ts';
import { peerUser } from '../peer-user.ts';

/** Unleash takes a token bare or as Bearer, blanks around it tolerated; so do we. */
const BEARER = /^bearer +/i;

/** `user:tl_`, its colon as it is or encoded. */
const IN_TARGET = /user(?::|%3a)tl_/i;

function tokenIn(authorization: string): string {
  return authorization.replace(BEARER, '').trim();
}

/** What came last on a connection, and its hash. */
const lastHashes = new WeakMap<Socket, { token: string; hash: string }>();

/**
 * The same token comes with each request of a connection, and its hash takes 3 % of a request's CPU time. Whose it is,
 * and whether it still is, the table says anew each time.
 */
function hashOn(peer: Socket | null, token: string): string {
  const last = peer === null ? undefined : lastHashes.get(peer);
  if (last !== undefined && last.token === token) return last.hash;
  const hash = hashPhantomToken(token);
  if (peer !== null) lastHashes.set(peer, { token, hash });
  return hash;
}

/** Finds out who asks. Every request is asked anew: a token that was revoked a moment ago is worth nothing now. */
export const caller: Step = {
  name: 'caller',
  check(exchange, context) {
    if (IN_TARGET.test(exchange.target)) {
      return refuse(
        'caller.unknown',
        'A phantom token stands in the URL, where logs would keep it.',
      );
    }
    const credentials = valuesOf(exchange.lines, 'authorization');
    if (exchange.route === 'open') return welcome(exchange, context, credentials);
    if (credentials.length > 1) {
      return refuse('caller.unknown', 'The request has two Authorization lines.', {
        rule: 'one Authorization line',
      });
    }
    return exchange.route === 'passthrough'
      ? ownToken(credentials[0] ?? '')
      : phantomToken(exchange, context, credentials[0]);
  },
  passedBy({ route, caller: name, client }) {
    if (route !== 'admin') return 'no caller needed';
    if (client !== null) return `client ${client.name}`;
    return `${name}: ${name === SOCKET_CALLER ? 'reached the socket' : 'runs as this user'}`;
  },
};

/**
 * Nobody needs a token here, and none is sent on. A live one still says whose server is meant: what `/docs/openapi.json`
 * describes has to be the server that the same program then calls.
 */
function welcome(exchange: Exchange, { data }: StepContext, credentials: string[]): null {
  const token = credentials.length === 1 ? tokenIn(credentials[0] ?? '') : '';
  if (!token.startsWith(PHANTOM_PREFIX)) return null;
  const client = data.clientByTokenHash(hashOn(exchange.peer, token));
  if (client === undefined || isExpired(client, data.now())) return null;
  exchange.caller = client.name;
  exchange.callerBy = 'phantom';
  exchange.client = client;
  return null;
}

/** Any spelling of it: a phantom token must not leave this machine, not even where it would be refused. */
function ownToken(authorization: string): Refusal | null {
  if (!authorization.toLowerCase().includes(PHANTOM_PREFIX)) return null;
  return refuse('caller.unknown', 'A phantom token opens /api/admin only.', {
    hint: "Send one of Unleash's own backend or frontend tokens here",
    rule: 'no phantom token beyond /api/admin',
  });
}

function phantomToken(
  exchange: Exchange,
  { data }: StepContext,
  authorization: string | undefined,
): Refusal | null | Promise<Refusal | null> {
  const token = authorization === undefined ? '' : tokenIn(authorization);
  const isPhantom = token.startsWith(PHANTOM_PREFIX);
  // A dead phantom token gets nothing on the socket either: whoever sends one believes to have its rights.
  if (exchange.via === 'socket' && !isPhantom) {
    exchange.caller = SOCKET_CALLER;
    exchange.callerBy = 'socket';
    return null;
  }
  // Who is at the other end of a connection from another machine no kernel here knows.
  const isLocal = exchange.via === 'tcp';
  if (data.keylessUser !== undefined && isLocal && !isPhantom && exchange.peer !== null)
    return ownProgram(exchange, exchange.peer, data.keylessUser);
  if (token === '') return refuse('caller.missing', 'The request has no token of this proxy.');
  const client = isPhantom ? data.clientByTokenHash(hashOn(exchange.peer, token)) : undefined;
  if (client === undefined) {
    return refuse('caller.unknown', 'The token in Authorization is not one of this proxy.');
  }
  exchange.caller = client.name;
  exchange.callerBy = 'phantom';
  if (isExpired(client, data.now())) {
    return refuse('caller.expired', `The token of client "${client.name}" has expired.`);
  }
  exchange.client = client;
  return null;
}

/** `--keyless`: lets in whose program runs as the user of the proxy, by the kernel's word. */
async function ownProgram(
  exchange: Exchange,
  peer: Socket,
  ownUser: number,
): Promise<Refusal | null> {
  const user = await peerUser(peer);
  if (user === ownUser) {
    exchange.caller = `uid:${user}`;
    exchange.callerBy = 'uid';
    return null;
  }
  const who = user === null ? 'an unknown user' : `another user (uid ${user})`;
  return refuse('caller.unknown', `The program that asks runs as ${who}.`, { rule: 'keyless' });
}

/** One runaway program must not use up the upstream's connections for all. */
export const limit: Step = {
  name: 'limit',
  check(exchange, { enter, requestsPerClient }) {
    if (exchange.caller === null || enter(exchange)) return null;
    return refuse(
      'caller.limit',
      `"${exchange.caller}" has ${requestsPerClient} requests under way, the most that it may have.`,
    );
  },
  passedBy: (_, { requestsPerClient }) => `at most ${requestsPerClient} requests at once`,
};

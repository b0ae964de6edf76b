import { effectOf } from '../../../shared/unleash/operations/find.ts';
import { refuse } from '../../errors.ts';
import type { Access } from '../../profiles/profile.ts';
import type { Exchange, Step, StepContext } from '../exchange.ts';

/** What the request means. An unknown write counts as mint, until someone has looked at it. */
export const operation: Step = {
  name: 'operation',
  check(exchange) {
    if (exchange.route !== 'admin') return null;
    const method = exchange.method === 'HEAD' ? 'GET' : exchange.method;
    const found = effectOf(method, exchange.lookup);
    exchange.operation = found.operation;
    exchange.effect = found.effect;
    return null;
  },
  passedBy: (exchange) =>
    exchange.route === 'admin'
      ? `${exchange.operation?.id ?? 'unknown operation'}: ${exchange.effect}`
      : 'not an operation of the admin API',
};

/** By meaning, never by path: paths hold secrets (`/api-tokens/<secret>`). */
function nameOf(exchange: Exchange): string {
  return exchange.operation?.id ?? `an unknown ${exchange.method}`;
}

/**
 * The mint guard. Whoever may create a credential with our identity leaves with one that no leash holds, so it
 * takes a client that was given the right by name. Callers of the socket never have it.
 */
export const mint: Step = {
  name: 'mint',
  check(exchange) {
    if (exchange.route !== 'admin' || exchange.effect !== 'mint') return null;
    if (exchange.client?.mint === true) return null;
    return refuse(
      'policy.mint',
      `${nameOf(exchange)} hands out credentials or widens access, and "${exchange.caller}" may not.`,
      { rule: 'mint guard' },
    );
  },
  passedBy: ({ effect }) => (effect === 'mint' ? 'the client may mint' : 'hands out no credential'),
};

const ORDER: readonly Access[] = ['read', 'ask', 'write'];

function lower(left: Access, right: Access): Access {
  return ORDER.indexOf(left) < ORDER.indexOf(right) ? left : right;
}

/** The lower of the profile's and the client's, and `read` for all under `start --read-only`. */
function accessOf({ profile, client }: Exchange, { data }: StepContext): Access {
  if (data.readOnly || profile === null) return 'read';
  return client === null ? profile.access : lower(profile.access, client.access);
}

function isRead({ effect, method }: Exchange): boolean {
  if (effect === 'mint') return method === 'GET' || method === 'HEAD';
  return effect === 'read';
}

/** Who set the access that says no: that is where it can be changed. */
function narrowest({ profile, client }: Exchange, { data }: StepContext): [string, string] {
  if (data.readOnly)
    return [
      'the proxy was started with --read-only',
      'Start it again without: tokenleash stop, then: tokenleash start',
    ];
  const clientIsLower =
    client !== null &&
    profile !== null &&
    ORDER.indexOf(client.access) < ORDER.indexOf(profile.access);
  if (profile !== null && !clientIsLower) {
    return [
      `profile "${profile.name}" has access ${profile.access}`,
      `Let it write: tokenleash profile set ${profile.name} --access write`,
    ];
  }
  return [
    `client "${client?.name}" has access ${client?.access}`,
    'Make a client that may write: tokenleash client add NAME --access write',
  ];
}

/** By operation, not by method: some POSTs only read (export, playground, search). */
export const access: Step = {
  name: 'access',
  check(exchange, context) {
    if (exchange.route !== 'admin' || isRead(exchange)) return null;
    const granted = accessOf(exchange, context);
    if (granted === 'write') return null;
    const [rule, hint] = narrowest(exchange, context);
    const waits = granted === 'ask' ? ' Approving single writes is not part of this version.' : '';
    return refuse('policy.read_only', `${nameOf(exchange)} writes, and ${rule}.${waits}`, {
      rule,
      hint,
    });
  },
  passedBy: (exchange, context) =>
    exchange.route === 'admin' ? `access ${accessOf(exchange, context)}` : 'not limited',
};

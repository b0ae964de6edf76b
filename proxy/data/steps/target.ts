import { refuse } from '../../errors.ts';
import type { Step } from '../exchange.ts';

export const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
]);

/** TRACE echoes headers, CONNECT tunnels, and what else there is no Unleash has a use for. */
export const method: Step = {
  name: 'method',
  check(exchange) {
    if (METHODS.has(exchange.method)) return null;
    return refuse('target.method', 'The proxy does not serve this method.');
  },
  passedBy: (exchange) => `${exchange.method} is served`,
};

/**
 * Only a path (RFC 9112 §3.2.1): an absolute target names another host than the Host header does, `//host/x` reads
 * as one, and both end the process in http-proxy when they are malformed.
 */
export const targetForm: Step = {
  name: 'target-form',
  check({ target }) {
    if (target === '') return refuse('target.form', 'The request line is not HTTP/1.1.');
    if (target.startsWith('/') && target[1] !== '/') return null;
    return refuse('target.form', 'The request target is not a path.');
  },
  passedBy: () => 'the target is a path',
};

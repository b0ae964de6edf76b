import { type Refusal, refuse } from '../../errors.ts';
import { type BodyPlan, type Exchange, type Step, valuesOf } from '../exchange.ts';

/**
 * http-proxy 1.18.1 sends these with `Content-Length: 0` and the chunked body behind it, which the server reads as
 * the next request (CVE-2026-29057). No client of Unleash sends them so.
 */
const NEVER_CHUNKED = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);

/** Up to 15 digits: exact as a number. */
const LENGTH = /^[0-9]{1,15}$/;

function planOf({ lines, method }: Exchange): BodyPlan | Refusal {
  const codings = valuesOf(lines, 'transfer-encoding');
  const lengths = valuesOf(lines, 'content-length');
  if (codings.length > 0) {
    const isChunked = codings.length === 1 && codings[0]?.toLowerCase() === 'chunked';
    if (!isChunked || lengths.length > 0) {
      return refuse('request.framing', 'It is not certain where the request ends.');
    }
    if (NEVER_CHUNKED.has(method)) {
      return refuse('request.framing', `A ${method} cannot have a chunked body.`);
    }
    return { kind: 'chunked' };
  }
  const [length] = lengths;
  if (length === undefined) return { kind: 'none' };
  if (lengths.length > 1 || !LENGTH.test(length)) {
    return refuse('request.framing', 'It is not certain where the request ends.');
  }
  return length === '0' ? { kind: 'none' } : { kind: 'length', bytes: Number(length) };
}

/** Where the request ends must be beyond doubt before one byte of it goes on. */
export const framing: Step = {
  name: 'framing',
  check(exchange, { bodyLimit }) {
    for (const expectation of valuesOf(exchange.lines, 'expect')) {
      if (expectation.toLowerCase() !== '100-continue') {
        return refuse('request.expect', 'The proxy cannot meet this Expect.');
      }
    }
    const plan = planOf(exchange);
    if ('code' in plan) return plan;
    if (plan.kind === 'length' && plan.bytes > bodyLimit) {
      return refuse('request.body', `The request's body is longer than ${bodyLimit} bytes.`);
    }
    exchange.body = plan;
    return null;
  },
  passedBy: ({ body }) => (body.kind === 'none' ? 'no body' : `body by ${body.kind}`),
};

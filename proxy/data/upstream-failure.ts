import { type ErrorCode, type Refusal, refuse } from '../errors.ts';
import type { Profile } from '../profiles/profile.ts';
import type { Failure } from './connection-failure.ts';

const WHAT: Partial<Record<ErrorCode, string>> = {
  'upstream.unreachable': 'could not be reached',
  'upstream.reset': 'broke off before its answer was complete',
  'upstream.tls': 'could not be asked over a safe connection',
  'upstream.timeout': 'did not answer in time',
  'upstream.encoding':
    'compressed its answer although it was asked not to, so it cannot be scanned',
};

/** What to tell a caller whose request was let through but got no answer. Names the profile, never its token. */
export function upstreamFailure(failure: Failure, profile: Profile | null): Refusal {
  const { code, reason, next } = failure;
  if (code === 'request.body') return refuse(code, "The request's body is longer than is served.");
  if (code === 'request.framing') return refuse(code, "The request's body did not come to an end.");
  const what = WHAT[code];
  if (what === undefined) return refuse(code, 'The proxy failed at this request.');
  const why = reason === undefined ? '' : `: ${reason}`;
  const message = `The server of profile "${profile?.name}" ${what}${why}.`;
  return refuse(code, message, next === undefined ? {} : { hint: next });
}

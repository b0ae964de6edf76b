import { NETWORK_REASONS, type TlsTrouble, tlsTroubleOf } from '../../shared/unleash/failures.ts';
import type { ErrorCode } from '../errors.ts';
import type { Profile } from '../profiles/profile.ts';
import { ConnectionError } from '../upstream/connection-error.ts';

/** Why a request got no answer: the code, and in words where they are known. Never a secret. */
export type Failure = {
  code: ErrorCode;
  /** A clause that goes on after a colon. */
  reason?: string;
  /** What to do. */
  next?: string;
};

const NOT_REACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'ENETDOWN',
  'EACCES',
  'EPERM',
]);

/** OpenSSL's codes for PEM texts that it cannot take. */
const BAD_PEM = /^(?:ERR_OSSL|UNABLE_TO_)/;

/** Node's parser refused what came (`HPE_…`). */
const NO_HTTP: Failure = {
  code: 'upstream.reset',
  reason: 'what it sent is no HTTP',
  next: 'Check the port, and whether it is https there',
};

type NodeError = Error & { code?: string; errors?: readonly NodeError[] };

/** What an error of a request to a profile's server means. */
export function failureOf(error: NodeError, profile: Profile): Failure {
  if (error instanceof ConnectionError)
    return { code: error.code, reason: error.reason, next: error.next };
  // A name with several addresses fails with one error for each.
  const first = error.code === undefined ? (error.errors?.[0] ?? error) : error;
  const code = first.code ?? '';
  const trouble = tlsTroubleOf(first);
  if (trouble !== null)
    return { code: 'upstream.tls', reason: trouble.fact, next: tlsAdvice(trouble, profile) };
  if (BAD_PEM.test(code)) return { code: 'upstream.tls' };
  if (code.startsWith('HPE_')) return NO_HTTP;
  if (!NOT_REACHED.has(code)) return { code: 'upstream.reset' };
  const known = /^([^.]+)\. (.+)\.$/.exec(NETWORK_REASONS[code] ?? '');
  if (known === null) return { code: 'upstream.unreachable' };
  const [, fact = '', advice = ''] = known;
  const reason = `${fact[0]?.toLowerCase()}${fact.slice(1)}`;
  return { code: 'upstream.unreachable', reason, next: advice };
}

/** The commands that help, where there are any. */
function tlsAdvice({ kind, advice }: TlsTrouble, { name, ca, clientCertificate }: Profile): string {
  const set = `tokenleash profile set ${name}`;
  if (kind === 'unknown-ca')
    return ca === null
      ? `If its CA is your own: ${set} --ca FILE`
      : `It is not the CA in ${ca}. Name the right one: ${set} --ca FILE`;
  if (kind === 'wants-certificate' && clientCertificate === null)
    return `${advice}, then: ${set} --client-cert FILE --client-key FILE`;
  if (kind === 'other-name') return `${advice}: ${set} --url URL`;
  return advice;
}

import { EXIT, type ExitCode } from './problem.ts';

/**
 * Every error that a request can end in: its code, HTTP status, exit code, name and hint. Nothing else in the data
 * port writes a status by hand.
 */

export type ErrorEntry = {
  status: number;
  exit: ExitCode;
  /** Unleash's own name for this kind of error, so that its clients print something sensible. */
  name: string;
  /** True where the same request can only fail again: sent as `x-should-retry: false`. */
  final: boolean;
  /** The allowed way; ends the message unless a step knows a better one. */
  hint: string;
};

function entry(
  status: number,
  exit: ExitCode,
  name: string,
  final: boolean,
  hint: string,
): ErrorEntry {
  return { status, exit, name, final, hint };
}

const { failure, unreachable, credential, denied } = EXIT;

export const ERRORS = {
  'target.form': entry(400, failure, 'BadDataError', true, 'Send a path: GET /api/admin/projects'),
  'target.path': entry(
    404,
    failure,
    'NotFoundError',
    true,
    'Served are /api/admin, /api/client, /api/frontend, /edge, /health and /docs/openapi.json',
  ),
  'target.method': entry(
    405,
    failure,
    'MethodNotAllowedError',
    true,
    'Use GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE',
  ),
  'host.refused': entry(
    421,
    denied,
    'ForbiddenError',
    true,
    'Use the address that `tokenleash status` prints',
  ),
  'browser.refused': entry(
    403,
    denied,
    'ForbiddenError',
    true,
    'Call the proxy from a program, not from a web page, and without Origin, Referer or Sec-Fetch headers',
  ),
  'caller.missing': entry(
    401,
    credential,
    'AuthenticationRequired',
    true,
    'Make a token with: tokenleash client add NAME, and send it as Authorization',
  ),
  'caller.unknown': entry(
    401,
    credential,
    'UnauthorizedError',
    true,
    'Make a token with: tokenleash client add NAME, and send it as the only Authorization',
  ),
  'caller.expired': entry(
    401,
    credential,
    'UnauthorizedError',
    true,
    'Make a new one with: tokenleash client add NAME',
  ),
  'caller.limit': entry(
    429,
    failure,
    'RateLimitError',
    false,
    'Wait for a request to end, or give each program its own client: tokenleash client add NAME',
  ),
  'request.headers': entry(
    431,
    failure,
    'BadDataError',
    true,
    'Send at most 100 header lines and 16 KiB of them',
  ),
  'request.framing': entry(
    400,
    failure,
    'BadDataError',
    true,
    'Send a body with one Content-Length, or chunked on POST, PUT and PATCH',
  ),
  'request.body': entry(
    413,
    failure,
    'ContentTooLargeError',
    true,
    'Send less at once; Unleash takes 100 kB, and 500 kB on features-batch',
  ),
  'request.expect': entry(
    417,
    failure,
    'BadDataError',
    true,
    'Leave Expect out, or send: Expect: 100-continue',
  ),
  'policy.mint': entry(
    403,
    denied,
    'ForbiddenError',
    true,
    'Make a client that may: tokenleash client add NAME --access write --mint',
  ),
  'policy.read_only': entry(
    403,
    denied,
    'ForbiddenError',
    true,
    'Make a client that may write: tokenleash client add NAME --access write',
  ),
  'policy.rule': entry(
    403,
    denied,
    'ForbiddenError',
    true,
    'See which rule: tokenleash explain METHOD PATH',
  ),
  'approval.denied': entry(403, denied, 'ForbiddenError', true, 'Ask the person who said no'),
  'approval.timeout': entry(
    403,
    denied,
    'ForbiddenError',
    false,
    'Send it again, and have it approved within 180 s',
  ),
  'upstream.unreachable': entry(
    502,
    unreachable,
    'BadGatewayError',
    false,
    'Check that the server runs and its URL is right: tokenleash profile show',
  ),
  'upstream.reset': entry(
    502,
    unreachable,
    'BadGatewayError',
    false,
    'Look at the server, then send it again',
  ),
  'upstream.tls': entry(
    502,
    unreachable,
    'BadGatewayError',
    true,
    'For a private CA: tokenleash profile set NAME --ca FILE',
  ),
  'upstream.encoding': entry(
    502,
    failure,
    'BadGatewayError',
    true,
    'Have the server, or what stands before it, honour Accept-Encoding: identity',
  ),
  'upstream.timeout': entry(
    504,
    unreachable,
    'GatewayTimeoutError',
    false,
    'Look at the server, then send it again',
  ),
  'upstream.unauthorized': entry(
    401,
    credential,
    'UnauthorizedError',
    true,
    'The token of this profile expired or was revoked. Give it a new one: tokenleash profile show',
  ),
  'secret.unavailable': entry(
    503,
    credential,
    'UnavailableError',
    true,
    'See what is missing: tokenleash profile show',
  ),
  'proxy.draining': entry(
    503,
    failure,
    'UnavailableError',
    false,
    'Start it again: tokenleash start',
  ),
  /** A defect of ours; answered so that the caller is never left hanging. */
  'proxy.failed': entry(
    500,
    failure,
    'InternalError',
    true,
    'See the log of tokenleash, and report it with the request id',
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** A step's no: what was refused and by which rule, in words; never a secret or a part of the request's content. */
export type Refusal = {
  code: ErrorCode;
  /** One sentence: who did not do what, and why. */
  message: string;
  /** What to do in place of it; the table's hint where a step has no better one. */
  hint: string;
  /** The rule that decided, for `explain`. */
  rule: string;
  /** Differs from the table's only for `target.path`. */
  status: number;
};

/** Makes a refusal; status and hint come from the table unless given. */
export function refuse(
  code: ErrorCode,
  message: string,
  more: { hint?: string; rule?: string; status?: number } = {},
): Refusal {
  const known = ERRORS[code];
  return {
    code,
    message,
    hint: more.hint ?? known.hint,
    rule: more.rule ?? code,
    status: more.status ?? known.status,
  };
}

/** A refusal's JSON body in Unleash's own error shape. `id` is the request's, as it stands in the audit log. */
export function errorBody(refusal: Refusal, id: string): string {
  const message = `${refusal.message} ${refusal.hint}.`;
  return JSON.stringify({
    id,
    name: ERRORS[refusal.code].name,
    message,
    details: [{ message, code: refusal.code, rule: refusal.rule }],
  });
}

/** What `tokenleash` ends with after a command failed with this code. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  return ERRORS[code].exit;
}

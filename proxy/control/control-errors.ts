import type { ServerResponse } from 'node:http';

/**
 * Every refusal of the control port: status and the sentence for a person. The codes that the data port has too
 * (errors.ts) mean the same here. The sentences hold nothing that came with the request.
 */
export const CONTROL_ERRORS = {
  'request.headers': [431, 'The request has more than 100 header lines or 16 KiB of them.'],
  'request.framing': [400, 'The request is not well-formed HTTP.'],
  'request.timeout': [408, 'The request did not arrive within 10 s.'],
  'request.body': [413, 'The body is larger than 64 KiB.'],
  'request.type': [415, 'The body is not application/json.'],
  'request.shape': [400, 'The body is not what this path takes.'],
  'host.refused': [421, 'The Host header does not name this control port.'],
  'browser.refused': [
    403,
    'No web page and no other extension may use the control port. To pair this browser, type `tokenleash pair`.',
  ],
  'target.path': [404, 'The control port does not serve this path.'],
  'target.method': [405, 'The control port does not serve this method here.'],
  'link.code_wrong': [403, 'This is not the code that `tokenleash pair` printed last.'],
  'link.code_expired': [
    403,
    'No pairing code is waiting; one is good for 60 s. Type `tokenleash pair` for a new one.',
  ],
  'link.code_used': [
    403,
    'This code has paired a browser already. Type `tokenleash pair` for a new one.',
  ],
  'link.tries': [
    403,
    'This code was tried wrongly 5 times and is dead. Type `tokenleash pair` for a new one.',
  ],
  'link.store': [
    503,
    "The proxy could not store its side of the link, so nothing is paired. The proxy's log says why.",
  ],
  'link.unknown': [
    401,
    'The proxy knows no such link. It was ended, or never made. Type `tokenleash pair`.',
  ],
  'link.signature': [401, 'The request is not signed by the paired browser.'],
  'link.clock': [
    401,
    'The clocks of browser and proxy lie more than 5 min apart. Set the clock, then try again.',
  ],
  'link.replay': [401, 'This request was sent before.'],
  'link.sealed': [400, 'The body is not sealed to this link.'],
  'control.busy': [503, 'Too many programs follow the events of this proxy already.'],
  'control.failed': [500, 'The proxy failed at this. Its log says why.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ControlErrorCode = keyof typeof CONTROL_ERRORS;

/** A refusal on its way out; `message` replaces the table's sentence where there is a better one. */
export type ControlRefusal = { refused: ControlErrorCode; message?: string };

export type ProblemBody = {
  id: string;
  name: string;
  message: string;
  details: { message: string; code: ControlErrorCode }[];
};

/** Unleash's own names for these statuses. */
const NAMES: Record<number, string> = {
  401: 'UnauthorizedError',
  403: 'ForbiddenError',
  404: 'NotFoundError',
  405: 'MethodNotAllowedError',
  413: 'ContentTooLargeError',
  421: 'ForbiddenError',
  500: 'InternalError',
  503: 'UnavailableError',
};

/** A refusal in Unleash's own error shape. */
export function problemOf({ refused, message }: ControlRefusal): {
  status: number;
  body: ProblemBody;
} {
  const [status, sentence] = CONTROL_ERRORS[refused];
  const text = message ?? sentence;
  return {
    status,
    body: {
      id: crypto.randomUUID(),
      name: NAMES[status] ?? 'BadDataError',
      message: text,
      details: [{ message: text, code: refused }],
    },
  };
}

/** On every answer: nothing is cached, guessed at, framed or remembered. */
export const STEADY_HEADERS: Record<string, string> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Marks a refusal by its code, and says where sending the same again can only fail again. */
export function refusalHeaders(code: ControlErrorCode): Record<string, string> {
  const again = [408, 500, 503].includes(CONTROL_ERRORS[code][0]);
  return { 'x-tokenleash-error': code, ...(again ? {} : { 'x-should-retry': 'false' }) };
}

/** Sends a body that is JSON already. */
export function sendText(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    ...STEADY_HEADERS,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

export function sendRefusal(
  response: ServerResponse,
  refusal: ControlRefusal,
  headers: Record<string, string> = {},
): void {
  const { status, body } = problemOf(refusal);
  sendText(response, status, JSON.stringify(body), {
    ...refusalHeaders(refusal.refused),
    ...headers,
  });
}

/** The same for a connection on which no request could be read: bytes as HTTP/1.1 has them. */
export function rawRefusal(refusal: ControlRefusal): string {
  const { status, body } = problemOf(refusal);
  const text = JSON.stringify(body);
  const headers = {
    ...STEADY_HEADERS,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    ...refusalHeaders(refusal.refused),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n${text}`;
}

import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ERRORS, errorBody, type Refusal } from '../errors.ts';
import { METHODS } from './steps/target.ts';

/** On every answer: should a browser get hold of one all the same, it can do nothing with it. */
export const GUARD_HEADERS: readonly string[] = [
  'cross-origin-resource-policy',
  'same-origin',
  'x-content-type-options',
  'nosniff',
  'x-frame-options',
  'DENY',
];

function headersOf(refusal: Refusal, body: string): string[] {
  const headers = [
    'content-type',
    'application/json; charset=utf-8',
    'content-length',
    String(Buffer.byteLength(body)),
    'cache-control',
    'no-store',
    'x-tokenleash-error',
    refusal.code,
    ...GUARD_HEADERS,
  ];
  if (ERRORS[refusal.code].final) headers.push('x-should-retry', 'false');
  if (refusal.status === 405) headers.push('allow', [...METHODS].join(', '));
  if (refusal.status === 429) headers.push('retry-after', '1');
  return headers;
}

/** Answers with a refusal in Unleash's error shape; cuts off an answer that has begun, so that it shows. */
export function writeRefusal(response: ServerResponse, refusal: Refusal, id: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = errorBody(refusal, id);
  response.writeHead(refusal.status, headersOf(refusal, body));
  response.end(body);
}

/** The same for a socket on which no request could be read, or that is no request's any more; closes it. */
export function writeRawRefusal(socket: Duplex, refusal: Refusal, id: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = errorBody(refusal, id);
  const lines = [`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`];
  const headers = headersOf(refusal, body);
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  lines.push('connection: close', '', body);
  socket.end(lines.join('\r\n'));
}

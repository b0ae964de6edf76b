import { type Refusal, refuse } from '../errors.ts';

const FORM = new Set(['HPE_INVALID_URL', 'HPE_INVALID_CONSTANT', 'HPE_INVALID_VERSION']);

/** The caller is gone: there is nobody to answer. */
const GONE = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'HPE_CLOSED_CONNECTION']);

/** What to answer to bytes that Node's parser took for no request; null when nobody is there to read it. */
export function refusalOfParseError(code: string): Refusal | null {
  if (GONE.has(code)) return null;
  if (code === 'HPE_HEADER_OVERFLOW') {
    return refuse('request.headers', 'The request has more than 16 KiB of headers.');
  }
  if (code === 'HPE_INVALID_METHOD') {
    return refuse('target.method', 'The request has no method that the proxy serves.');
  }
  if (FORM.has(code)) return refuse('target.form', 'The request line is not HTTP/1.1.');
  // Too slow, or the caller closed its side in the middle; it may still read.
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT' || code === 'HPE_INVALID_EOF_STATE') {
    return refuse('request.framing', 'The request did not come to an end.');
  }
  return refuse('request.framing', 'The request is not HTTP/1.1.');
}

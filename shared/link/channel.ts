import { type Bytes, bytesOfHex, hexOf, randomHex, statement, textOf, utf8 } from './bytes.ts';
import type { LinkKeys } from './keys.ts';

/**
 * What is said over a link once it stands. Every body is sealed (AES-256-GCM) and every message signed
 * (HMAC-SHA-256) over who, what, when, its nonce and its body; an answer names the nonce of the request that it
 * answers. So another program on the port can neither read, nor alter, nor play back, nor answer.
 *
 * One request is four headers and a body `{"sealed":"<hex>"}`; one answer is two headers and such a body.
 */

/** Paths of the control port that a paired extension uses; every one is a POST, so that it carries an Origin. */
export const LINK_PATHS = {
  pair: '/v1/pair',
  status: '/v1/status',
  handOver: '/v1/hand-over',
  useProfile: '/v1/use-profile',
  events: '/v1/events',
  unpair: '/v1/unpair',
} as const;

export const LINK_HEADERS = {
  link: 'x-tokenleash-link',
  time: 'x-tokenleash-time',
  nonce: 'x-tokenleash-nonce',
  signature: 'x-tokenleash-signature',
  /** The code of a refusal; not signed, so no more than a hint. */
  error: 'x-tokenleash-error',
} as const;

/** How far the two clocks may lie apart. The same machine has one clock, but a virtual machine's drifts in sleep. */
export const CLOCK_SKEW_MS = 5 * 60_000;

/** What a message is about; all of it is signed and bound to the sealed body. */
export type RequestLine = {
  /** Link id, 32 hex digits. */
  link: string;
  method: string;
  /** Path as sent; a link's paths have no query. */
  path: string;
  /** ms since 1970, by the extension's clock. */
  time: number;
  /** 32 hex digits, never used twice. */
  nonce: string;
};

export type AnswerLine = {
  request: RequestLine;
  status: number;
  /** ms since 1970, by the proxy's clock. */
  time: number;
};

export type SignedMessage = { headers: Record<string, string>; body: string };

const IV_BYTES = 12;

async function digest(body: string | Bytes): Promise<string> {
  return hexOf(await crypto.subtle.digest('SHA-256', typeof body === 'string' ? utf8(body) : body));
}

const requestBinding = (line: RequestLine) =>
  statement('request seal 1', line.link, line.method, line.path, line.time, line.nonce);

const answerBinding = ({ request, status, time }: AnswerLine) =>
  statement(
    'answer seal 1',
    request.link,
    request.method,
    request.path,
    request.nonce,
    status,
    time,
  );

const requestStatement = (line: RequestLine, bodyHash: string) =>
  statement('request 1', line.link, line.method, line.path, bodyHash, line.time, line.nonce);

const answerStatement = ({ request, status, time }: AnswerLine, bodyHash: string) =>
  statement(
    'answer 1',
    request.link,
    request.method,
    request.path,
    request.nonce,
    status,
    bodyHash,
    time,
  );

/** A value as `{"sealed":"<iv><ciphertext>"}`; opens only together with the same `binding`. */
async function seal(key: CryptoKey, binding: Bytes, value: unknown): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const clear = utf8(JSON.stringify(value));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: binding },
    key,
    clear,
  );
  clear.fill(0);
  return JSON.stringify({ sealed: hexOf(iv) + hexOf(sealed) });
}

type Opened = { ok: true; value: unknown } | { ok: false };

async function open(key: CryptoKey, binding: Bytes, body: string): Promise<Opened> {
  try {
    const { sealed } = JSON.parse(body) as { sealed?: unknown };
    const bytes = typeof sealed === 'string' ? bytesOfHex(sealed) : null;
    if (bytes === null || bytes.length < IV_BYTES) return { ok: false };
    const clear = new Uint8Array(
      await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: bytes.subarray(0, IV_BYTES), additionalData: binding },
        key,
        bytes.subarray(IV_BYTES),
      ),
    );
    const value: unknown = JSON.parse(textOf(clear));
    clear.fill(0);
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}

/** A new request's line; `nonce` is drawn here. */
export function requestLine(link: string, path: string, now: number): RequestLine {
  return { link, method: 'POST', path, time: Math.round(now), nonce: randomHex(16) };
}

/** Extension: seals and signs one request. */
export async function signRequest(
  keys: LinkKeys,
  line: RequestLine,
  value: unknown,
): Promise<SignedMessage> {
  const body = await seal(keys.requestSeal, requestBinding(line), value);
  const signature = await crypto.subtle.sign(
    'HMAC',
    keys.requestMac,
    requestStatement(line, await digest(body)),
  );
  return {
    headers: {
      [LINK_HEADERS.link]: line.link,
      [LINK_HEADERS.time]: String(line.time),
      [LINK_HEADERS.nonce]: line.nonce,
      [LINK_HEADERS.signature]: hexOf(signature),
    },
    body,
  };
}

/** Proxy: what a request's headers claim, before anything is checked; null where they are not of that form. */
export function readRequestLine(
  method: string,
  path: string,
  header: (name: string) => string | undefined,
): { line: RequestLine; signature: Bytes } | null {
  const link = header(LINK_HEADERS.link);
  const time = header(LINK_HEADERS.time);
  const nonce = header(LINK_HEADERS.nonce);
  const signature = bytesOfHex(header(LINK_HEADERS.signature) ?? '');
  if (link === undefined || !/^[0-9a-f]{32}$/.test(link)) return null;
  if (nonce === undefined || !/^[0-9a-f]{32}$/.test(nonce)) return null;
  if (time === undefined || !/^[1-9][0-9]{0,15}$/.test(time)) return null;
  if (signature?.length !== 32) return null;
  return { line: { link, method, path, time: Number(time), nonce }, signature };
}

/** Proxy: whether the holder of this link's keys sent exactly this. Constant time, as WebCrypto does it. */
export async function requestIsAuthentic(
  keys: LinkKeys,
  line: RequestLine,
  signature: Bytes,
  body: Bytes,
): Promise<boolean> {
  return crypto.subtle.verify(
    'HMAC',
    keys.requestMac,
    signature,
    requestStatement(line, await digest(body)),
  );
}

/** Proxy: the value inside an authentic request. */
export function openRequest(keys: LinkKeys, line: RequestLine, body: string): Promise<Opened> {
  return open(keys.requestSeal, requestBinding(line), body);
}

/** Proxy: seals and signs one answer. */
export async function signAnswer(
  keys: LinkKeys,
  line: AnswerLine,
  value: unknown,
): Promise<SignedMessage> {
  const body = await seal(keys.answerSeal, answerBinding(line), value);
  const signature = await crypto.subtle.sign(
    'HMAC',
    keys.answerMac,
    answerStatement(line, await digest(body)),
  );
  return {
    headers: {
      [LINK_HEADERS.time]: String(line.time),
      [LINK_HEADERS.signature]: hexOf(signature),
    },
    body,
  };
}

/** Extension: the value of an answer to this very request from the paired proxy; not ok for anything else. */
export async function openAnswer(
  keys: LinkKeys,
  request: RequestLine,
  status: number,
  header: (name: string) => string | null,
  body: string,
): Promise<Opened> {
  const time = Number(header(LINK_HEADERS.time));
  const signature = bytesOfHex(header(LINK_HEADERS.signature) ?? '');
  if (!Number.isSafeInteger(time) || signature?.length !== 32) return { ok: false };
  const line = { request, status, time };
  const authentic = await crypto.subtle.verify(
    'HMAC',
    keys.answerMac,
    signature,
    answerStatement(line, await digest(body)),
  );
  return authentic ? open(keys.answerSeal, answerBinding(line), body) : { ok: false };
}

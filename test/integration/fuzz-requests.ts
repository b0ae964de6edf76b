import { allOperations } from '../../shared/unleash/operations/find.ts';

/** Random requests, good and malformed, by the attacks of which a proxy has to know. The same seed, the same ones. */

export type Random = {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  /** True once in so many times. */
  once(inTimes: number): boolean;
  pick<T>(from: readonly T[]): T;
};

/** mulberry32: small, and good enough to vary. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    once: (inTimes) => below(inTimes) === 0,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
  };
}

export type FuzzWish = {
  random: Random;
  /** Stands in the target, so that a request at the server can be told from all others. */
  number: number;
  port: number;
  token: string;
  /** Port of a server that no request may come to. */
  elsewhere: number;
};

/** What the target of a request has in it; no word of it comes about by chance. */
export const markOf = (number: number): string => `fz${number}z`;

export type FuzzRequest = {
  /** As sent, in latin1. */
  bytes: string;
  /** What can be read as a request line in it, where a request may begin. */
  lines: { method: string; target: string }[];
  /** Sent in so many pieces. */
  pieces: number;
  /** The caller leaves without waiting for its answer. */
  leaves: boolean;
  /** The caller closes its side before it has its answer. */
  closesFirst: boolean;
};

const OPERATIONS = allOperations();
const NAMES = [
  'default',
  'shop',
  'secret-plans',
  'new-checkout',
  'production',
  'Ünï',
  '7',
  'a%20b',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const ODD_METHODS = [
  'TRACE',
  'CONNECT',
  'PURGE',
  'QUERY',
  'get',
  'G ET',
  '',
  'X'.repeat(300),
  'GE\u0000T',
];

function targetOf({ random, number, elsewhere }: FuzzWish, path: string): string {
  const names = () => random.pick(NAMES);
  let target = `/${path.replace(/^\//, '').replaceAll(/\{[^}]*\}/g, names)}`;
  if (random.once(4))
    target = target.replace(/[a-z]/g, (letter) => (random.once(3) ? letter.toUpperCase() : letter));
  if (random.once(3)) target = misspelt(random, target);
  if (random.once(3)) target += `${target.includes('?') ? '&' : '?'}n=${markOf(number)}`;
  else target += `/${markOf(number)}`;
  const evil = `127.0.0.1:${elsewhere}`;
  if (random.once(12))
    target = random.pick([
      `http://${evil}${target}`,
      `http://user:pass@${evil}${target}`,
      `//${evil}${target}`,
      `http://[::1${target}`,
      `http://a:b${target}`,
      `https:${target}`,
      `${evil}`,
      `*`,
      `@${evil}${target}`,
      `\\\\${evil}${target}`,
      `/${evil}/..${target}`,
      `/http:/${evil}${target}`,
      `${target}#@${evil}/`,
      `${target}?@${evil}/&url=http://${evil}/`,
      target.slice(1),
      `${target} ${target}`,
    ]);
  return target;
}

/** What routers, proxies and servers read differently. */
function misspelt(random: Random, target: string): string {
  const at = random.below(target.length + 1);
  const odd = random.pick([
    '/',
    '//',
    '/./',
    '/../',
    '/%2e%2e/',
    '/.%2E/',
    '%2f',
    '%2F..%2f',
    '%5c',
    '\\',
    '..\\',
    ';x=1',
    '/;/',
    '#',
    '%23',
    '%00',
    '\u0000',
    '%zz',
    '%',
    '%2',
    '%252e%252e/',
    '%c0%af',
    '%u002e',
    '\u00e4',
    '%C3%A4',
    '?',
    '??',
    '%3f',
    '&',
    '+',
    '%0d%0aX-Injected:%201',
    '\t',
    '\u007f',
    '|',
    '^',
    '`',
    '{',
    '}',
    '<',
    '"',
    'http:/',
    'https://',
    ':80',
    '@',
    '%41',
    '/api/admin/',
    '/../api/admin/',
    '.json',
    '/.',
    '~',
    '*',
    'x'.repeat(random.below(9000)),
  ]);
  return target.slice(0, at) + odd + target.slice(at);
}

/** Lines that a caller may send, as names and values; some of them end the request's right to be read at all. */
function linesOf({ random, port, token, elsewhere }: FuzzWish): string[] {
  const evil = `127.0.0.1:${elsewhere}`;
  const host = random.once(15)
    ? random.pick([
        '',
        'Host:',
        `Host: ${evil}`,
        'Host: evil.example',
        `Host: localhost:${port}\r\nHost: ${evil}`,
        'Host : x',
      ])
    : `Host: ${random.pick(['127.0.0.1', 'localhost', 'LOCALHOST'])}:${port}`;
  const good = random.pick([
    `Authorization: ${token}`,
    `authorization: Bearer ${token}`,
    `AUTHORIZATION:${token}  `,
  ]);
  const authorization = random.once(10)
    ? random.pick([
        '',
        'Authorization: user:tl_0000000000000000000000000000000000000000',
        `Authorization: ${token}\r\nAuthorization: ${token}`,
        `X_Authorization: ${token}`,
        `Authorization : ${token}`,
        'Authorization: Basic dXNlcjpwYXNz',
        `Authorization: ${token.slice(0, -1)}`,
        `Authorization:\r\n ${token}`,
      ])
    : good;
  const lines = [host, authorization, 'Content-Type: application/json'];
  for (let more = random.below(4); more > 0; more -= 1)
    lines.push(
      random.pick([
        'Connection: authorization',
        'Connection: close, host, content-length',
        'Connection: keep-alive, transfer-encoding',
        'Connection: upgrade\r\nUpgrade: websocket',
        'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__',
        'Expect: 100-continue',
        'Expect: 200-maybe',
        'Trailer: X-Late',
        'TE: trailers',
        'Cookie: unleash-session=s%3Aabc',
        'X-HTTP-Method-Override: DELETE',
        'X-Original-URL: /api/admin/user/tokens',
        'X-Rewrite-URL: /api/admin/user/tokens',
        `X-Forwarded-Host: ${evil}`,
        `X-Forwarded-For: 1.2.3.4`,
        `Forwarded: host=${evil}`,
        `Proxy-Authorization: Basic eDp5`,
        'Via: 1.0 x',
        'Accept-Encoding: gzip, br',
        'Origin: http://evil.example',
        'Referer: http://evil.example/',
        'Sec-Fetch-Mode: cors',
        'Sec-Fetch-Site: cross-site',
        'X-Tokenleash-Profile: fuzz',
        'X-Tokenleash-Profile: other',
        'If-None-Match: "abc"',
        'Range: bytes=0-1,0-1,0-1',
        'Content-Encoding: gzip',
        'content_length: 5',
        'Authorization_: x',
        ': nameless',
        'No colon',
        'X-Nul: a\u0000b',
        'X-Bare: a\rb',
        'X-Fold: a\r\n b',
        'X-Latin: \u00e4\u00ff',
        `X-Long: ${'y'.repeat(random.below(20_000))}`,
        ...(random.once(10)
          ? [
              Array.from({ length: random.pick([90, 101, 1100]) }, (_, at) => `X-${at}: 1`).join(
                '\r\n',
              ),
            ]
          : []),
      ]),
    );
  if (random.once(3)) lines.reverse();
  return lines.filter((line) => line !== '');
}

const chunk = (text: string) => `${Buffer.byteLength(text, 'latin1').toString(16)}\r\n${text}\r\n`;

/** A body with the lines that frame it; `inner` is a request that hides in some of them. */
function bodyOf(random: Random, inner: string): { lines: string[]; body: string } {
  const json = random.pick([
    '{}',
    '{"name":"x","type":"release"}',
    '[]',
    'null',
    `{"a":"${'z'.repeat(random.below(3000))}"}`,
  ]);
  const length = (count: number | string) => `Content-Length: ${count}`;
  const chunked = `${chunk(json)}0\r\n\r\n`;
  return random.pick<() => { lines: string[]; body: string }>([
    () => ({ lines: [], body: '' }),
    () => ({ lines: [], body: '' }),
    () => ({ lines: [length(json.length)], body: json }),
    () => ({ lines: [length(json.length)], body: json }),
    () => ({ lines: ['Transfer-Encoding: chunked'], body: chunked }),
    () => ({ lines: ['Transfer-Encoding: chunked'], body: `${chunk(inner)}0\r\n\r\n` }),
    () => ({ lines: [length(json.length)], body: json + inner }),
    () => ({ lines: [length(json.length + 10)], body: json }),
    () => ({ lines: [length(4), 'Transfer-Encoding: chunked'], body: `0\r\n\r\n${inner}` }),
    () => ({
      lines: ['Transfer-Encoding: chunked', length(inner.length)],
      body: `0\r\n\r\n${inner}`,
    }),
    () => ({ lines: [length(0), length(inner.length)], body: inner }),
    () => ({ lines: [length(`${inner.length}, 0`)], body: inner }),
    () => ({
      lines: [
        length(random.pick(['-1', '+4', '0x4', '4 ', ' 4', '1e1', '', '99999999999999999999'])),
      ],
      body: json,
    }),
    () => ({
      lines: [
        `Transfer-Encoding: ${random.pick(['xchunked', 'chunked, identity', 'identity', 'gzip, chunked', 'CHUNKED', 'chunked;q=1', '\u000bchunked', ''])}`,
      ],
      body: `${chunked}${inner}`,
    }),
    () => ({ lines: ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], body: chunked }),
    () => ({ lines: ['Transfer_Encoding: chunked'], body: chunked }),
    () => ({
      lines: ['Transfer-Encoding: chunked'],
      body: random.pick([
        'ZZ\r\nx',
        '5\r\nhello0\r\n\r\n',
        '-1\r\n\r\n',
        'ffffffffffffffffff\r\nx',
        '3;ext="\r\n"\r\nabc\r\n0\r\n\r\n',
        '0\r\nX-Late: 1\r\n\r\n',
        `1\n{\n0\n\n${inner}`,
      ]),
    }),
    () => ({ lines: [], body: inner }),
  ])();
}

/** What a program sends, through and through. */
function plainRequest({ random, number, port, token }: FuzzWish): FuzzRequest {
  const { method, path } = random.pick(OPERATIONS);
  const named = path.replaceAll(/\{[^}]*\}/g, () =>
    random.pick(NAMES.filter((name) => /^\w/.test(name))),
  );
  const target = `/${named.replace(/^\//, '')}?n=${markOf(number)}`;
  const body = method === 'GET' ? '' : '{"name":"x"}';
  const head = [
    `${method} ${target} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    `Authorization: ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  const bytes = `${head.join('\r\n')}\r\n\r\n${body}`;
  return { bytes, lines: [{ method, target }], pieces: 1, leaves: false, closesFirst: false };
}

/** One request that differs in anything; every tenth is broken byte by byte on top. */
export function fuzzRequest(wish: FuzzWish): FuzzRequest {
  const { random, number, token, port } = wish;
  // A good part has to come through, or nothing is shown.
  if (random.once(4)) return plainRequest(wish);
  const operation = random.pick(OPERATIONS);
  const known = random.once(8)
    ? {
        method: 'GET',
        path: random.pick([
          '/health',
          '/api/client/features',
          '/api/frontend',
          '/edge/validate',
          '/logout',
          '/auth/simple/login',
          '/',
          '/admin',
          '/metrics',
          '/local/status',
          '/v1/status',
          '/api/admin',
          '/internal-backstage/prometheus',
        ]),
      }
    : operation;
  const method = random.once(12)
    ? random.pick(ODD_METHODS)
    : random.once(4)
      ? random.pick(METHODS)
      : known.method;
  const inner = `DELETE /api/admin/projects/smuggled-${number} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${random.once(2) ? `Authorization: ${token}\r\n` : ''}\r\n`;
  const { lines, body } = bodyOf(random, inner);
  const version = random.once(25)
    ? random.pick(['HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'http/1.1', '', 'HTTP/1.1 x'])
    : 'HTTP/1.1';
  const head = [`${method} ${targetOf(wish, known.path)} ${version}`, ...linesOf(wish), ...lines];
  let bytes = `${head.join(random.once(40) ? '\n' : '\r\n')}\r\n\r\n${body}`;
  if (random.once(10))
    for (let times = 1 + random.below(4); times > 0; times -= 1) bytes = broken(random, bytes);
  return {
    bytes,
    lines: [...bytes.matchAll(/(?:^|\n)([A-Z]+) ([^ \r\n]+) HTTP\/\d\.\d\r?(?=\n)/g)].map(
      ([, found = '', target = '']) => ({ method: found, target }),
    ),
    pieces: random.once(5) ? 1 + random.below(6) : 1,
    leaves: random.once(20),
    closesFirst: random.once(3),
  };
}

function broken(random: Random, bytes: string): string {
  const at = random.below(bytes.length + 1);
  const byte = String.fromCharCode(random.below(256));
  return random.pick([
    () => bytes.slice(0, at) + byte + bytes.slice(at + 1),
    () => bytes.slice(0, at) + byte + bytes.slice(at),
    () => bytes.slice(0, at) + bytes.slice(at + 1 + random.below(20)),
    () => bytes.slice(0, at),
    () => `${bytes.slice(0, at)}\r\n${bytes.slice(at)}`,
    () => `\r\n${bytes}`,
  ])();
}

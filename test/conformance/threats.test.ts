import { describe, expect, it, onTestFinished } from 'vitest';
import { PARTS } from '../../proxy/data/pipeline.ts';
import { makePat, startPort, without, withStep } from './kit/port.ts';
import { type Target, threat } from './kit/threat.ts';
import { codeOf, request, type Seen, sendRaw, startUpstream, statusOf } from './kit/wire.ts';

const PROJECTS = '/api/admin/projects';
const FEATURES = '/api/admin/projects/default/features';
const TOKENS = '/api/admin/user/tokens';

const gotPat = (seen: Seen[], { pat }: Target) =>
  seen.some(({ headers }) => headers.authorization === pat);

threat('a web page that sends a simple request', {
  attack: (it) => request(it.port, it.head(`GET ${PROJECTS}`, 'Sec-Fetch-Site: cross-site')),
  refused: [403, 'browser.refused'],
  undefended: without('browser'),
  succeeded: gotPat,
});

threat('a page whose name was re-bound to this machine', {
  attack: (it) =>
    request(it.port, [
      `GET ${PROJECTS} HTTP/1.1`,
      `Host: evil.example:${it.port}`,
      `Authorization: ${it.token}`,
    ]),
  refused: [421, 'host.refused'],
  undefended: without('host'),
  succeeded: gotPat,
});

threat('a WebSocket handshake by a page', {
  attack: (it) =>
    request(
      it.port,
      it.head(`GET ${PROJECTS}`, 'Origin: https://evil.example', 'Upgrade: websocket'),
    ),
  refused: [403, 'browser.refused'],
  undefended: without('browser'),
  succeeded: gotPat,
});

threat('more header lines than a parser keeps', {
  attack: (it) => {
    const junk = Array.from({ length: 200 }, (_, at) => `a${at}: b`);
    return request(it.port, it.head(`GET ${PROJECTS}`, ...junk));
  },
  refused: [431, 'request.headers'],
  undefended: without('header-lines'),
  succeeded: gotPat,
});

threat('a method that echoes', {
  attack: (it) => request(it.port, it.head(`TRACE ${PROJECTS}`)),
  refused: [405, 'target.method'],
  undefended: without('method'),
  succeeded: (seen) => seen.some(({ method }) => method === 'TRACE'),
  wish: { mint: true },
});

threat('a target that reads as another host', {
  attack: (it) => request(it.port, it.head(`GET /${PROJECTS}`)),
  refused: [400, 'target.form'],
  undefended: without('target-form'),
  succeeded: gotPat,
});

threat('a path that another parser reads differently', {
  attack: (it) =>
    request(it.port, [
      'GET /api/client/..%2fadmin/user/tokens HTTP/1.1',
      `Host: 127.0.0.1:${it.port}`,
    ]),
  refused: [400, 'target.path'],
  undefended: without('path'),
  succeeded: (seen) => seen.some(({ url }) => url === '/api/client/..%2fadmin/user/tokens'),
});

threat('a path outside of what is served', {
  attack: (it) => request(it.port, it.head('GET /internal-backstage/prometheus')),
  refused: [404, 'target.path'],
  undefended: without('route'),
  succeeded: gotPat,
});

threat('a program without a token', {
  attack: (it) => request(it.port, [`GET ${PROJECTS} HTTP/1.1`, `Host: 127.0.0.1:${it.port}`]),
  refused: [401, 'caller.missing'],
  undefended: without('caller'),
  succeeded: gotPat,
});

threat('a program with a token of another proxy', {
  attack: (it) =>
    request(it.port, [
      `GET ${PROJECTS} HTTP/1.1`,
      `Host: 127.0.0.1:${it.port}`,
      `Authorization: user:tl_${'A'.repeat(43)}`,
    ]),
  refused: [401, 'caller.unknown'],
  undefended: without('caller'),
  succeeded: gotPat,
});

threat('a phantom token on its way to a server', {
  attack: (it) => request(it.port, it.head('GET /api/client/features')),
  refused: [401, 'caller.unknown'],
  undefended: without('caller'),
  succeeded: (seen, { token }) => seen.some(({ headers }) => headers.authorization === token),
});

threat('a program that floods', {
  async attack(it) {
    const lines = it.head(`GET ${PROJECTS}`);
    const answers = await Promise.all([1, 2, 3, 4].map(() => request(it.port, lines)));
    return answers.find((answer) => statusOf(answer) !== 200) ?? answers[0] ?? '';
  },
  refused: [429, 'caller.limit'],
  undefended: without('limit'),
  succeeded: (seen) => seen.length > 2,
  wish: {
    options: { requestsPerClient: 2 },
    // A token that takes its time, so that all four are under way at once.
    context: {
      secretOf: async (profile) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        const secret = { secret: makePat(), id: 1, expiresAt: null, owner: null };
        return { ok: true, secret: { ...secret, origin: profile.url } };
      },
    },
  },
});

threat('a program that mints itself a token', {
  attack: (it) => request(it.port, it.head(`POST ${TOKENS}`, 'Content-Length: 2'), '{}'),
  refused: [403, 'policy.mint'],
  undefended: without('mint'),
  succeeded: gotPat,
});

threat('a program that reads tokens', {
  attack: (it) => request(it.port, it.head('GET /api/admin/api-tokens')),
  refused: [403, 'policy.mint'],
  undefended: without('mint'),
  succeeded: gotPat,
});

threat('a program that mints by another spelling of the path', {
  attack: (it) =>
    request(it.port, it.head('POST /API//Admin/user/%74okens/', 'Content-Length: 2'), '{}'),
  refused: [403, 'policy.mint'],
  undefended: without('mint'),
  succeeded: gotPat,
});

threat('a reader that writes', {
  attack: (it) => request(it.port, it.head(`POST ${FEATURES}`, 'Content-Length: 2'), '{}'),
  refused: [403, 'policy.read_only'],
  undefended: without('access'),
  succeeded: gotPat,
  wish: { access: 'read' },
});

threat('a write that a rule forbids, in a spelling of its own', {
  attack: (it) =>
    request(
      it.port,
      it.head(
        `POST /API//Admin/projects/default/features/x/environments/%70roduction/ON/`,
        'Content-Length: 2',
      ),
      '{}',
    ),
  refused: [403, 'policy.rule'],
  undefended: without('rules'),
  succeeded: gotPat,
  wish: { profile: { rules: [{ verdict: 'deny', environment: ['production'] }] } },
});

const BULK_BODY = JSON.stringify({ features: ['search', 'billing-tax'] });

threat('a flag that a rule forbids, among others in a body', {
  attack: (it) =>
    request(
      it.port,
      it.head(
        'POST /api/admin/projects/default/bulk_features/environments/development/on',
        'Content-Type: application/json',
        `Content-Length: ${BULK_BODY.length}`,
      ),
      BULK_BODY,
    ),
  refused: [403, 'policy.rule'],
  undefended: without('body-rules'),
  succeeded: gotPat,
  wish: { context: { clientRules: () => [{ verdict: 'deny', flag: ['billing-*'] }] } },
});

threat('a chunked body where no server looks for one', {
  attack: (it) =>
    sendRaw(
      it.port,
      `${it.head(`GET ${PROJECTS}`, 'Transfer-Encoding: chunked', '', '').join('\r\n')}5\r\nhello\r\n0\r\n\r\n`,
    ),
  refused: [400, 'request.framing'],
  undefended: without('framing'),
  succeeded: gotPat,
});

threat('an expectation that nobody can meet', {
  attack: (it) => request(it.port, it.head(`GET ${PROJECTS}`, 'Expect: 200-maybe')),
  refused: [417, 'request.expect'],
  undefended: without('framing'),
  succeeded: gotPat,
});

threat('a token that was stored for another server', {
  attack: (it) => request(it.port, it.head(`GET ${PROJECTS}`)),
  refused: [503, 'secret.unavailable'],
  undefended: withStep('secret', async (exchange, { data }) => {
    if (exchange.profile === null) return null;
    const result = await data.secretOf(exchange.profile);
    if (result.ok) exchange.headers.authorization = result.secret.secret;
    return null;
  }),
  succeeded: (seen) => seen.some(({ headers }) => headers.authorization?.startsWith('user:')),
  wish: {
    context: {
      secretOf: () => ({
        ok: true,
        secret: {
          secret: makePat(),
          id: 1,
          expiresAt: null,
          owner: null,
          origin: 'https://other.example',
        },
      }),
    },
  },
});

/** Header lines that must never reach the upstream, and what a careless copy would send. */
const SPOOFS: [string, string][] = [
  ['Cookie', 'unleash-session=admin'],
  ['Proxy-Authorization', 'Basic eA=='],
  ['X-Forwarded-For', '10.0.0.1'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Real-IP', '10.0.0.1'],
  ['Forwarded', 'for=10.0.0.1'],
  ['Via', '1.1 mine'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X_Authorization', 'own'],
  ['Authorization_', 'own'],
  ['X-Original-URL', '/api/admin/user/tokens'],
  ['Range', 'bytes=0-20'],
  ['X-Tokenleash-Profile', 'test'],
  ['Sec-Fetch-Mode', 'cors'],
  ['Upgrade', 'h2c'],
  ['TE', 'trailers'],
];

describe('a header that speaks for the caller', () => {
  const careless = withStep('headers', (exchange) => {
    const { lines } = exchange;
    for (let at = 0; at < lines.length; at += 2) {
      exchange.headers[lines[at] ?? ''] = lines[at + 1] ?? '';
    }
    return null;
  });

  it.each(SPOOFS)('is not passed on: %s', async (name, value) => {
    const lower = name.toLowerCase();
    for (const [parts, isPassedOn] of [
      [PARTS, false],
      [careless, true],
    ] as const) {
      const upstream = await startUpstream();
      const port = await startPort({ upstream: upstream.url, parts });
      onTestFinished(() => port.dataPort.close());
      const lines = [
        `GET ${PROJECTS} HTTP/1.1`,
        `Host: 127.0.0.1:${port.port}`,
        `Authorization: ${port.token}`,
        `${name}: ${value}`,
      ];
      await request(port.port, lines);
      const [got] = upstream.seen;
      expect(got?.headers.authorization).toBe(port.pat);
      expect(lower in (got?.headers ?? {})).toBe(isPassedOn);
    }
  });

  it('is refused where it comes twice: Authorization', async () => {
    const upstream = await startUpstream();
    const port = await startPort({ upstream: upstream.url });
    onTestFinished(() => port.dataPort.close());
    const answer = await request(port.port, [
      `GET ${PROJECTS} HTTP/1.1`,
      `Host: 127.0.0.1:${port.port}`,
      `Authorization: ${port.token}`,
      'Authorization: own',
    ]);
    expect([statusOf(answer), codeOf(answer)]).toEqual([401, 'caller.unknown']);
    expect(upstream.seen).toEqual([]);
  });
});

describe('an answer that gives something away', () => {
  async function answerOf(parts: typeof PARTS, header: (pat: string) => [string, string]) {
    const pat = makePat();
    const upstream = await startUpstream((_request, response) => {
      response.setHeader(...header(pat));
      // In two pieces, the token split between them.
      response.write(`{"secret":"${pat.slice(0, 30)}`);
      setTimeout(() => response.end(`${pat.slice(30)}"}`), 50);
    });
    const port = await startPort({ upstream: upstream.url, pat, parts });
    onTestFinished(() => port.dataPort.close());
    const answer = await request(port.port, [
      `GET ${PROJECTS} HTTP/1.1`,
      `Host: 127.0.0.1:${port.port}`,
      `Authorization: ${port.token}`,
    ]);
    // Without the marks of chunks, which stand between its pieces.
    return { pat, answer: answer.replace(/\r\n[0-9a-f]+\r\n/g, '') };
  }

  const plain = { push: (chunk: Buffer, emit: (piece: Buffer) => void) => emit(chunk), end() {} };

  it('is masked, split or not, in the body', async () => {
    const good = await answerOf(PARTS, () => ['x-a', 'b']);
    expect(good.answer).not.toContain(good.pat.slice(5));
    expect(good.answer).toContain(`user:${'*'.repeat(56)}`);
    const bad = await answerOf({ ...PARTS, createRedactor: () => plain }, () => ['x-a', 'b']);
    expect(bad.answer).toContain(bad.pat);
  });

  it('is masked in a header', async () => {
    const { pat, answer } = await answerOf(PARTS, (secret) => ['x-echo', `you sent ${secret}`]);
    expect(answer).not.toContain(pat.slice(5));
    expect(answer).toContain(`x-echo: you sent user:${'*'.repeat(56)}\r\n`);
  });

  it('sets no cookie', async () => {
    const cookie = (): [string, string] => ['Set-Cookie', 'unleash-session=abc'];
    const good = await answerOf(PARTS, cookie);
    expect(good.answer).not.toMatch(/set-cookie/i);
    const careless = { ...PARTS, answerHeaders: () => cookie() };
    const bad = await answerOf(careless, cookie);
    expect(bad.answer).toMatch(/set-cookie: unleash-session=abc/i);
  });

  it('is not sent on where it is compressed against our wish', async () => {
    const { answer } = await answerOf(PARTS, () => ['content-encoding', 'gzip']);
    expect([statusOf(answer), codeOf(answer)]).toEqual([502, 'upstream.encoding']);
  });

  it('is never followed to another place, and a redirect within the server stays here', async () => {
    for (const [sent, got] of [
      ['https://evil.example/x', 'https://evil.example/x'],
      ['/flags/api/admin/y', '/api/admin/y'],
      ['ORIGIN/flags/api/admin/y', '/api/admin/y'],
    ] as const) {
      const upstream = await startUpstream((_request, response) => {
        response.writeHead(302, { location: sent.replace('ORIGIN', upstream.url) });
        response.end();
      });
      const port = await startPort({ upstream: `${upstream.url}/flags` });
      onTestFinished(() => port.dataPort.close());
      const answer = await request(port.port, [
        `GET ${PROJECTS} HTTP/1.1`,
        `Host: localhost:${port.port}`,
        `Authorization: Bearer ${port.token}`,
      ]);
      expect(statusOf(answer)).toBe(302);
      expect(answer).toMatch(new RegExp(`^location: ${got}\r$`, 'm'));
      expect(upstream.seen.map(({ url }) => url)).toEqual([`/flags${PROJECTS}`]);
    }
  });
});

describe('bytes that are no request', () => {
  const HEAD = (port: number) => `GET ${PROJECTS} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`;
  it.each([
    ['two framings', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n\r\n', 400],
    ['an unknown coding', 'Transfer-Encoding: xchunked\r\n\r\n', 400],
    ['a coding after chunked', 'Transfer-Encoding: chunked, identity\r\n\r\n', 400],
    ['an empty coding', 'Transfer-Encoding: \r\n\r\n', 400],
    ['a blank before the colon', 'Host : evil\r\n\r\n', 400],
    ['a bare carriage return', 'X: a\rb\r\n\r\n', 400],
    ['a folded line', 'X: a\r\n b\r\n\r\n', 400],
    ['a bad chunk', 'Transfer-Encoding: chunked\r\n\r\nZZ\r\n', 400],
    ['headers beyond 16 KiB', `X: ${'a'.repeat(17_000)}\r\n\r\n`, 431],
  ])('are answered in our own words: %s', async (_name, rest, status) => {
    const upstream = await startUpstream();
    const port = await startPort({ upstream: upstream.url });
    onTestFinished(() => port.dataPort.close());
    const answer = await sendRaw(
      port.port,
      `${HEAD(port.port)}Authorization: ${port.token}\r\n${rest}`,
    );
    expect(statusOf(answer)).toBe(status);
    const code = status === 431 ? 'request.headers' : 'request.framing';
    expect(codeOf(answer)).toBe(code);
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')).trim());
    expect(body).toMatchObject({ id: expect.any(String), name: 'BadDataError' });
    expect(upstream.seen).toEqual([]);
    expect(port.audit).toMatchObject([{ verdict: 'refused', status }]);
  });

  it('are answered in our own words in the middle of a request, once', async () => {
    const upstream = await startUpstream();
    const port = await startPort({ upstream: upstream.url });
    onTestFinished(() => port.dataPort.close());
    const lines = [
      `POST ${FEATURES} HTTP/1.1`,
      `Host: 127.0.0.1:${port.port}`,
      `Authorization: ${port.token}`,
      'Transfer-Encoding: chunked',
    ];
    const answer = await request(port.port, lines, '2\r\n{}\r\nZZ\r\n');
    expect([statusOf(answer), codeOf(answer)]).toEqual([400, 'request.framing']);
    expect(answer.match(/^HTTP\/1\.1 \d/gm)).toHaveLength(1);
    expect(upstream.seen).toEqual([]);
    expect(port.audit).toMatchObject([{ client: 'test', code: 'request.framing' }]);
  });

  it('are told apart from a good request: no Host, two Hosts, a Host without port', async () => {
    const upstream = await startUpstream();
    const port = await startPort({ upstream: upstream.url });
    onTestFinished(() => port.dataPort.close());
    const own = `127.0.0.1:${port.port}`;
    const hosts = [
      [],
      [`Host: ${own}`, 'Host: evil'],
      ['Host: 127.0.0.1'],
      [`Host: 127.0.0.1:${port.port + 1}`],
      [`Host: localhost.evil.example:${port.port}`],
      [`Host: 127a0b0c1:${port.port}`],
      [`Host: ${own}.`],
    ];
    for (const lines of hosts) {
      const answer = await request(port.port, [
        `GET ${PROJECTS} HTTP/1.1`,
        ...lines,
        `Authorization: ${port.token}`,
      ]);
      expect([lines, statusOf(answer), codeOf(answer)]).toEqual([lines, 421, 'host.refused']);
    }
    expect(upstream.seen).toEqual([]);
  });
});

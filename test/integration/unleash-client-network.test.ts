/** What can stand at an address in place of a healthy Unleash, each on a real socket. */
import { once } from 'node:events';
import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer, get } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { candidateBaseUrls } from '../../shared/unleash/base-url.ts';
import { createAdminClient } from '../../shared/unleash/client.ts';
import type { Result, UnleashError } from '../../shared/unleash/errors.ts';
import { createPat } from '../../shared/unleash/pats.ts';
import { listProjects } from '../../shared/unleash/projects.ts';
import { recognise } from '../../shared/unleash/recognise.ts';
import { whoIs } from '../../shared/unleash/who.ts';
import { selfSignedCertificate } from '../certificate.ts';

const running: Server[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) {
    if ('closeAllConnections' in server) (server as HttpServer).closeAllConnections();
    server.close();
  }
});

async function listen(server: Server): Promise<number> {
  running.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const serve = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer(listener))}`;

const answerWith =
  (
    status: number,
    type: string,
    body: string,
    headers: Record<string, string> = {},
  ): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(body);
  };

const JSON_TYPE = 'application/json; charset=utf-8';
const PAGE = '<!doctype html><title>Something else</title>';
const SECRET = `user:${'5ec2e7'.repeat(10).slice(0, 56)}`;

const client = (baseUrl: string, timeoutMs = 5_000) =>
  createAdminClient({ fetch, baseUrl, credential: { by: 'token', token: SECRET }, timeoutMs });

function errorOf(result: Result<unknown>): UnleashError {
  if (result.ok) throw new Error('This should have failed');
  expect(JSON.stringify(result.error)).not.toContain(SECRET.slice(5, 45));
  return result.error;
}

const inDays = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000);

/** Node's fetch takes its CAs at the process' start only; this fails as it does, with the real error as cause. */
const fetchTrusting = (ca: string) => (url: string) =>
  new Promise<Response>((_resolve, reject) => {
    const request = get(url, { ca, family: 4 }, (response) => response.destroy());
    request.on('error', (cause) => reject(new TypeError('fetch failed', { cause })));
  });

const newPat = { description: 'ci', expiresAt: null };

describe('a call that meets', () => {
  it('a web page says that this is not Unleash', async () => {
    const url = await serve(answerWith(200, 'text/html', PAGE));
    expect(errorOf(await listProjects(client(url))).code).toBe('server.not-unleash');
  });

  it('JSON of another shape says that it cannot be read', async () => {
    const url = await serve(answerWith(200, JSON_TYPE, '{"projects":[{"id":7}]}'));
    expect(errorOf(await listProjects(client(url))).code).toBe('server.unreadable');
  });

  it('JSON that is no object, deep or poisoned, says that it cannot be read', async () => {
    for (const body of ['null', '[]', '"x"', '{"__proto__":{"projects":[]}}', '['.repeat(50_000)]) {
      const url = await serve(answerWith(200, JSON_TYPE, body));
      expect(errorOf(await listProjects(client(url))).code).toBe('server.unreadable');
    }
  });

  it('half a JSON text says that it cannot be read', async () => {
    const url = await serve(answerWith(200, JSON_TYPE, '{"projects":[{"id":"def'));
    expect(errorOf(await listProjects(client(url))).code).toBe('server.unreadable');
  });

  it('an answer that breaks off says so, and warns of making the token twice', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(201, { 'content-type': JSON_TYPE, 'content-length': '500' });
      response.write('{"id":1,');
      setTimeout(() => response.destroy(), 20);
    });
    const error = errorOf(await createPat(client(url), newPat));
    expect(error.code).toBe('server.cut');
    expect(error.advice).toContain('Check Tokens before you create it again.');
  });

  it('a server that never answers ends in time, and warns of making the token twice', async () => {
    const url = await serve(() => {});
    const error = errorOf(await createPat(client(url, 300), newPat));
    expect(error).toMatchObject({
      code: 'server.timeout',
      title: `${new URL(url).host} did not answer`,
      advice: 'Waited 1 s. Check Tokens before you create it again.',
    });
  });

  it('an answer that never ends ends in time', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': JSON_TYPE });
      response.write('{');
    });
    expect(errorOf(await listProjects(client(url, 300))).code).toBe('server.timeout');
  });

  it('more than 8 MB is not read, whether the size is announced or not', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(256 * 1024, ' ');
    const endless = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': JSON_TYPE });
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      };
      response.on('drain', more);
      more();
    });
    expect(errorOf(await listProjects(client(endless))).code).toBe('server.too-large');
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    const announced = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': '99999999' });
      response.write('{');
    });
    expect(errorOf(await listProjects(client(announced))).code).toBe('server.too-large');
  });

  it('429 says when to come back', async () => {
    const body = 'Too many requests, please try again later.';
    const url = await serve(
      answerWith(429, 'text/html; charset=utf-8', body, { 'retry-after': '17' }),
    );
    const error = errorOf(await createPat(client(url), newPat));
    expect(error).toMatchObject({ code: 'server.busy', status: 429 });
    expect(error.advice).toBe('Nothing was changed. Try again in 17 s.');
  });

  it('500 with a page, 500 with words and 502 of a gateway are told apart', async () => {
    const page = await serve(answerWith(500, 'text/html', PAGE));
    expect(errorOf(await listProjects(client(page)))).toMatchObject({
      code: 'server.failed',
      status: 500,
    });
    const words = await serve(answerWith(500, JSON_TYPE, '{"message":"disk full"}'));
    expect(errorOf(await listProjects(client(words))).message).toContain('disk full');
    const gateway = await serve(answerWith(502, 'text/html', PAGE));
    expect(errorOf(await listProjects(client(gateway)))).toMatchObject({
      code: 'server.gateway',
      status: 502,
    });
  });

  it('a server that echoes the token has it masked, in every form', async () => {
    for (const echo of [
      SECRET,
      encodeURIComponent(SECRET),
      `Authorization:${SECRET}`,
      `x${SECRET}x`,
    ]) {
      const body = JSON.stringify({ name: 'BadDataError', message: `What is ${echo}?` });
      const url = await serve(answerWith(400, JSON_TYPE, body));
      const error = errorOf(await listProjects(client(url)));
      expect(error).toMatchObject({ code: 'request.refused', status: 400 });
      expect(error.message).toContain('What is');
    }
  });

  it('a redirect is never followed, and the token goes nowhere else', async () => {
    let asked = 0;
    const elsewhere = await serve((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    const url = await serve(
      answerWith(302, 'text/plain', '', { location: `${elsewhere}/login?state=${SECRET}` }),
    );
    const error = errorOf(await whoIs(client(url)));
    expect(error).toMatchObject({ code: 'server.redirect', status: 302 });
    expect(error.title).toContain(`${elsewhere}/login`);
    expect(error.message).not.toContain('state');
    expect(asked).toBe(0);
  });

  it('a redirect to the same path elsewhere suggests that address', async () => {
    const url = await serve((request, response) => {
      response.writeHead(301, { location: `https://unleash.example.com/flags${request.url}` });
      response.end();
    });
    expect(errorOf(await whoIs(client(url))).suggestion).toBe('https://unleash.example.com/flags');
  });

  it('nobody says that nothing listens there', async () => {
    const url = await serve(() => {});
    await new Promise((resolve) => running.splice(0)[0]?.close(resolve));
    const error = errorOf(await listProjects(client(url)));
    expect(error).toMatchObject({ code: 'server.unreachable' });
    expect(error.advice).toContain('Nothing listens there');
  });

  it('a host name that does not exist says so', async () => {
    const error = errorOf(await listProjects(client('http://no-such-host.invalid')));
    expect(error).toMatchObject({ code: 'server.unreachable' });
    expect(error.advice).toContain('host name');
  });

  it('something that is not a web server says so', async () => {
    const port = await listen(
      createSocketServer((socket) => socket.end('220 mail.example.com ESMTP\r\n')),
    );
    const error = errorOf(await listProjects(client(`http://127.0.0.1:${port}`)));
    expect(error).toMatchObject({ code: 'server.unreachable' });
    expect(error.advice).toContain('does not speak http');
  });

  it('a connection that is closed at once says so', async () => {
    const port = await listen(createSocketServer((socket) => socket.destroy()));
    expect(errorOf(await listProjects(client(`http://127.0.0.1:${port}`))).code).toBe('server.cut');
  });

  it('a certificate that is self-signed says so', async () => {
    const port = await listen(createTlsServer(selfSignedCertificate(), () => {}));
    const error = errorOf(await whoIs(client(`https://localhost:${port}`)));
    expect(error).toMatchObject({ code: 'server.tls', concern: 'server' });
    expect(error.advice).toContain('self-signed');
  });

  it.for([
    { says: 'has expired', notBefore: -9, notAfter: -1, host: 'localhost' },
    { says: 'not valid yet', notBefore: 1, notAfter: 9, host: 'localhost' },
    { says: 'another host name', notBefore: -1, notAfter: 9, host: 'unleash.example.com' },
  ])('a certificate that would be trusted, but $says, says so', async (given) => {
    const { says, host } = given;
    const certificate = selfSignedCertificate({
      host,
      notBefore: inDays(given.notBefore),
      notAfter: inDays(given.notAfter),
    });
    const port = await listen(createTlsServer(certificate, () => {}));
    const trusting = createAdminClient({
      fetch: fetchTrusting(certificate.cert),
      baseUrl: `https://localhost:${port}`,
      credential: { by: 'token', token: SECRET },
    });
    const error = errorOf(await whoIs(trusting));
    expect(error.code).toBe('server.tls');
    expect(error.advice).toContain(says);
  });

  it('http where https was typed, and the other way round, says so', async () => {
    const plain = await serve(answerWith(200, JSON_TYPE, '{}'));
    const error = errorOf(await whoIs(client(plain.replace('http:', 'https:'))));
    expect(error).toMatchObject({ code: 'server.tls' });
    expect(error.advice).toContain('does not speak TLS');

    const port = await listen(createTlsServer(selfSignedCertificate(), () => {}));
    const other = errorOf(await whoIs(client(`http://127.0.0.1:${port}`)));
    expect(['server.unreachable', 'server.cut']).toContain(other.code);
  });

  it('a token that no header can carry sends nothing, and the token is not quoted', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    for (const token of [
      `${SECRET}\nx-evil: 1`,
      `${SECRET}\r`,
      `${SECRET}\u2028`,
      ` ${SECRET}`,
      '',
    ]) {
      const broken = createAdminClient({ fetch, baseUrl: url, credential: { by: 'token', token } });
      expect(errorOf(await whoIs(broken)).code).toBe('auth.token-form');
    }
    expect(asked).toBe(0);
  });
});

describe('recognising an Unleash', () => {
  const typed = (address: string) => {
    const read = candidateBaseUrls(address);
    if (!read.ok) throw new Error(read.error.message);
    return read.value;
  };
  const tell = async (address: string) => recognise(typed(address), { fetch, timeoutMs: 2_000 });

  it('is not taken in by pages, by other programs with a /health, or by JSON in other words', async () => {
    const listeners: RequestListener[] = [
      answerWith(200, 'text/html', PAGE),
      answerWith(200, 'text/html', '{"health":"GOOD"}'),
      answerWith(200, JSON_TYPE, '{"status":"UP"}'),
      answerWith(200, JSON_TYPE, '{"health":"GOOD"}'),
      answerWith(404, JSON_TYPE, '{"message":"no such thing"}'),
      answerWith(401, JSON_TYPE, '{"message":"who are you"}'),
    ];
    for (const listener of listeners) {
      const error = errorOf(await tell(`${await serve(listener)}/some/where`));
      expect(error.code).toBe('server.not-unleash');
    }
  });

  it('sends no credential, whatever stands there', async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(...Object.keys(request.headers));
      response.end();
    });
    await tell(url);
    expect(seen).not.toContain('authorization');
    expect(seen).not.toContain('cookie');
  });

  it('says that an Unleash is ill when its database is down', async () => {
    const url = await serve(answerWith(500, JSON_TYPE, '{"health":"BAD"}'));
    expect(errorOf(await tell(url)).code).toBe('server.failed');
  });

  it('follows no redirect to another origin, and says where it leads', async () => {
    const url = await serve((request, response) => {
      response.writeHead(307, { location: `https://sso.example.com/start?from=${request.url}` });
      response.end();
    });
    const error = errorOf(await tell(url));
    expect(error.code).toBe('server.redirect');
    expect(error.title).toContain('https://sso.example.com/start');
  });

  it('asks a host that is out of reach once, not for every part of a pasted path', async () => {
    const url = await serve(() => {});
    await new Promise((resolve) => running.splice(0)[0]?.close(resolve));
    let asked = 0;
    const counting = (target: string, init: RequestInit) => {
      asked += 1;
      return fetch(target, init);
    };
    const result = await recognise(typed(`${url}/a/b/c/d`), { fetch: counting });
    expect(errorOf(result).code).toBe('server.unreachable');
    expect(asked).toBe(2);
  });
});

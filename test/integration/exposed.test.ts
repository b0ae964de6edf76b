import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { request } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Certificate, selfSignedCertificate } from '../certificate.ts';
import { makePat } from '../conformance/kit/port.ts';
import { ask, type Started } from './tokenleash.ts';
import { useTokenleash } from './use-tokenleash.ts';

const PAT = makePat();
const CONSENT = '--i-know-this-exposes-my-token';
const PORTS = ['--port', '0', '--control-port', '0'];

const built = useTokenleash();
let cli: ReturnType<typeof built.fresh>;
let upstream: Server;
let certificate: Certificate;
let token: string;
let seen: (string | undefined)[] = [];
let proxy: Started | undefined;
const file = (name: string) => join(cli.home, name);

beforeAll(async () => {
  cli = built.fresh();
  upstream = createServer((asked, answer) => {
    seen.push(asked.headers.authorization);
    answer.setHeader('content-type', 'application/json').end('{"projects":[]}');
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  mkdirSync(file('config'), { recursive: true, mode: 0o700 });
  writeFileSync(file('pat'), PAT, { mode: 0o600 });
  const { port } = upstream.address() as AddressInfo;
  writeFileSync(
    join(file('config'), 'config.yaml'),
    `current: prod\nprofiles:\n  prod: { url: "http://127.0.0.1:${port}", token-from: "file:${file('pat')}" }\n`,
    { mode: 0o600 },
  );
  certificate = selfSignedCertificate();
  writeFileSync(file('cert.pem'), certificate.cert);
  writeFileSync(file('key.pem'), certificate.key, { mode: 0o600 });
  writeFileSync(file('other.pem'), selfSignedCertificate().key, { mode: 0o600 });
  token = JSON.parse((await cli.run(['client', 'add', 'far', '--json'])).stdout).token;
});
afterEach(async () => {
  await proxy?.end();
  proxy = undefined;
  seen = [];
});
afterAll(async () => {
  upstream?.close();
});

const pair = () => ['--tls-cert', file('cert.pem'), '--tls-key', file('key.pem')];

function far(
  address: string,
  headers: Record<string, string>,
): Promise<{ status: number; code: unknown; body: string }> {
  const { port } = new URL(address);
  const options = { host: '127.0.0.1', port, servername: 'localhost', ca: certificate.cert };
  return new Promise((done, failed) => {
    const asked = request(
      { ...options, path: '/api/admin/projects', headers, agent: false },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          body += chunk;
        });
        answer.on('end', () => {
          const code = answer.headers['x-tokenleash-error'];
          done({ status: answer.statusCode ?? 0, code, body });
        });
      },
    );
    asked.on('error', failed).end();
  });
}

test('an address beyond loopback wants TLS and consent, and says how', async () => {
  const wanting: [string[], RegExp][] = [
    [[], /--i-know-this-exposes-my-token and --tls-cert and --tls-key are missing/],
    [pair(), /--i-know-this-exposes-my-token is missing/],
    [[CONSENT], /--tls-cert and --tls-key are missing/],
    [[CONSENT, '--tls-cert', file('cert.pem')], /--tls-key is missing/],
  ];
  for (const [words, sentence] of wanting) {
    const no = await cli.run(['start', ...PORTS, '--listen', '0.0.0.0:0', ...words]);
    expect([no.code, no.stdout]).toEqual([2, '']);
    expect(no.stderr).toMatch(sentence);
    expect(no.stderr).toMatch(
      /Type: tokenleash start --listen 0\.0\.0\.0:0 --tls-cert FILE --tls-key FILE --i-know/,
    );
  }
  const fromEnvironment = built.at(cli.home, { TOKENLEASH_I_KNOW_THIS_EXPOSES_MY_TOKEN: '1' });
  const no = await fromEnvironment.run(['start', ...PORTS, '--listen', '0.0.0.0:0', ...pair()]);
  expect([no.code, no.stderr]).toEqual([2, expect.stringContaining('exposes-my-token is missing')]);
  const name = await cli.run(['start', ...PORTS, '--listen', 'example.com']);
  expect([name.code, name.stderr]).toEqual([2, expect.stringContaining('has to be an IP address')]);
});

test('files that cannot be used are named, and a key that others can read is one', async () => {
  const start = (cert: string, key: string) =>
    cli.run([
      ...['start', ...PORTS, '--listen', '0.0.0.0:0', CONSENT],
      ...['--tls-cert', file(cert), '--tls-key', file(key)],
    ]);
  expect(await start('gone.pem', 'key.pem')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/There is no .*gone\.pem\.[\s\S]*Type: ls -l/),
  });
  expect((await start('key.pem', 'key.pem')).stderr).toContain('holds no certificate in PEM form');
  expect((await start('cert.pem', 'other.pem')).stderr).toMatch(
    /is not the key of the certificate/,
  );
  chmodSync(file('key.pem'), 0o644);
  try {
    expect(await start('cert.pem', 'key.pem')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Every user of this machine can read .*key\.pem \(mode 0644\)/),
    });
  } finally {
    chmodSync(file('key.pem'), 0o600);
  }
});

test('an address of another machine, and a port that is taken, are said to be so', async () => {
  const start = (address: string) =>
    cli.run(['start', ...PORTS, '--listen', address, ...pair(), CONSENT]);
  expect(await start('192.0.2.7')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('192.0.2.7 is no address of this machine.'),
  });
  const taken = createServer().listen(0, '0.0.0.0');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  expect(await start(`0.0.0.0:${port}`)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`Port ${port} of 0.0.0.0 is taken.`),
  });
  taken.close();
});

test('a loopback address wants nothing: it is listened on anyway', async () => {
  proxy = await cli.start([...PORTS, '--listen', '127.0.0.1']);
  expect(proxy).not.toHaveProperty('exposed');
});

test('it speaks TLS there, to the names of its certificate, and to phantom tokens alone', async () => {
  const keyless = process.platform === 'linux' ? ['--keyless'] : [];
  proxy = await cli.start([...PORTS, '--listen', '0.0.0.0:0', ...pair(), CONSENT, ...keyless]);
  const { exposed } = proxy as unknown as { exposed: string };
  expect(exposed).toMatch(/^https:\/\/0\.0\.0\.0:\d+$/);
  expect(proxy.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  const { port } = new URL(exposed);
  const own = { host: `localhost:${port}` };

  const yes = await far(exposed, { ...own, authorization: token });
  expect(yes).toMatchObject({ status: 200, body: '{"projects":[]}' });
  expect(seen).toEqual([PAT]);
  expect((await far(exposed, { host: `127.0.0.1:${port}`, authorization: token })).status).toBe(
    200,
  );

  seen = [];
  // The kernel would say of this connection, too, that it is the same user's.
  expect(await far(exposed, own)).toMatchObject({ status: 401, code: 'caller.missing' });
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    'localhost',
    'localhost:1',
    `0.0.0.0:${port}`,
  ])
    expect(await far(exposed, { host, authorization: token })).toMatchObject({
      status: 421,
      code: 'host.refused',
    });
  expect(
    await far(exposed, { ...own, authorization: token, origin: 'https://evil.example' }),
  ).toMatchObject({ status: 403, code: 'browser.refused' });
  expect(await inClear(Number(port))).not.toMatch(/HTTP\//);
  expect(seen).toEqual([]);
  if (keyless.length > 0) expect((await ask(proxy.url, null)).status).toBe(200);

  const status = await cli.run(['status']);
  expect(status.stdout).toContain(
    `Exposed: it can be reached from beyond this machine at ${exposed}`,
  );
  expect(JSON.parse((await cli.run(['status', '--json'])).stdout)).toMatchObject({ exposed });
  const { checks } = JSON.parse((await cli.run(['doctor', '--json'])).stdout);
  expect(checks).toContainEqual(
    expect.objectContaining({
      check: 'ports',
      status: 'warning',
      message: `The proxy can be reached from beyond this machine, at ${exposed}.`,
    }),
  );
  expect((await cli.run(['env'])).stdout).toContain(proxy.url);
  expect(proxy.stderr()).not.toContain(PAT);
});

/** What a caller reads who speaks no TLS. */
function inClear(port: number): Promise<string> {
  return new Promise((done) => {
    let read = '';
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('GET /api/admin/projects HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    );
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      read += chunk;
    });
    socket.on('error', () => undefined).on('close', () => done(read));
  });
}

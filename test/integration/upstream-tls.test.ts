import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Profile } from '../../proxy/profiles/profile.ts';
import { type Certificate, selfSignedCertificate } from '../certificate.ts';
import { startPort } from '../conformance/kit/port.ts';
import {
  codeOf,
  request,
  startRawUpstream,
  startUpstream,
  statusOf,
} from '../conformance/kit/wire.ts';

const DAY_MS = 86_400_000;
const CA_HOST = 'Example CA';
const CA = selfSignedCertificate({ host: CA_HOST });
const ISSUER = { ...CA, host: CA_HOST };

async function serve(options: ServerOptions): Promise<string> {
  const server = createTlsServer(options, (_, response) => response.end('{"ok":true}'));
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

/** A data port whose profile names these files. */
async function start(upstream: string, files: Record<string, string>, profile: Partial<Profile>) {
  const readPem = (path: string) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
    return text;
  };
  const proxy = await startPort({ upstream, profile, options: { readPem } });
  onTestFinished(() => proxy.dataPort.close());
  return async () => {
    const answer = await request(proxy.port, [
      'GET /api/admin/projects HTTP/1.1',
      `Host: 127.0.0.1:${proxy.port}`,
      `Authorization: ${proxy.token}`,
    ]);
    expect(answer).not.toContain(proxy.pat);
    return answer;
  };
}

const TRUSTING: Partial<Profile> = { ca: '/ca.pem' };
const SHOWING: Partial<Profile> = {
  ca: '/ca.pem',
  clientCertificate: { certificate: '/own.pem', key: '/own.key' },
};

const own = selfSignedCertificate({ host: 'tokenleash', issuer: ISSUER });
const files = { '/ca.pem': CA.cert, '/own.pem': own.cert, '/own.key': own.key };
const good = selfSignedCertificate({ issuer: ISSUER });

function expectTls(answer: string, ...said: string[]): void {
  expect([statusOf(answer), codeOf(answer)]).toEqual([502, 'upstream.tls']);
  for (const words of said) expect(answer).toContain(words);
  expect(answer).toContain('x-should-retry: false');
}

describe('a server', () => {
  it('whose certificate a private CA signed is trusted with that CA, and not without', async () => {
    const at = await serve(good);
    expect(statusOf(await (await start(at, files, TRUSTING))())).toBe(200);
    expectTls(
      await (await start(at, files, {}))(),
      'comes from a CA that is not trusted here',
      'tokenleash profile set test --ca FILE',
    );
    const other = { '/ca.pem': selfSignedCertificate({ host: 'Other CA' }).cert };
    expectTls(await (await start(at, other, TRUSTING))(), 'It is not the CA in /ca.pem');
  });

  it.each<[what: string, certificate: Certificate, said: string[]]>([
    [
      'with a certificate for another name',
      selfSignedCertificate({ host: 'other.test', issuer: ISSUER }),
      ['is for another host name', 'tokenleash profile set test --url URL'],
    ],
    [
      'with an expired certificate',
      selfSignedCertificate({
        notBefore: new Date(Date.now() - 3 * DAY_MS),
        notAfter: new Date(Date.now() - DAY_MS),
        issuer: ISSUER,
      }),
      ['has expired', 'Have it renewed'],
    ],
    [
      'with a certificate of tomorrow',
      selfSignedCertificate({ notBefore: new Date(Date.now() + DAY_MS), issuer: ISSUER }),
      ['is not valid yet', 'Check the clock of this machine'],
    ],
  ])('%s gets no token', async (_, certificate, said) => {
    const ask = await start(await serve(certificate), files, TRUSTING);
    expectTls(await ask(), ...said);
  });

  it('that speaks TLS 1.1 at most is told apart', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    const at = await serve({ ...good, ...(old as ServerOptions) });
    expectTls(await (await start(at, files, TRUSTING))(), 'speaks no TLS 1.2 or later');
  });

  it('that speaks no TLS is told apart', async () => {
    const plain = await startUpstream();
    const ask = await start(plain.url.replace('http:', 'https:'), files, TRUSTING);
    expectTls(await ask(), 'does not speak TLS at this port');
  });

  it('that hangs up in the handshake is told apart', async () => {
    const rude = await startRawUpstream((socket) => socket.once('data', () => socket.destroy()));
    const ask = await start(rude.url.replace('http:', 'https:'), files, TRUSTING);
    expectTls(await ask(), 'hung up in the middle of the TLS handshake');
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'that wants a client certificate over %s gets it, and one that has none says so',
    async (version) => {
      const at = await serve({
        ...good,
        minVersion: version,
        maxVersion: version,
        requestCert: true,
        rejectUnauthorized: true,
        ca: CA.cert,
      });
      const ask = await start(at, files, SHOWING);
      expect(statusOf(await ask())).toBe(200);
      expect(statusOf(await ask())).toBe(200);
      expectTls(
        await (await start(at, files, TRUSTING))(),
        'client certificate, then: tokenleash profile set test --client-cert FILE --client-key FILE',
      );
    },
  );
});

describe('the files of a profile', () => {
  const withPassphrase = own.key.replaceAll('PRIVATE KEY', 'ENCRYPTED PRIVATE KEY');
  it.each<[what: string, changed: Record<string, string>, said: string]>([
    ['a CA that is gone', { '/own.pem': own.cert, '/own.key': own.key }, 'there is no /ca.pem'],
    ['a CA that is none', { ...files, '/ca.pem': 'x' }, '/ca.pem holds no certificate'],
    ['a certificate that is none', { ...files, '/own.pem': own.key }, '/own.pem holds no cert'],
    ['a key that is none', { ...files, '/own.key': own.cert }, '/own.key holds no private key'],
    ['a key under a passphrase', { ...files, '/own.key': withPassphrase }, 'under a passphrase'],
    ['the key of another', { ...files, '/own.key': CA.key }, '/own.key is not the key of'],
  ])('with %s are named', async (_, changed, said) => {
    const ask = await start(await serve(good), changed, SHOWING);
    const answer = await ask();
    expectTls(answer, said);
    expect(answer).not.toContain('PRIVATE');
  });

  it('are read again after they were wrong, without a restart', async () => {
    const at = await serve(good);
    const onDisk: Record<string, string> = { '/ca.pem': selfSignedCertificate().cert };
    const ask = await start(at, onDisk, TRUSTING);
    expectTls(await ask(), 'It is not the CA in /ca.pem');
    onDisk['/ca.pem'] = CA.cert;
    expect(statusOf(await ask())).toBe(200);
  });
});

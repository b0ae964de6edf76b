import { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { type Exposed, hostName } from '../data/exposed.ts';
import { EXIT, Problem, quoteForShell } from '../problem.ts';
import { ConnectionError } from '../upstream/connection-error.ts';
import { readTrust } from '../upstream/trust.ts';
import type { ExposedOptions } from './exposed-options.ts';

const CONSENT = '--i-know-this-exposes-my-token';

/**
 * Where the data port listens beside loopback, or null. A loopback address is listened on anyway. Throws a usage
 * Problem unless certificate, key and consent are all there, and a Problem for files that cannot be used.
 */
export function exposedAddress(options: ExposedOptions): Exposed | null {
  const { listen, tlsCert, tlsKey, iKnowThisExposesMyToken: consent } = options;
  if (listen === undefined || isLoopback(listen.host)) return null;
  if (!consent || tlsCert === undefined || tlsKey === undefined) {
    const missing = [
      ...(consent ? [] : [CONSENT]),
      ...(tlsCert === undefined ? ['--tls-cert'] : []),
      ...(tlsKey === undefined ? ['--tls-key'] : []),
    ];
    throw new Problem(
      `${listen.host} can be reached from beyond this machine, and ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing. Nothing was started.`,
      `tokenleash start --listen ${hostName(listen.host)}:${listen.port} --tls-cert FILE --tls-key FILE ${CONSENT}`,
      EXIT.usage,
    );
  }
  const files = { certificate: resolve(tlsCert), key: resolve(tlsKey) };
  const { cert, key } = readPair(files);
  refuseOpenKey(files.key);
  return { ...listen, cert, key, names: namesFor(listen.host, cert) };
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function readPair(files: { certificate: string; key: string }): { cert: string; key: string } {
  try {
    const { own } = readTrust({ ca: null, clientCertificate: files });
    if (own !== null) return own;
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    const sentence = `${error.reason[0]?.toUpperCase()}${error.reason.slice(1)}.`;
    throw new Problem(
      sentence,
      `ls -l ${quoteForShell(files.certificate)} ${quoteForShell(files.key)}`,
    );
  }
  throw new Problem('There is no certificate.', 'tokenleash start --help');
}

/** Windows has no such modes. */
function refuseOpenKey(path: string): void {
  if (process.platform === 'win32') return;
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o007) === 0) return;
  throw new Problem(
    `Every user of this machine can read ${path} (mode ${mode.toString(8).padStart(4, '0')}), so it is not used.`,
    `chmod 600 ${quoteForShell(path)}`,
  );
}

/** What stands in the certificate, and the address itself where it is one. */
function namesFor(host: string, cert: string): string[] {
  const said = new X509Certificate(cert).subjectAltName ?? '';
  const names = said.split(', ').flatMap((entry) => {
    const [, name] = /^(?:DNS|IP Address):(.+)$/.exec(entry) ?? [];
    return name === undefined ? [] : [hostName(name)];
  });
  const wildcard = host === '0.0.0.0' || /^[0:]+$/.test(host);
  return [...new Set(wildcard ? names : [...names, hostName(host)])];
}

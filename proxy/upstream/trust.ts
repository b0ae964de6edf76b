import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { quoteForShell } from '../problem.ts';
import type { Profile } from '../profiles/profile.ts';
import { ConnectionError } from './connection-error.ts';

/** Whom a profile trusts, and by what it says who it is: PEM texts. */
export type Trust = { ca: string | null; own: { cert: string; key: string } | null };

/** Where the PEM files of a profile are. */
export type TrustFiles = Pick<Profile, 'ca' | 'clientCertificate'>;

/** Reads a PEM file; throws the system's error. */
export type ReadPem = (path: string) => string;

export const readPemFile: ReadPem = (path) => readFileSync(path, 'utf8');

/**
 * Reads and checks a profile's PEM files. Throws a ConnectionError (`upstream.tls`) that names the file: one that
 * cannot be read, holds no certificate, or a key that is under a passphrase or belongs to another certificate.
 */
export function readTrust(files: TrustFiles, readPem: ReadPem = readPemFile): Trust {
  const ca = files.ca === null ? null : certificateText(files.ca, readPem);
  if (files.clientCertificate === null) return { ca, own: null };
  const { certificate, key } = files.clientCertificate;
  const cert = certificateText(certificate, readPem);
  const keyText = text(key, readPem);
  if (!new X509Certificate(cert).checkPrivateKey(keyOf(key, keyText)))
    throw trouble(`${key} is not the key of the certificate in ${certificate}`, certificate);
  return { ca, own: { cert, key: keyText } };
}

function certificateText(path: string, readPem: ReadPem): string {
  const pem = text(path, readPem);
  try {
    new X509Certificate(pem);
    return pem;
  } catch {
    throw trouble(`${path} holds no certificate in PEM form`, path);
  }
}

function keyOf(path: string, pem: string): KeyObject {
  if (/ENCRYPTED/.test(pem))
    throw new ConnectionError(
      'upstream.tls',
      `the key in ${path} is under a passphrase, which cannot be asked for`,
      `Write it without one: openssl pkey -in ${quoteForShell(path)} -out NEW_FILE`,
    );
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ConnectionError(
      'upstream.tls',
      `${path} holds no private key in PEM form`,
      `See what it holds: openssl pkey -in ${quoteForShell(path)} -noout`,
    );
  }
}

function text(path: string, readPem: ReadPem): string {
  try {
    return readPem(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    const why = code === 'ENOENT' ? `there is no ${path}` : `${path} could not be read`;
    throw new ConnectionError(
      'upstream.tls',
      `${why}`,
      `Put the file there: ls -l ${quoteForShell(path)}`,
    );
  }
}

function trouble(what: string, path: string): ConnectionError {
  return new ConnectionError(
    'upstream.tls',
    `${what}`,
    `See what it holds: openssl x509 -in ${quoteForShell(path)} -noout -subject`,
  );
}

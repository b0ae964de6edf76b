import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, Problem, quoteForShell } from '../problem.ts';
import type { Profile } from '../profiles/profile.ts';
import { type Io, type Option, tell } from './command.ts';

/** The flags that say how a profile's server is spoken to, beside its URL. */
export type ServerOptions = {
  clientCert?: string | undefined;
  clientKey?: string | undefined;
  compression?: Profile['compression'] | undefined;
};

const FLAGS: readonly Option[] = [
  {
    flags: '--client-cert <file>',
    description: 'certificate that the server wants to see, PEM',
    values: 'files',
  },
  { flags: '--client-key <file>', description: 'its private key, PEM', values: 'files' },
  {
    flags: '--compression <how>',
    description: 'identity, or pass: gzip and br go through, unscanned (default: identity)',
    parse: parseCompression,
    values: ['identity', 'pass'],
  },
];

export const SERVER_OPTIONS: readonly Option[] = FLAGS;

/** The same for a profile that is there. */
export const CHANGED_SERVER_OPTIONS: readonly Option[] = FLAGS.map((option) => ({
  ...option,
  flagOnly: true,
}));

function parseCompression(text: string): Profile['compression'] {
  if (text !== 'identity' && text !== 'pass') throw new Error('has to be identity or pass');
  return text;
}

/**
 * The client certificate that the flags name, `before` where they name none; "none" takes it away. Throws a usage
 * Problem for one of the two without the other, and for a server without TLS. Warns of a key that others can read.
 */
export function clientCertificateOf(
  { clientCert, clientKey }: ServerOptions,
  before: Profile['clientCertificate'],
  url: string,
  io: Io,
  typed: string,
): Profile['clientCertificate'] {
  if (clientCert === undefined && clientKey === undefined) return before;
  if (clientCert === 'none' && (clientKey === undefined || clientKey === 'none')) return null;
  if (clientCert === undefined || clientKey === undefined)
    throw new Problem(
      'A client certificate needs both --client-cert and --client-key; they may name one file.',
      `${typed} --client-cert FILE --client-key FILE`,
      EXIT.usage,
    );
  if (!url.startsWith('https:'))
    throw new Problem(
      `A client certificate is for https, and ${url} is plain http.`,
      `${typed} --url ${quoteForShell(url)}`,
      EXIT.usage,
    );
  const key = resolve(clientKey);
  const mode = statSync(key, { throwIfNoEntry: false })?.mode ?? 0;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    tell(io, `Warning: other users may read the key. Type: chmod 600 ${quoteForShell(key)}`);
  return { certificate: resolve(clientCert), key };
}

import type { Rule } from '../policy/rule.ts';

/** The proxy's named upstream: one URL, one PAT, one policy. */

export type Access = 'read' | 'ask' | 'write';

export type StoreName = 'keychain' | 'sealed-file' | 'memory';

/** Where a profile's PAT comes from. The first two are kept in a store; the others are read when used. */
export type SecretSource =
  | { from: 'stored'; store: StoreName }
  | { from: 'browser'; store: StoreName }
  | { from: 'env'; variable: string }
  | { from: 'file'; path: string }
  /** Program and its arguments; no shell. Answers as AWS `credential_process` does. */
  | { from: 'exec'; command: readonly string[] }
  /** A secret reference of 1Password, `op://vault/item/field`, read by its own program. */
  | { from: 'op'; reference: string }
  /** A file of this name in `$CREDENTIALS_DIRECTORY`. */
  | { from: 'systemd'; credential: string };

export type Profile = {
  /** `[A-Za-z0-9][A-Za-z0-9._-]{0,62}` */
  name: string;
  /** Base URL without a trailing slash: origin + base path. The PAT never goes anywhere else. */
  url: string;
  access: Access;
  source: SecretSource;
  /** PEM file of a private CA, absolute path. */
  ca: string | null;
  /** PEM files by which the proxy says to the server who it is, absolute paths. */
  clientCertificate: { certificate: string; key: string } | null;
  /** `pass`: gzip and br go through untouched and unscanned. */
  compression: 'identity' | 'pass';
  rules: readonly Rule[];
  /** Plain http to a host that is not loopback was allowed by the user. */
  allowHttp: boolean;
  /** The store's passphrase is a key file beside it (`--unattended`). */
  unattended: boolean;
};

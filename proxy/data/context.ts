import type { LiveRequest } from '../../shared/link/messages.ts';
import type { Client } from '../clients/client.ts';
import type { Rule } from '../policy/rule.ts';
import type { Profile } from '../profiles/profile.ts';
import type { SecretReader } from '../secrets/secret.ts';

/**
 * What the data port needs from the rest of the proxy, as functions, so that configuration and secrets can change
 * under a running proxy: a request asks once and finishes on what it was given.
 */
export type DataContext = {
  /** Wall clock, ms since 1970. */
  now(): number;
  /** Client by the hex SHA-256 of the phantom token it sent. */
  clientByTokenHash(hash: string): Client | undefined;
  profileByName(name: string): Profile | undefined;
  currentProfile(): Profile | undefined;
  /** The rules of a client, by its name; empty for one that has none. */
  clientRules(client: string): readonly Rule[];
  secretOf(profile: Profile): ReturnType<SecretReader>;
  /** `start --read-only`: no client may write, whatever its access. */
  readOnly: boolean;
  /** `start --keyless`: programs of this user (uid) need no phantom token. Without it, all do. */
  keylessUser?: number;
  /** One call per request, at its end. */
  audit(entry: AuditEntry): void;
  /** An upstream said 401 to the profile's PAT; goes to `status` and the extension. */
  upstreamUnauthorized(profile: Profile): void;
  /** Something in front of the server answered in its place; called after the request's audit. */
  upstreamPage?(profile: Profile): void;
};

/** One line of the audit log. By meaning, never by content: no path, query, header, body or secret. */
export type AuditEntry = LiveRequest;

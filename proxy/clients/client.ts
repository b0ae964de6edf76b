import type { Access } from '../profiles/profile.ts';

/** The holder of one phantom token. Only the token's SHA-256 is kept. */
export type Client = {
  /** Unique per proxy; shown in the audit log. */
  name: string;
  /** Profile that this client's requests go to; null follows the current profile. */
  profile: string | null;
  access: Access;
  /** May call operations that mint. */
  mint: boolean;
  /** ISO date-time, or null for no expiry. */
  expiresAt: string | null;
  createdAt: string;
  /** Hex SHA-256 of the phantom token. */
  tokenHash: string;
};

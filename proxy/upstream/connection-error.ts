import type { ErrorCode } from '../errors.ts';

/** The ways in which a connection does not come about. */
export type ConnectionCode = Extract<
  ErrorCode,
  'upstream.unreachable' | 'upstream.tls' | 'upstream.timeout'
>;

/**
 * A connection that did not come about, for a reason that we know in words: `reason` is a clause that goes on after a
 * colon, `next` is what to do. Neither ever holds a secret.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: ConnectionCode;
  readonly reason: string;
  readonly next: string;

  constructor(code: ConnectionCode, reason: string, next: string) {
    super(reason);
    this.code = code;
    this.reason = reason;
    this.next = next;
  }

  /** Both as sentences, for a person. */
  get explained(): string {
    return `${this.reason[0]?.toUpperCase()}${this.reason.slice(1)}. ${this.next}.`;
  }
}

import { type ErrorFacts, type TlsTroubleKind, type UnleashError, unleashError } from './errors.ts';

/** What is wrong with a connection by TLS. Only Node tells; a browser tells a program nothing of this. */
export type TlsTrouble = {
  kind: TlsTroubleKind;
  /** A clause that goes on after a colon. */
  fact: string;
  /** A sentence without its full stop. */
  advice: string;
};

const untrusted = (fact: string): TlsTrouble => ({
  kind: 'unknown-ca',
  fact,
  advice: 'Trust that CA, then try again',
});
const UNKNOWN_CA = untrusted('its certificate comes from a CA that is not trusted here');

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_TROUBLES: Record<string, TlsTrouble> = {
  CERT_HAS_EXPIRED: {
    kind: 'expired',
    fact: 'its certificate has expired',
    advice: 'Have it renewed',
  },
  CERT_NOT_YET_VALID: {
    kind: 'not-yet-valid',
    fact: 'its certificate is not valid yet',
    advice: 'Check the clock of this machine',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    kind: 'unknown-ca',
    fact: 'its certificate is self-signed',
    advice: 'Trust it as a CA, then try again',
  },
  SELF_SIGNED_CERT_IN_CHAIN: untrusted('its certificate comes from a private CA'),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_CA,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_CA,
  UNABLE_TO_GET_ISSUER_CERT: {
    kind: 'bad-chain',
    fact: 'its chain of certificates is incomplete',
    advice: 'Have it put right',
  },
  CERT_REVOKED: {
    kind: 'revoked',
    fact: 'its certificate was revoked',
    advice: 'Have it replaced',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    kind: 'other-name',
    fact: 'its certificate is for another host name',
    advice: 'Use the name that stands in it',
  },
};

/**
 * OpenSSL's own words for what ended a handshake. They stand in a code of Node's (`ERR_SSL_…`) or, for `EPROTO`, in
 * the message alone; an alert is what the server said.
 */
const HANDSHAKE_TROUBLES: readonly [RegExp, TlsTrouble][] = [
  [
    /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/,
    {
      kind: 'old-version',
      fact: 'it speaks no TLS 1.2 or later',
      advice: 'Have TLS 1.2 turned on there',
    },
  ],
  [
    /ALERT_CERTIFICATE_REQUIRED|ALERT_NO_CERTIFICATE/,
    {
      kind: 'wants-certificate',
      fact: 'it wants a certificate from who asks',
      advice: 'Ask who runs it for a client certificate',
    },
  ],
  [
    /ALERT_(?:BAD_CERTIFICATE|CERTIFICATE_(?:EXPIRED|REVOKED|UNKNOWN)|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/,
    {
      kind: 'own-certificate-refused',
      fact: 'it refused our client certificate',
      advice: 'Check that the certificate is the right one, and in time',
    },
  ],
  [
    /ALERT_HANDSHAKE_FAILURE/,
    {
      kind: 'wants-certificate',
      fact: 'it broke off the handshake: it may want a client certificate, or speak other ciphers',
      advice: 'Ask who runs it for a client certificate',
    },
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL/,
    {
      kind: 'no-tls',
      fact: 'it does not speak TLS at this port',
      advice: 'Check the port, or use http:// if that is meant',
    },
  ],
];

const OTHER_TLS: TlsTrouble = {
  kind: 'other',
  fact: 'the TLS handshake failed',
  advice: 'Check the address, and that its certificate is in order',
};

const HUNG_UP: TlsTrouble = {
  kind: 'other',
  fact: 'it hung up in the middle of the TLS handshake',
  advice: 'Check the port, and whether it wants a client certificate, or another one',
};

/** What is wrong with the TLS of a connection that failed with this error of Node's, or null for other errors. */
export function tlsTroubleOf(error: { code?: string; message?: string }): TlsTrouble | null {
  const { code = '', message = '' } = error;
  // The words of Node's own error; no other way tells it from a reset of what was under way.
  if (code === 'ECONNRESET' && message.includes('before secure TLS connection')) return HUNG_UP;
  const known = CERTIFICATE_TROUBLES[code];
  if (known !== undefined) return known;
  if (code !== 'EPROTO' && !/^(?:ERR_SSL_|ERR_TLS_|CERT_|HOSTNAME_)/.test(code)) return null;
  const words = `${code} ${message}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  return HANDSHAKE_TROUBLES.find(([pattern]) => pattern.test(words))?.[1] ?? OTHER_TLS;
}

/** The connection itself came to nothing, so nothing was sent. */
const NOTHING_ANSWERS = 'Nothing answers there. Check the address, your network and your VPN.';

/** Sentences by Node's codes. */
export const NETWORK_REASONS: Record<string, string> = {
  ECONNREFUSED: 'Nothing listens there. Check the port, and that Unleash runs.',
  ENOTFOUND: 'There is no such host name. Check the spelling, your network and your VPN.',
  EAI_AGAIN: 'Its host name could not be looked up. Check your network and your VPN.',
  EHOSTUNREACH: 'There is no way to it. Check your network and your VPN.',
  ENETUNREACH: 'There is no way to it. Check your network and your VPN.',
  EHOSTDOWN: 'It is switched off or not on this network.',
  ETIMEDOUT: NOTHING_ANSWERS,
  UND_ERR_CONNECT_TIMEOUT: NOTHING_ANSWERS,
};

const NOT_HTTP = 'What answers there does not speak http. Check the port, or use https://.';

/** Died after the connection stood: what was sent may have been done. */
const CUT = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_BODY_TIMEOUT']);

/**
 * What a rejected `fetch` or a broken body means. The thrown value's own words are never passed on: they may name a
 * header's value. `answered`: the answer's head was there, so its body broke, which a browser does not say.
 */
export function explainFailure(thrown: unknown, facts: ErrorFacts, answered = false): UnleashError {
  const explained = explainedBy(thrown);
  if (explained !== null)
    return unleashError('server.unreachable', { ...facts, reason: explained });
  const found = errorIn(thrown);
  if (found === null) return unleashError(answered ? 'server.cut' : 'server.unreachable', facts);
  const { code } = found;
  const tls = tlsTroubleOf(found);
  if (tls !== null) {
    const reason = `${tls.fact[0]?.toUpperCase()}${tls.fact.slice(1)}. ${tls.advice}.`;
    return unleashError('server.tls', { ...facts, reason, tls: tls.kind });
  }
  if (CUT.has(code)) return unleashError('server.cut', facts);
  const reason = code.startsWith('HPE_') ? NOT_HTTP : NETWORK_REASONS[code];
  return unleashError('server.unreachable', reason === undefined ? facts : { ...facts, reason });
}

/** The words of an error that was made to be shown (`explained`: sentences, and nothing secret in them). */
function explainedBy(thrown: unknown): string | null {
  const has = typeof thrown === 'object' && thrown !== null && 'explained' in thrown;
  return has && typeof thrown.explained === 'string' ? thrown.explained : null;
}

/** The first error with a `code` in a chain of causes. Node wraps: TypeError → AggregateError (per address) → Error. */
function errorIn(thrown: unknown): { code: string; message?: string } | null {
  let current: unknown = thrown;
  for (let depth = 0; depth < 5; depth += 1) {
    if (typeof current !== 'object' || current === null) return null;
    if ('code' in current && typeof current.code === 'string')
      return current as { code: string; message?: string };
    // From Node 24 on the parser's own error has a name alone.
    if ('name' in current && current.name === 'HTTPParserError') return { code: 'HPE_' };
    if ('errors' in current && Array.isArray(current.errors) && current.errors.length > 0) {
      current = current.errors[0];
    } else {
      current = 'cause' in current ? current.cause : null;
    }
  }
  return null;
}

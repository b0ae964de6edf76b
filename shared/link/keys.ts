import { type Bytes, bytesOfHex, hexOf, utf8 } from './bytes.ts';

/**
 * The keys of one link: each does one thing in one direction, so that nothing said one way can be played back the
 * other way. "Request" is extension to proxy, "answer" is proxy to extension.
 */
export type LinkKeys = {
  requestMac: CryptoKey;
  answerMac: CryptoKey;
  requestSeal: CryptoKey;
  answerSeal: CryptoKey;
};

/** The four keys of a link as bytes, in hex; 32 bytes each. The proxy alone has them so, in its sealed store. */
export type LinkKeyBytes = { [name in keyof LinkKeys]: string };

/** Which end of the link the keys are for: each end gets only the use that it needs of each key. */
export type LinkSide = 'extension' | 'proxy';

const NAMES = ['requestMac', 'answerMac', 'requestSeal', 'answerSeal'] as const;

const MAC = { name: 'HMAC', hash: 'SHA-256', length: 256 } as const;
const SEAL = { name: 'AES-GCM', length: 256 } as const;

function usesOf(name: keyof LinkKeys, side: LinkSide): KeyUsage[] {
  const sends = (side === 'extension') === name.startsWith('request');
  if (name.endsWith('Mac')) return [sends ? 'sign' : 'verify'];
  return [sends ? 'encrypt' : 'decrypt'];
}

/** HKDF-SHA-256 (RFC 5869) over a shared secret. The secret's bytes are wiped once the key stands. */
export async function derivationKey(secret: Bytes): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ]);
  secret.fill(0);
  return key;
}

function hkdf(salt: Bytes, purpose: string): HkdfParams {
  return { name: 'HKDF', hash: 'SHA-256', salt, info: utf8(`tokenleash link 1 ${purpose}`) };
}

/** An HMAC key for one purpose, derived from `from`; not extractable. */
export function deriveMacKey(from: CryptoKey, salt: Bytes, purpose: string): Promise<CryptoKey> {
  return crypto.subtle.deriveKey(hkdf(salt, purpose), from, MAC, false, ['sign', 'verify']);
}

/** The extension's end of a link. None of the keys can be read out again, not even by the extension. */
export async function deriveLinkKeys(from: CryptoKey, salt: Bytes): Promise<LinkKeys> {
  const derive = (name: keyof LinkKeys) =>
    crypto.subtle.deriveKey(
      hkdf(salt, name),
      from,
      name.endsWith('Mac') ? MAC : SEAL,
      false,
      usesOf(name, 'extension'),
    );
  return {
    requestMac: await derive('requestMac'),
    answerMac: await derive('answerMac'),
    requestSeal: await derive('requestSeal'),
    answerSeal: await derive('answerSeal'),
  };
}

/** The proxy's end of a link, as bytes for its sealed store. The same keys as `deriveLinkKeys` gives. */
export async function deriveLinkKeyBytes(from: CryptoKey, salt: Bytes): Promise<LinkKeyBytes> {
  const derive = async (name: keyof LinkKeys) =>
    hexOf(await crypto.subtle.deriveBits(hkdf(salt, name), from, 256));
  return {
    requestMac: await derive('requestMac'),
    answerMac: await derive('answerMac'),
    requestSeal: await derive('requestSeal'),
    answerSeal: await derive('answerSeal'),
  };
}

/** Stored bytes back as keys for the proxy's end; null where a store gives something that is not four keys. */
export async function importLinkKeys(stored: LinkKeyBytes): Promise<LinkKeys | null> {
  const keys: Partial<LinkKeys> = {};
  for (const name of NAMES) {
    const bytes = bytesOfHex(stored[name]);
    if (bytes?.length !== 32) return null;
    const algorithm = name.endsWith('Mac') ? MAC : SEAL;
    keys[name] = await crypto.subtle.importKey(
      'raw',
      bytes,
      algorithm,
      false,
      usesOf(name, 'proxy'),
    );
    bytes.fill(0);
  }
  return keys as LinkKeys;
}

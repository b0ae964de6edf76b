import { type Bytes, bytesOfHex, hexOf, randomHex, statement, utf8 } from './bytes.ts';
import {
  derivationKey,
  deriveLinkKeyBytes,
  deriveLinkKeys,
  deriveMacKey,
  type LinkKeyBytes,
  type LinkKeys,
} from './keys.ts';

/**
 * How the two meet: each makes an ephemeral P-256 key and proves with the code that its public key is its own. The
 * code has 100 random bits and is never sent, so whoever hears a proof, or sits on the port in the proxy's place, has
 * nothing to try codes against in any useful time. The link's keys come out of the key agreement, not out of the
 * code: knowing the code afterwards opens nothing.
 */

/** Body of `POST /v1/pair`. `publicKey` is a raw P-256 point and `proof` an HMAC-SHA-256, both hex. */
export type PairRequest = { version: 1; browser: string; publicKey: string; proof: string };

/** Answer of `POST /v1/pair`. `link` is the new link's id: 32 hex digits. */
export type PairAnswer = { version: 1; link: string; publicKey: string; proof: string };

/** What the extension remembers between its request and the proxy's answer. */
export type PairAttempt = {
  request: PairRequest;
  /** Checks the answer; null when it does not come from whoever shows the code. */
  finish(answer: PairAnswer): Promise<{ link: string; keys: LinkKeys } | null>;
};

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;

/** Length of a browser's name in characters. */
export const BROWSER_NAME_LIMIT = 64;

type Party = { publicKey: string; agree(otherPublicKey: string): Promise<CryptoKey | null> };

async function ephemeralParty(): Promise<Party> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  return {
    publicKey: hexOf(await crypto.subtle.exportKey('raw', pair.publicKey)),
    async agree(otherPublicKey) {
      const point = bytesOfHex(otherPublicKey);
      if (point === null) return null;
      try {
        // importKey refuses what is not a point of the curve.
        const other = await crypto.subtle.importKey('raw', point, CURVE, false, []);
        const secret = await crypto.subtle.deriveBits(
          { name: 'ECDH', public: other },
          pair.privateKey,
          256,
        );
        return derivationKey(new Uint8Array(secret));
      } catch {
        return null;
      }
    },
  };
}

async function proofKeys(code: string): Promise<{ request: CryptoKey; answer: CryptoKey }> {
  const from = await derivationKey(utf8(code));
  const salt = utf8('tokenleash pairing code');
  return {
    request: await deriveMacKey(from, salt, 'pair request'),
    answer: await deriveMacKey(from, salt, 'pair answer'),
  };
}

async function prove(key: CryptoKey, bytes: Bytes): Promise<string> {
  return hexOf(await crypto.subtle.sign('HMAC', key, bytes));
}

async function proves(key: CryptoKey, proof: string, bytes: Bytes): Promise<boolean> {
  const signature = bytesOfHex(proof);
  return signature !== null && crypto.subtle.verify('HMAC', key, signature, bytes);
}

const requestStatement = (origin: string, request: Omit<PairRequest, 'proof'>) =>
  statement('pair request 1', origin, request.browser, request.publicKey);

/** Everything that was said; the answer's proof covers it, and the link's keys hang on it. */
const answerStatement = (
  origin: string,
  request: PairRequest,
  answer: Pick<PairAnswer, 'link' | 'publicKey'>,
) =>
  statement(
    'pair answer 1',
    origin,
    request.browser,
    request.publicKey,
    request.proof,
    answer.link,
    answer.publicKey,
  );

async function saltOf(transcript: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', transcript));
}

/**
 * The extension's part. `code` is `PairingCode.text`, `origin` the extension's own origin without a trailing slash,
 * `browser` the name that the proxy will show.
 */
export async function beginPairing(
  code: string,
  origin: string,
  browser: string,
): Promise<PairAttempt> {
  const party = await ephemeralParty();
  const keys = await proofKeys(code);
  const said = { version: 1, browser, publicKey: party.publicKey } as const;
  const request: PairRequest = {
    ...said,
    proof: await prove(keys.request, requestStatement(origin, said)),
  };
  return {
    request,
    async finish(answer) {
      const transcript = answerStatement(origin, request, answer);
      if (!(await proves(keys.answer, answer.proof, transcript))) return null;
      const from = await party.agree(answer.publicKey);
      if (from === null) return null;
      return { link: answer.link, keys: await deriveLinkKeys(from, await saltOf(transcript)) };
    },
  };
}

/** Whether a pair request was made by someone who has the code. Compares in constant time, as WebCrypto does. */
export async function checkPairRequest(
  code: string,
  origin: string,
  request: PairRequest,
): Promise<boolean> {
  const keys = await proofKeys(code);
  return proves(keys.request, request.proof, requestStatement(origin, request));
}

/**
 * The proxy's part, for a request that `checkPairRequest` has passed. Null when its public key is not a point of the
 * curve.
 */
export async function answerPairing(
  code: string,
  origin: string,
  request: PairRequest,
): Promise<{ answer: PairAnswer; keys: LinkKeyBytes } | null> {
  const party = await ephemeralParty();
  const from = await party.agree(request.publicKey);
  if (from === null) return null;
  const said = { version: 1, link: randomHex(16), publicKey: party.publicKey } as const;
  const transcript = answerStatement(origin, request, said);
  const proof = await prove((await proofKeys(code)).answer, transcript);
  return {
    answer: { ...said, proof },
    keys: await deriveLinkKeyBytes(from, await saltOf(transcript)),
  };
}

const HEX = /^[0-9a-f]+$/;
const isHex = (value: unknown, length: number): value is string =>
  typeof value === 'string' && value.length === length && HEX.test(value);

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= BROWSER_NAME_LIMIT;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The pair request in a parsed body, or null. */
export function readPairRequest(body: unknown): PairRequest | null {
  if (!isRecord(body) || body.version !== 1) return null;
  const { browser, publicKey, proof } = body;
  if (!isName(browser)) return null;
  if (!isHex(publicKey, 130) || !isHex(proof, 64)) return null;
  return { version: 1, browser, publicKey, proof };
}

/** The pair answer in a parsed body, or null. */
export function readPairAnswer(body: unknown): PairAnswer | null {
  if (!isRecord(body) || body.version !== 1) return null;
  const { link, publicKey, proof } = body;
  if (!isHex(link, 32) || !isHex(publicKey, 130) || !isHex(proof, 64)) return null;
  return { version: 1, link, publicKey, proof };
}

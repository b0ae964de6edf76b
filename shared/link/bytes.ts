/** Bytes as WebCrypto takes them: never on shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Throws a TypeError where the bytes are not UTF-8. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Hex rather than base64: it reads the same in Node 20 and in browsers, and messages here are small. */
export function hexOf(bytes: ArrayBuffer | Uint8Array): string {
  let text = '';
  for (const byte of bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)) {
    text += byte.toString(16).padStart(2, '0');
  }
  return text;
}

/** The bytes of lower-case hex, or null for anything else. */
export function bytesOfHex(hex: string): Bytes | null {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/.test(hex)) return null;
  const bytes = new Uint8Array(hex.length / 2);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16);
  }
  return bytes;
}

/** `count` random bytes as hex. */
export function randomHex(count: number): string {
  return hexOf(crypto.getRandomValues(new Uint8Array(count)));
}

/**
 * Several values as the bytes that a signature covers. JSON of an array of strings and numbers has one reading, so
 * no value can move a border between its neighbours; `label` keeps one purpose's signatures from serving another.
 */
export function statement(label: string, ...values: (string | number)[]): Bytes {
  return utf8(JSON.stringify([`tokenleash ${label}`, ...values]));
}

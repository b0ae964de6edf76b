import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOfHex, hexOf, statement, textOf, utf8 } from '../../shared/link/bytes.ts';
import {
  CLOCK_SKEW_MS,
  openAnswer,
  openRequest,
  requestIsAuthentic,
  requestLine,
  signAnswer,
  signRequest,
} from '../../shared/link/channel.ts';
import { importLinkKeys, type LinkKeys } from '../../shared/link/keys.ts';
import {
  answerPairing,
  beginPairing,
  checkPairRequest,
  readPairAnswer,
  readPairRequest,
} from '../../shared/link/pairing.ts';
import { replayGuard } from '../../shared/link/replay.ts';

const ORIGIN = 'moz-extension://0f3e9f3c-1111-4222-8333-123456789abc';
const CODE = '0456ABCDEFGHJKMNPQRSTVWX';

async function link(code = CODE) {
  const attempt = await beginPairing(code, ORIGIN, 'Firefox');
  const answered = await answerPairing(CODE, ORIGIN, attempt.request);
  if (answered === null) throw new Error('no answer');
  const extension = await attempt.finish(answered.answer);
  const proxy = await importLinkKeys(answered.keys);
  if (extension === null || proxy === null) throw new Error('no link');
  return { extension: extension.keys, proxy, bytes: answered.keys, answer: answered.answer };
}

describe('the keys of a link', () => {
  it('are the same at both ends, four different ones, and new for each link', async () => {
    const one = await link();
    const two = await link();
    const all = [...Object.values(one.bytes), ...Object.values(two.bytes)];
    expect(new Set(all).size).toBe(8);
    for (const key of all) expect(key).toMatch(/^[0-9a-f]{64}$/);
    const line = requestLine('a'.repeat(32), '/v1/status', 1000);
    const { body } = await signRequest(one.extension, line, { a: 1 });
    expect(await openRequest(one.proxy, line, body)).toEqual({ ok: true, value: { a: 1 } });
    expect(await openRequest(two.proxy, line, body)).toEqual({ ok: false });
  });

  it('cannot be read out of the browser, and each has one use', async () => {
    const { extension } = await link();
    const uses: Record<keyof LinkKeys, KeyUsage> = {
      requestMac: 'sign',
      answerMac: 'verify',
      requestSeal: 'encrypt',
      answerSeal: 'decrypt',
    };
    for (const [name, use] of Object.entries(uses)) {
      const key = extension[name as keyof LinkKeys];
      expect(key.extractable).toBe(false);
      expect(key.usages).toEqual([use]);
      await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
    }
  });

  it('are not taken from a damaged store', async () => {
    const { bytes } = await link();
    expect(await importLinkKeys({ ...bytes, answerSeal: 'zz' })).toBeNull();
    expect(await importLinkKeys({ ...bytes, answerSeal: bytes.answerSeal.slice(2) })).toBeNull();
  });
});

describe('the proofs of a pairing', () => {
  it('fail for another code, another origin and another name', async () => {
    const { request } = await beginPairing(CODE, ORIGIN, 'Firefox');
    expect(await checkPairRequest(CODE, ORIGIN, request)).toBe(true);
    expect(await checkPairRequest(`${CODE.slice(0, -1)}Z`, ORIGIN, request)).toBe(false);
    expect(await checkPairRequest(CODE, 'chrome-extension://a', request)).toBe(false);
    expect(await checkPairRequest(CODE, ORIGIN, { ...request, browser: 'X' })).toBe(false);
  });

  it('fail for an answer by someone without the code, or to another request', async () => {
    const attempt = await beginPairing(CODE, ORIGIN, 'Firefox');
    const forged = await answerPairing('another code', ORIGIN, attempt.request);
    expect(forged && (await attempt.finish(forged.answer))).toBeNull();
    const { answer } = await link();
    expect(await attempt.finish(answer)).toBeNull();
  });

  it("fail for the extension's own proof sent back to it", async () => {
    const attempt = await beginPairing(CODE, ORIGIN, 'Firefox');
    const { publicKey, proof } = attempt.request;
    expect(await attempt.finish({ version: 1, link: 'a'.repeat(32), publicKey, proof })).toBeNull();
  });

  it('are followed by no link when the public key is no point of the curve', async () => {
    const { request } = await beginPairing(CODE, ORIGIN, 'Firefox');
    const nowhere = { ...request, publicKey: `04${'11'.repeat(64)}` };
    expect(await answerPairing(CODE, ORIGIN, nowhere)).toBeNull();
  });

  it('are read from nothing of another shape', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readPairRequest(value)).toBeNull();
        expect(readPairAnswer(value)).toBeNull();
      }),
    );
  });
});

describe('a message', () => {
  it('opens only under its own line', async () => {
    const { extension, proxy } = await link();
    const line = requestLine('a'.repeat(32), '/v1/hand-over', 1000);
    const { body } = await signRequest(extension, line, 'x');
    for (const other of [
      { ...line, path: '/v1/status' },
      { ...line, time: 1001 },
      { ...line, nonce: 'b'.repeat(32) },
      { ...line, link: 'b'.repeat(32) },
      { ...line, method: 'PUT' },
    ]) {
      expect(await openRequest(proxy, other, body)).toEqual({ ok: false });
    }
  });

  it('is not authentic with one byte changed, wherever it stands', async () => {
    const { extension, proxy } = await link();
    const line = requestLine('a'.repeat(32), '/v1/status', 1000);
    const { body, headers } = await signRequest(extension, line, {});
    const signature = bytesOfHex(headers['x-tokenleash-signature'] ?? '') ?? new Uint8Array();
    const bytes = utf8(body);
    expect(await requestIsAuthentic(proxy, line, signature, bytes)).toBe(true);
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = bytes.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(await requestIsAuthentic(proxy, line, signature, altered)).toBe(false);
    }
  });

  it('answers one request alone, with one status', async () => {
    const { extension, proxy } = await link();
    const line = requestLine('a'.repeat(32), '/v1/status', 1000);
    const signed = await signAnswer(proxy, { request: line, status: 200, time: 5 }, { ok: 1 });
    const header = (name: string) => signed.headers[name] ?? null;
    const open = (request: typeof line, status: number) =>
      openAnswer(extension, request, status, header, signed.body);
    expect(await open(line, 200)).toEqual({ ok: true, value: { ok: 1 } });
    expect(await open(line, 500)).toEqual({ ok: false });
    const other = requestLine(line.link, line.path, line.time);
    expect(await open(other, 200)).toEqual({ ok: false });
  });

  it('is not believed for its seal alone: the signature counts as well', async () => {
    const { extension, proxy } = await link();
    const line = requestLine('a'.repeat(32), '/v1/status', 1000);
    const signed = await signAnswer(proxy, { request: line, status: 200, time: 5 }, {});
    const headers = { ...signed.headers, 'x-tokenleash-signature': '00'.repeat(32) };
    const header = (name: string) => (headers as Record<string, string>)[name] ?? null;
    expect(await openAnswer(extension, line, 200, header, signed.body)).toEqual({ ok: false });
  });

  it('is never sealed twice alike', async () => {
    const { extension } = await link();
    const line = requestLine('a'.repeat(32), '/v1/status', 1000);
    const bodies = await Promise.all([1, 2, 3].map(() => signRequest(extension, line, {})));
    expect(new Set(bodies.map(({ body }) => body)).size).toBe(3);
  });
});

describe('the memory of nonces', () => {
  it('takes each once, for as long as its time is fresh', () => {
    const guard = replayGuard(0);
    const start = 10 * CLOCK_SKEW_MS;
    expect(guard('a', start, start)).toBe('fresh');
    expect(guard('a', start, start)).toBe('replayed');
    expect(guard('a', start, start + CLOCK_SKEW_MS)).toBe('replayed');
    expect(guard('a', start, start + CLOCK_SKEW_MS + 1)).toBe('clock');
  });

  it('remembers one that came with a clock ahead until that time has passed too', () => {
    const guard = replayGuard(0);
    const start = 10 * CLOCK_SKEW_MS;
    const ahead = start + CLOCK_SKEW_MS;
    expect(guard('a', ahead, start)).toBe('fresh');
    expect(guard('a', ahead, ahead + CLOCK_SKEW_MS)).toBe('replayed');
  });

  it('takes nothing from before it was there', () => {
    expect(replayGuard(5000)('a', 4999, 5000)).toBe('replayed');
    expect(replayGuard(5000)('a', 5000, 5000)).toBe('fresh');
  });
});

describe('bytes', () => {
  it('go to hex and text and back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: 'grapheme' }), (bytes, text) => {
        expect([...(bytesOfHex(hexOf(bytes)) ?? [])]).toEqual([...bytes]);
        expect(textOf(utf8(text))).toBe(text);
      }),
    );
    for (const wrong of ['0', 'AB', 'zz', '0x', ' 00']) expect(bytesOfHex(wrong)).toBeNull();
  });

  it('of a statement are the same for the same values alone', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(hexOf(statement('x', ...one)) === hexOf(statement('x', ...other))).toBe(same);
      }),
    );
    expect(hexOf(statement('x', 'a', 'b'))).not.toBe(hexOf(statement('x', 'a","b')));
  });
});

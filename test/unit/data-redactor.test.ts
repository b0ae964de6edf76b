import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, redactText } from '../../proxy/data/redactor.ts';

const SECRET = `user:${'0123456789abcdef'.repeat(4).slice(0, 56)}`;
const HIDDEN = SECRET.slice('user:'.length);

/** All that comes out for chunks that go in. */
function redact(chunks: Buffer[], secret = SECRET): string {
  const redactor = createRedactor(secret);
  let out = '';
  const emit = (piece: Buffer) => {
    out += piece.toString('latin1');
  };
  for (const chunk of chunks) redactor.push(Buffer.from(chunk), emit);
  redactor.end(emit);
  return out;
}

function cut(text: string, points: number[]): Buffer[] {
  const sorted = [
    ...new Set([0, ...points.map((point) => point % (text.length + 1)), text.length]),
  ];
  sorted.sort((left, right) => left - right);
  return sorted.slice(1).map((end, at) => Buffer.from(text.slice(sorted[at], end), 'latin1'));
}

describe('the redactor', () => {
  it('masks a secret wherever two chunks split it', () => {
    const text = `{"a":"${SECRET}","b":"${SECRET}"}`;
    for (let at = 0; at <= text.length; at += 1) {
      const out = redact(cut(text, [at]));
      expect(out).not.toContain(HIDDEN);
      expect(out).toHaveLength(text.length);
      expect(out.replaceAll('*'.repeat(56), HIDDEN)).toBe(text);
    }
  });

  it('masks a secret that comes byte by byte', () => {
    const text = `x${SECRET}${SECRET}y`;
    const bytes = [...Buffer.from(text, 'latin1')].map((byte) => Buffer.from([byte]));
    expect(redact(bytes)).toBe(text.replaceAll(HIDDEN, '*'.repeat(56)));
  });

  it('does to any stream what a search in the whole text does', () => {
    // A secret of two letters' make, so that beginnings of it are everywhere.
    const secrets = fc.constantFrom('aabaaabaab', 'abababab', 'aaaaaaaaa', 'abcabcabd');
    const parts = fc.array(fc.constantFrom('a', 'b', 'aab', 'abab', 'abc', 'aaaa', 'SECRET', 'x'), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        secrets,
        parts,
        fc.array(fc.nat(200), { maxLength: 12 }),
        (secret, make, points) => {
          const text = make.map((part) => (part === 'SECRET' ? secret : part)).join('');
          const out = redact(cut(text, points), secret);
          expect(out).toBe(text.replaceAll(secret, '*'.repeat(secret.length)));
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('masks the token where its colon was encoded', () => {
    expect(redact([Buffer.from(`?t=user%3A${HIDDEN}&x`)])).toBe(`?t=user%3A${'*'.repeat(56)}&x`);
    expect(redactText(`/x?t=user%3A${HIDDEN}`, SECRET)).toBe(`/x?t=user%3A${'*'.repeat(56)}`);
  });

  it('lets everything else through at once, but for what may be the beginning of the secret', () => {
    const redactor = createRedactor(SECRET);
    const out: string[] = [];
    const emit = (piece: Buffer) => out.push(piece.toString());
    redactor.push(Buffer.from('data: one\n\n'), emit);
    expect(out).toEqual(['data: one\n\n']);
    redactor.push(Buffer.from(`two ${HIDDEN.slice(0, 20)}`), emit);
    expect(out).toEqual(['data: one\n\n', 'two ']);
    redactor.push(Buffer.from('!'), emit);
    expect(out.join('')).toBe(`data: one\n\ntwo ${HIDDEN.slice(0, 20)}!`);
  });
});

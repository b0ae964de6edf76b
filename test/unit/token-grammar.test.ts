import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTokens, maskToken, PHANTOM_PREFIX, parseToken } from '../../shared/token/grammar.ts';

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const base64url = (length: number) =>
  fc.string({
    unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'),
    minLength: length,
    maxLength: length,
  });
const name = fc.string({
  unit: fc.constantFrom(...'abcXYZ019._~-'),
  minLength: 1,
  maxLength: 100,
});
const secret = fc.oneof(
  hex(56),
  fc
    .tuple(base64url(22), base64url(43))
    .map(([selector, verifier]) => `v2_${selector}_${verifier}`),
);
const personal = secret.map((one) => `user:${one}`);
const api = fc
  .tuple(fc.oneof(name, fc.constantFrom('*', '[]')), name, secret)
  .map(([scope, environment, one]) => `${scope}:${environment}.${one}`);
const admin = secret.map((one) => `*:*.${one}`);
const anyToken = fc.oneof(personal, api, admin, hex(64));

describe('parseToken', () => {
  it('knows a personal token in both forms', () => {
    fc.assert(fc.property(personal, (text) => parseToken(text)?.kind === 'personal'));
  });

  it('knows an API token, its scope and its environment, whatever dots the environment has', () => {
    fc.assert(
      fc.property(name, name, secret, (project, environment, one) => {
        expect(parseToken(`${project}:${environment}.${one}`)).toEqual({
          kind: 'api',
          scope: { of: 'project', project },
          environment,
          storage: one.startsWith('v2_') ? 'secure' : 'plain',
        });
      }),
    );
    const one = 'a'.repeat(56);
    expect(parseToken(`*:production.${one}`)).toMatchObject({ scope: { of: 'all' } });
    expect(parseToken(`[]:production.${one}`)).toMatchObject({ scope: { of: 'several' } });
  });

  it('knows an admin token, a legacy token and a phantom token', () => {
    expect(parseToken(`*:*.${'0'.repeat(56)}`)).toEqual({ kind: 'admin', storage: 'plain' });
    expect(parseToken('0'.repeat(64))).toEqual({ kind: 'legacy' });
    expect(parseToken(`${PHANTOM_PREFIX}${'A'.repeat(43)}`)).toEqual({ kind: 'phantom' });
  });

  it('takes nothing less and nothing more than a whole token', () => {
    fc.assert(
      fc.property(anyToken, fc.constantFrom('x', ' ', '\n', '0', ':', '.'), (text, extra) => {
        expect(parseToken(text.slice(0, -1))).toBeNull();
        expect(parseToken(text + extra)).toBeNull();
        expect(parseToken(` ${text}`)).toBeNull();
      }),
    );
  });

  it('refuses what is written in the wrong case, an empty name, and an admin scope of one project', () => {
    const one = 'a'.repeat(56);
    for (const text of [
      `USER:${one}`,
      `user:${one.toUpperCase()}`,
      `:development.${one}`,
      `default:.${one}`,
      `default:*.${one}`,
      '',
      ':',
      '.',
    ]) {
      expect(parseToken(text), text.slice(0, 20)).toBeNull();
    }
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (text) => void parseToken(text)),
    );
  });
});

describe('findTokens', () => {
  const between = fc.constantFrom(
    ' ',
    '\n',
    '"',
    "'",
    '<',
    ', ',
    '\t',
    '(',
    '\u00a0',
    '🙂',
    '=',
    '/',
    '&',
  );

  it('finds every token in a text, whole and in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(between, anyToken), { maxLength: 6 }),
        between,
        (parts, end) => {
          const text = parts.map(([gap, token]) => gap + token).join('') + end;
          const found = findTokens(text);
          expect(found.map((one) => one.text)).toEqual(parts.map(([, token]) => token));
          for (const one of found) expect(text.slice(one.start, one.end)).toBe(one.text);
        },
      ),
    );
  });

  it('finds a token at the end of a sentence and behind a header name', () => {
    const token = `user:${'b'.repeat(56)}`;
    expect(findTokens(`It is ${token}.`).map((one) => one.text)).toEqual([token]);
    expect(findTokens(`Authorization:${token}`).map((one) => one.text)).toEqual([token]);
  });

  it('never reports a part of a longer word', () => {
    fc.assert(
      fc.property(anyToken, hex(1), (token, extra) => {
        const found = findTokens(`x ${token}${extra} y`);
        for (const one of found) expect(one.text).toBe(`${token}${extra}`);
      }),
    );
  });

  it('looks at each character a bounded number of times on hostile text', () => {
    // Work is counted, not timed: a text that notes each character read.
    for (const unit of ['a', ':', '.', 'user:', '*:*.', 'a:b.', 'v2_', '[]:', 'user:v2_a_']) {
      const plain = unit.repeat(Math.ceil(40_000 / unit.length));
      let reads = 0;
      const counted = Object.assign(Object.create(null), {
        length: plain.length,
        charCodeAt: (index: number) => {
          reads += 1;
          return plain.charCodeAt(index);
        },
        slice: (from: number, to: number) => {
          reads += to - from;
          return plain.slice(from, to);
        },
      }) as string;
      expect(findTokens(counted)).toEqual([]);
      expect(reads, unit).toBeLessThan(plain.length * 4);
    }
  });
});

describe('maskToken', () => {
  it('shows whose a token is and none of its secret', () => {
    fc.assert(
      fc.property(fc.oneof(personal, api, admin), (text) => {
        const masked = maskToken(text);
        const head =
          text.startsWith('user:') && !text.includes('.')
            ? 'user:'
            : text.slice(0, text.lastIndexOf('.') + 1);
        expect(masked.startsWith(head)).toBe(true);
        expect(masked.slice(head.length)).toMatch(/^•+$/);
      }),
    );
  });

  it('has the same length for secrets of different lengths', () => {
    expect(maskToken(`user:${'a'.repeat(56)}`)).toBe(
      maskToken(`user:v2_${'a'.repeat(22)}_${'b'.repeat(43)}`),
    );
  });

  it('masks the whole of what it does not know', () => {
    for (const text of ['', 'hunter2', '0'.repeat(64), `user:${'A'.repeat(10)}`])
      expect(maskToken(text)).toMatch(/^•+$/);
  });
});

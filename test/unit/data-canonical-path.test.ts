import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalPath } from '../../proxy/data/canonical-path.ts';

/** What a server, a proxy before it or a framework may make of a path: decoded once, and once more. */
function decodedTwice(path: string): string[] {
  const once = decodeURIComponent(path);
  try {
    return [path, once, decodeURIComponent(once)];
  } catch {
    return [path, once];
  }
}

/** Pieces that path tricks are made of, beside letters. */
const piece = fc.constantFrom(
  ...['/', '//', '.', '..', '%2e', '%2E%2e', '%2f', '%5c', '\\', ';', '#', '%', '%00', '%zz'],
  ...['%25', '%252e', '%61', 'a', 'api', 'ADMIN', 'http:', 'https:/', ':', '*', '[]', '%c0%af'],
  ...['%C3%A4', '%20', '~', '%7e', '{', '"', '%3b', '%0d%0a', '%25%32%65'],
);
const trickPath = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);
const anyPath = fc.oneof(
  trickPath,
  fc.string().map((text) => `/${text}`),
);

describe('the canonical path', () => {
  it('is canonical: applied to its own result it changes nothing', () => {
    fc.assert(
      fc.property(anyPath, (raw) => {
        const path = canonicalPath(raw);
        if (path !== null) expect(canonicalPath(path)).toBe(path);
      }),
      { numRuns: 5_000 },
    );
  });

  it('has no dot segment, backslash, control character or hidden slash, however often it is decoded', () => {
    fc.assert(
      fc.property(anyPath, (raw) => {
        const path = canonicalPath(raw);
        if (path === null) return;
        const slashes = path.split('/').length;
        for (const reading of decodedTwice(path)) {
          expect(reading.split('/').length).toBe(slashes);
          expect(reading).not.toMatch(/[\\\p{Cc}]/u);
          expect(reading.split('/')).not.toContain('.');
          expect(reading.split('/')).not.toContain('..');
        }
        expect(path).toMatch(/^[\x21-\x7e]+$/);
        expect(path).not.toMatch(/[;#]|\/\/|https?:\//);
      }),
      { numRuns: 5_000 },
    );
  });

  it('means what the raw path means, slashes and encoding of plain letters aside', () => {
    fc.assert(
      fc.property(anyPath, (raw) => {
        const path = canonicalPath(raw);
        if (path === null) return;
        expect(decodeURIComponent(path)).toBe(decodeURIComponent(raw.replace(/\/{2,}/g, '/')));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['/api//admin///x', '/api/admin/x'],
    ['/API/ADMIN/Projects/', '/API/ADMIN/Projects/'],
    ['/api/%61dmin/x', '/api/admin/x'],
    ['/api/admin/a%2b%c3%a4', '/api/admin/a%2B%C3%A4'],
    ['/api/admin/api-tokens/[]:dev.x', '/api/admin/api-tokens/%5B%5D:dev.x'],
    ['/r/http:/a', '/r/http%3A/a'],
    ['/strategies/50%25', '/strategies/50%25'],
    ['/a/...', '/a/...'],
  ])('of %s is %s', (raw, canonical) => {
    expect(canonicalPath(raw)).toBe(canonical);
  });

  it.each([
    ...['/api/client/../admin', '/a/.', '/a/%2e%2e/b', '/a/.%2E/b', '/a%2fb', '/a%5Cb', '/a\\b'],
    ...[
      '/a%00',
      '/a%zz',
      '/a%',
      '/a;x=1',
      '/a#b',
      '/a%252e%252e/b',
      '/a%c0%afb',
      '/ä',
      '/a b',
      'a',
      '',
    ],
    ...['/a%0d%0ab', '/a%7f', '/%25%32%65'],
  ])('does not exist for %j', (raw) => {
    expect(canonicalPath(raw)).toBeNull();
  });
});

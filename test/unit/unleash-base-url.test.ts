import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidateBaseUrls, isLoopback } from '../../shared/unleash/base-url.ts';

function read(input: string) {
  const result = candidateBaseUrls(input);
  if (!result.ok) throw new Error(`${input}: ${result.error.code}`);
  return result.value;
}

const refused = (input: string) => {
  const result = candidateBaseUrls(input);
  return result.ok ? null : result.error;
};

describe('an address as people type it', () => {
  it.for([
    ['https://unleash.example.com', 'https://unleash.example.com'],
    ['  https://unleash.example.com/  ', 'https://unleash.example.com'],
    ['<https://unleash.example.com>', 'https://unleash.example.com'],
    ['"https://unleash.example.com/"', 'https://unleash.example.com'],
    ['HTTPS://Unleash.Example.com:443', 'https://unleash.example.com'],
    ['unleash.example.com', 'https://unleash.example.com'],
    ['//unleash.example.com', 'https://unleash.example.com'],
    ['unleash.example.com:8443/flags', 'https://unleash.example.com:8443/flags'],
    ['localhost:4242', 'http://localhost:4242'],
    ['127.0.0.1:4242/', 'http://127.0.0.1:4242'],
    ['[::1]:4242', 'http://[::1]:4242'],
    ['https://example.com/flags/', 'https://example.com/flags'],
    ['https://example.com//flags///', 'https://example.com/flags'],
    ['https://example.com/a/../flags', 'https://example.com/flags'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https:/example.com/flags', 'https://example.com/flags'],
    ['HTTP:/localhost:4242', 'http://localhost:4242'],
    ['unleash.example.com:/flags', 'https://unleash.example.com/flags'],
    ['localhost:/flags', 'http://localhost/flags'],
  ])('"%s" is tried first as %s', ([input, first]) => {
    expect(read(input ?? '').candidates[0]).toBe(first);
  });

  it('a page of the UI below a path is tried where Unleash may be, deepest first', () => {
    expect(read('https://example.com/flags/admin/api/create-token').candidates).toEqual([
      'https://example.com/flags',
      'https://example.com',
    ]);
    expect(read('https://example.com/flags/projects/default').candidates).toEqual([
      'https://example.com/flags/projects/default',
      'https://example.com/flags/projects',
      'https://example.com/flags',
      'https://example.com',
    ]);
  });

  it.for([
    ['https://example.com/flags/projects/default/features/x', 'https://example.com/flags'],
    ['https://example.com/api/admin/user', 'https://example.com'],
    ['https://example.com/Admin/API', 'https://example.com'],
    ['https://example.com/flags', 'https://example.com/flags'],
  ])('of "%s" the best guess is %s, should nothing answer', ([input, guess]) => {
    expect(read(input ?? '').guess).toBe(guess);
  });

  it('a very deep path is not tried more than nine times', () => {
    expect(read(`https://example.com/${'a/'.repeat(500)}`).candidates).toHaveLength(9);
  });

  it('plain http is marked, but for this machine', () => {
    expect(read('http://unleash.example.com').clearText).toBe(true);
    expect(read('http://192.168.1.7:4242').clearText).toBe(true);
    expect(read('http://localhost.example.com').clearText).toBe(true);
    expect(read('http://localhost:4242').clearText).toBe(false);
    expect(read('http://127.1.2.3:4242').clearText).toBe(false);
    // Written so to look like another host; the URL parser sees through it.
    expect(read('http://2130706433/').clearText).toBe(false);
    expect(read('https://unleash.example.com').clearText).toBe(false);
  });
});

describe('an address that will not do', () => {
  it.for([
    ['', 'url.empty'],
    ['   ', 'url.empty'],
    ['""', 'url.empty'],
    ['ftp://example.com', 'url.scheme'],
    ['htp://example.com', 'url.scheme'],
    ['htp:/example.com', 'url.scheme'],
    ['htps:/example.com', 'url.scheme'],
    ['file:///etc/passwd', 'url.scheme'],
    ['chrome-extension://abc/popup.html', 'url.scheme'],
    ['javascript:alert(1)', 'url.form'],
    ['data:text/html,x', 'url.form'],
    ['my unleash', 'url.form'],
    ['https://', 'url.form'],
    ['https://exa\nmple.com', 'url.form'],
    ['https://example.com\\@evil.example', 'url.form'],
    ['https://exam\u200bple.com', 'url.form'],
    ['https://example.com\u202e/moc', 'url.form'],
    ['https://example.com:99999', 'url.form'],
    ['https://[::1', 'url.form'],
    [`https://example.com/${'a'.repeat(3000)}`, 'url.form'],
    ['https://example.com/flags?tab=1', 'url.query'],
    ['https://example.com?', 'url.query'],
    ['https://example.com/?a=1#b', 'url.query'],
    ['https://example.com/flags#top', 'url.fragment'],
    ['https://example.com/#/a?b', 'url.fragment'],
    ['https://admin:hunter2@example.com/flags', 'url.password'],
    ['https://admin@example.com', 'url.password'],
    ['https://:hunter2@example.com', 'url.password'],
    ['https:/admin:hunter2@example.com', 'url.password'],
    ['https:///:hunter2@example.com', 'url.password'],
    ['https:///admin@example.com', 'url.password'],
    ['https://@example.com', 'url.password'],
    ['admin:hunter2@example.com', 'url.password'],
  ])('%j is refused as %s', ([input, code]) => {
    expect(refused(input ?? '')?.code).toBe(code);
  });

  it('is answered with what is left of it, and never with the password', () => {
    const error = refused('https://admin:hunter2@example.com/flags/admin/api?x=1#y');
    expect(error).toMatchObject({ code: 'url.password', suggestion: 'https://example.com/flags' });
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(refused('https://example.com/flags/projects?q=1')?.suggestion).toBe(
      'https://example.com/flags',
    );
  });
});

describe('whatever is typed', () => {
  it('ends in a sentence or in http(s) addresses of one origin without a tail', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.webUrl({ withQueryParameters: true })),
        (input) => {
          const result = candidateBaseUrls(input);
          if (!result.ok) {
            expect(result.error.message).toMatch(/\.$/);
            return;
          }
          const { candidates, origin, guess } = result.value;
          for (const candidate of [...candidates, guess]) {
            const url = new URL(candidate);
            expect(url.origin).toBe(origin);
            expect(url.protocol).toMatch(/^https?:$/);
            expect(url.search + url.hash + url.username + url.password).toBe('');
            expect(candidate).not.toMatch(/\/$/);
          }
        },
      ),
    );
  });

  it('is read the same when a candidate is typed again', () => {
    fc.assert(
      fc.property(fc.webUrl(), (input) => {
        const result = candidateBaseUrls(input);
        if (!result.ok) return;
        const [first] = result.value.candidates;
        expect(read(first ?? '').candidates[0]).toBe(first);
      }),
    );
  });
});

describe('this machine', () => {
  it.for([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'app.localhost',
    '127.0.0.1',
    '127.9.9.9',
    '[::1]',
  ])('is %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.for([
    'localhost.example.com',
    '127.0.0.1.example.com',
    '10.0.0.1',
    '0.0.0.0',
    '[::2]',
    '128.0.0.1',
    'xlocalhost',
  ])('is not %s', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

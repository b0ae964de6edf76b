import { describe, expect, it } from 'vitest';
import { wayTo } from '../../proxy/upstream/corporate-proxy.ts';
import { isExcepted } from '../../proxy/upstream/no-proxy.ts';

describe('NO_PROXY', () => {
  it.each<[noProxy: string, host: string, port: number, excepted: boolean]>([
    ['', 'unleash.example.com', 443, false],
    ['*', 'unleash.example.com', 443, true],
    ['example.com', 'example.com', 443, true],
    ['example.com', 'unleash.example.com', 443, true],
    ['.example.com', 'unleash.example.com', 443, true],
    ['.example.com', 'example.com', 443, true],
    ['*.example.com', 'unleash.example.com', 443, true],
    ['EXAMPLE.com', 'unleash.example.COM', 443, true],
    ['example.com.', 'unleash.example.com.', 443, true],
    ['ample.com', 'example.com', 443, false],
    ['example.com', 'example.com.evil.test', 443, false],
    ['a.test, b.test  c.test,,', 'c.test', 443, true],
    ['a.test,b.test', 'c.test', 443, false],
    ['example.com:8443', 'example.com', 8443, true],
    ['example.com:8443', 'example.com', 443, false],
    ['10.0.0.1', '10.0.0.1', 443, true],
    ['10.0.0.1', '10.0.0.10', 443, false],
    ['10.0.0.0/8', '10.200.3.4', 443, true],
    ['10.0.0.0/8', '11.0.0.1', 443, false],
    ['10.0.0.0/33', '10.0.0.1', 443, false],
    ['10.0.0.1:80', '10.0.0.1', 443, false],
    ['fd00::1', '[fd00::1]', 443, true],
    ['[fd00::1]:8443', '[fd00::1]', 8443, true],
    ['[fd00::1]:8443', '[fd00::1]', 443, false],
    ['fd00::/8', '[fd12:3456::1]', 443, true],
    ['fd00::/8', '[2001:db8::1]', 443, false],
    ['.', 'example.com', 443, false],
    [':', 'example.com', 443, false],
    ['/8', '10.0.0.1', 443, false],
  ])('%j names %s:%i: %j', (noProxy, host, port, excepted) => {
    expect(isExcepted(host, port, noProxy)).toBe(excepted);
  });
});

describe('the way to a server', () => {
  it('is by the variable of its scheme, lower case first', () => {
    const env = {
      http_proxy: 'http://lower.test:1',
      HTTP_PROXY: 'http://upper.test:2',
      HTTPS_PROXY: 'secure.test:3',
      ALL_PROXY: 'http://all.test:4',
    };
    const shown = (url: string, of: NodeJS.ProcessEnv) => {
      const way = wayTo(url, of);
      return way.by === 'proxy' ? [way.proxy.shown, way.proxy.variable] : way.by;
    };
    expect(shown('http://a.test', env)).toEqual(['http://lower.test:1', 'http_proxy']);
    expect(shown('https://a.test', env)).toEqual(['http://secure.test:3', 'HTTPS_PROXY']);
    const empty = { https_proxy: ' ', HTTPS_PROXY: '', ALL_PROXY: 'http://all.test:4' };
    expect(shown('https://a.test', empty)).toEqual(['http://all.test:4', 'ALL_PROXY']);
    expect(shown('https://a.test', {})).toBe('direct');
  });

  it.each(['http://localhost:1', 'http://127.8.9.1', 'http://[::1]:2', 'https://x.localhost'])(
    'to %s never leaves this machine',
    (url) => {
      const env = { ALL_PROXY: 'http://all.test', NO_PROXY: '' };
      expect(wayTo(url, env)).toEqual({ by: 'direct' });
    },
  );

  it('shows no password', () => {
    const way = wayTo('https://a.test', { HTTPS_PROXY: 'http://jane:secret@p.test:3128' });
    if (way.by !== 'proxy') throw new Error('it is by no proxy');
    const { authorization, ...rest } = way.proxy;
    expect(authorization).toBe(`Basic ${Buffer.from('jane:secret').toString('base64')}`);
    expect(JSON.stringify(rest)).not.toMatch(/jane|secret/);
  });
});

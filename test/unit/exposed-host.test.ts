import { expect, test } from 'vitest';
import { hostName, isExposedHost } from '../../proxy/data/exposed.ts';

const exposed = { port: 4282, names: ['leash.example.com', '*.lan', '192.0.2.7', '[2001:db8::7]'] };

test.each([
  'leash.example.com:4282',
  'LEASH.example.com:4282',
  'box.lan:4282',
  '192.0.2.7:4282',
  '[2001:db8::7]:4282',
])('%s is a name of the certificate', (host) => expect(isExposedHost(host, exposed)).toBe(true));

test.each([
  'leash.example.com',
  'leash.example.com:443',
  'leash.example.com:04282',
  'leash.example.com:4282:4282',
  'x.leash.example.com:4282',
  'a.b.lan:4282',
  '.lan:4282',
  'lan:4282',
  '*.lan.evil:4282',
  'evil.example:4282',
  '2001:db8::7:4282',
  '127.0.0.1:4282',
  '',
  ':4282',
])('%s is none', (host) => expect(isExposedHost(host, exposed)).toBe(false));

test('at the port of TLS the port may be left out', () => {
  expect(isExposedHost('box.lan', { ...exposed, port: 443 })).toBe(true);
  expect(isExposedHost('box.lan:443', { ...exposed, port: 443 })).toBe(true);
});

test('an address stands in a Host header as it does in a URL', () => {
  expect([hostName('2001:DB8::7'), hostName('192.0.2.7')]).toEqual(['[2001:db8::7]', '192.0.2.7']);
});

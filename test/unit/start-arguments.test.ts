import { describe, expect, it } from 'vitest';
import { readArguments } from '../../scripts/arguments.mjs';
import { hasDisplay } from '../../scripts/display.mjs';

describe('npm start', () => {
  it('boots a demo server of the default version when nothing is said', () => {
    expect(readArguments([])).toEqual({ help: false, once: false, url: null, version: '8.2.0' });
  });

  it('takes the version of the demo server and the address of an own one', () => {
    expect(readArguments(['--unleash', '4.19.5', '--once'])).toMatchObject({
      once: true,
      version: '4.19.5',
    });
    expect(readArguments(['--url', 'https://unleash.example.com'])).toMatchObject({
      url: 'https://unleash.example.com',
    });
  });

  it('refuses what contradicts itself, and words it does not know', () => {
    expect(() => readArguments(['--url', 'https://a.example', '--unleash', '8.2.0'])).toThrow(
      /use one of them/,
    );
    expect(() => readArguments(['--url', 'https://a.example', '--once'])).toThrow(
      /demo server only/,
    );
    expect(() => readArguments(['--onec'])).toThrow(/--onec/);
    expect(() => readArguments(['extra'])).toThrow(/extra/);
  });

  it('opens a window only where there is one to open', () => {
    expect(hasDisplay({}, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasDisplay({}, 'darwin')).toBe(true);
    expect(hasDisplay({ CI: 'true' }, 'darwin')).toBe(false);
  });
});

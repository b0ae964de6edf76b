import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePairingCode, readPairingCode } from '../../shared/link/pairing-code.ts';

const port = fc.integer({ min: 1, max: 65535 });

describe('a pairing code', () => {
  it('is six groups of four, five of them 100 random bits', () => {
    expect(makePairingCode(4281)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){5}$/);
    const digits = (byte: number) => makePairingCode(4281, (bytes) => bytes.fill(byte)).slice(5);
    const seen = new Set(Array.from({ length: 256 }, (_, byte) => digits(byte)));
    expect(seen.size).toBe(32);
    let asked = 0;
    makePairingCode(4281, (bytes) => {
      asked = bytes.length;
      return bytes;
    });
    expect(asked * 5).toBe(100);
  });

  it('is another one each time, in every place', () => {
    const codes = Array.from({ length: 400 }, () => makePairingCode(4281).replaceAll('-', ''));
    expect(new Set(codes).size).toBe(400);
    for (let place = 4; place < 24; place += 1) {
      expect(new Set(codes.map((code) => code[place])).size).toBeGreaterThan(24);
    }
  });

  it('carries the control port', () => {
    fc.assert(
      fc.property(port, (number) => {
        expect(readPairingCode(makePairingCode(number))?.port).toBe(number);
      }),
    );
  });

  it('is read the same however it is typed', () => {
    const spaces = fc.constantFrom('', ' ', '-', '–', '\u00a0', '\n', ' - ');
    fc.assert(
      fc.property(port, fc.array(spaces, { minLength: 25, maxLength: 25 }), (number, between) => {
        const code = makePairingCode(number);
        const typed = [...code.replaceAll('-', '')]
          .map((character, index) => (between[index] ?? '') + character)
          .join('');
        const sloppy = typed.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'i');
        const read = readPairingCode(code);
        expect(read?.text).toHaveLength(24);
        expect(readPairingCode(typed)).toEqual(read);
        expect(readPairingCode(sloppy)).toEqual(read);
        expect(readPairingCode(sloppy.replaceAll('i', 'L'))).toEqual(read);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['one character too few', makePairingCode(4281).slice(0, -1)],
    ['one too many', `${makePairingCode(4281)}0`],
    ['a letter that is in no code', makePairingCode(4281).replace(/.$/, 'U')],
    ['port 0', `0000${makePairingCode(4281).slice(4)}`],
    ['a port beyond 65535', `2000${makePairingCode(4281).slice(4)}`],
    ['a whole page', 'A'.repeat(1_000_000)],
  ])('is not read from %s', (_, text) => {
    expect(readPairingCode(text)).toBeNull();
  });

  it('is read from nothing else, and nothing crashes it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const read = readPairingCode(text);
        if (read !== null) expect(read.text).toMatch(/^[0-9A-Z]{24}$/);
      }),
    );
  });
});

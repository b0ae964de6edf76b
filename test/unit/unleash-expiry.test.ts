import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chosenExpiry, isNever, neverAsDate, timeLeft } from '../../shared/token/expiry.ts';

const now = new Date('2026-11-22T14:05:00.000Z');
const DAY_MS = 24 * 60 * 60 * 1000;

describe('the end that a person chose', () => {
  it.for(['7', '30', '60'] as const)('is %s days from now, to the millisecond', (days) => {
    expect(chosenExpiry(days, '', now)).toEqual({
      ok: true,
      expiresAt: new Date(now.getTime() + Number(days) * DAY_MS).toISOString(),
    });
  });

  it('is nothing for never', () => {
    expect(chosenExpiry('never', 'whatever', now)).toEqual({ ok: true, expiresAt: null });
  });

  it('is 23:59 of the chosen day where the person is', () => {
    const chosen = chosenExpiry('custom', ' 2027-03-14 ', now);
    if (!chosen.ok || chosen.expiresAt === null) throw new Error('no date');
    const end = new Date(chosen.expiresAt);
    expect([
      end.getFullYear(),
      end.getMonth() + 1,
      end.getDate(),
      end.getHours(),
      end.getMinutes(),
    ]).toEqual([2027, 3, 14, 23, 59]);
  });

  it.for([
    ['', 'no-date'],
    ['tomorrow', 'not-a-date'],
    ['2027-02-31', 'not-a-date'],
    ['2027-13-01', 'not-a-date'],
    ['0026-01-01', 'not-a-date'],
    ['+12027-01-01', 'not-a-date'],
    ['2026-11-21', 'past'],
    ['1999-12-31', 'past'],
  ] as const)('%j will not do: %s', ([date, problem]) => {
    expect(chosenExpiry('custom', date, now)).toEqual({ ok: false, problem });
  });

  it('is always one that Unleash can read, or none', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date(2000, 0, 1), max: new Date(9999, 11, 31) }),
        (date) => {
          const chosen = chosenExpiry('custom', date.toISOString().slice(0, 10), now);
          if (!chosen.ok || chosen.expiresAt === null) return;
          expect(chosen.expiresAt).toMatch(/^\d{4}-/);
          expect(Date.parse(chosen.expiresAt)).toBeGreaterThan(now.getTime());
        },
      ),
    );
  });
});

describe('never', () => {
  it('is a thousand years ahead for a PAT, and read as never again', () => {
    expect(neverAsDate(now)).toBe('3026-11-22T14:05:00.000Z');
    expect(isNever(neverAsDate(now), now)).toBe(true);
    expect(neverAsDate(new Date('2028-02-29T00:00:00.000Z'))).toMatch(/^3028-0[23]-/);
  });

  it('is not a far end that somebody chose', () => {
    expect(isNever('2126-11-22T00:00:00.000Z', now)).toBe(false);
    expect(isNever('2127-01-01T00:00:00.000Z', now)).toBe(true);
    expect(isNever(null, now)).toBe(true);
    expect(isNever('not a date', now)).toBe(false);
  });
});

describe('what is left', () => {
  it('is below zero after the end and without end for never', () => {
    expect(timeLeft('2026-11-22T14:05:01.000Z', now)).toBe(1000);
    expect(timeLeft('2026-11-22T14:04:59.000Z', now)).toBe(-1000);
    expect(timeLeft(null, now)).toBe(Number.POSITIVE_INFINITY);
  });
});

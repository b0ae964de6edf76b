// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import type { TokenList, TokenRow } from '../../extension/platform/messages.ts';
import { wholeTime } from '../../extension/popup/expiry.ts';
import { EVERYTHING, linesOf } from '../../extension/popup/tokens/rows.ts';
import { WindowedList } from '../../extension/ui/windowed-list.tsx';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const COUNT = 1000;
const MAY = { copy: true, extend: true, revoke: true, create: true };

const tokens = Array.from(
  { length: COUNT },
  (_, number): TokenRow => ({
    id: `id-${number}`,
    kind: 'backend',
    name: `service-${(number * 7) % COUNT}`,
    projects: ['*'],
    environment: 'development',
    createdAt: '2026-11-01T12:00:00Z',
    expiresAt: null,
    seenAt: null,
    endsAt: null,
    may: MAY,
  }),
);
const list = { tokens, api: 'all', personal: null } as unknown as TokenList;

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

test('a list is sorted once, and a search picks from it in its order', () => {
  const all = linesOf(list, EVERYTHING, NOW).map(({ key }) => key);
  const sort = vi.spyOn(Array.prototype, 'sort');
  const found = linesOf(list, { ...EVERYTHING, search: 'service-99' }, NOW).map(({ key }) => key);
  // "Expiring soon" is put in an order of its own; there is none.
  expect(sort.mock.contexts.filter((rows) => (rows as unknown[]).length > 1)).toEqual([]);
  expect(found).toHaveLength(12);
  expect(all.filter((key) => found.includes(key))).toEqual(found);
  expect(linesOf(list, { ...EVERYTHING, sort: 'newest' }, NOW)).toHaveLength(COUNT + 1);
});

test('times are said by formats that are made once', () => {
  wholeTime(NOW, 'en-GB');
  const made = vi.spyOn(Intl, 'DateTimeFormat');
  for (let hour = 0; hour < 50; hour += 1) wholeTime(NOW + hour * 3_600_000, 'en-GB');
  expect(made).not.toHaveBeenCalled();
  expect(wholeTime(NOW, 'en-GB')).toMatch(/^Tue 24 Nov 2026, \d\d:00$/);
});

test('a scroll draws the rows that are new, and one of a few pixels none', async () => {
  const scroller = document.createElement('div');
  document.body.append(scroller);
  const names = Array.from({ length: COUNT }, (_, number) => `row ${number}`);
  const draw = vi.fn((name: string) => <span>{name}</span>);
  const keyOf = (name: string) => name;
  const heightOf = () => 2.75;
  await act(() =>
    render(
      <WindowedList
        items={names}
        keyOf={keyOf}
        heightOf={heightOf}
        render={draw}
        keep={0}
        scroller={{ current: scroller }}
      />,
      scroller,
    ),
  );
  const shown = () => [...scroller.querySelectorAll('span')].map(({ textContent }) => textContent);
  const scrollTo = (top: number) =>
    act(() => {
      scroller.scrollTop = top;
      scroller.dispatchEvent(new Event('scroll'));
    });
  expect(shown()).toContain('row 13');
  draw.mockClear();
  await scrollTo(60);
  expect(draw).not.toHaveBeenCalled();
  await scrollTo(260);
  const drawn = draw.mock.calls.map(([name]) => name);
  expect(drawn.length).toBeGreaterThan(0);
  expect(drawn.length).toBeLessThan(8);
  expect(shown()).toContain(drawn.at(-1));
  await scrollTo(20_000);
  expect(shown()).toContain('row 455');
  // The one that has the focus stays in the page.
  expect(shown()[0]).toBe('row 0');
  expect(new Set(shown()).size).toBe(shown().length);
  await scrollTo(0);
  expect(shown().slice(0, 3)).toEqual(['row 0', 'row 1', 'row 2']);
});

// @vitest-environment happy-dom
import { type ComponentChildren, render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import type { TokenList, TokenRow } from '../../extension/platform/messages.ts';
import { wholeTime } from '../../extension/popup/expiry.ts';
import { EVERYTHING, linesOf } from '../../extension/popup/tokens/rows.ts';
import { longestRising } from '../../extension/ui/reading-order.ts';
import { placesFor, WindowedList } from '../../extension/ui/windowed-list.tsx';

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

const names = Array.from({ length: COUNT }, (_, number) => `row ${number}`);
const keyOf = (name: string) => name;
const heightOf = () => 2.75;
const shapeOf = () => 'row';

/** A list of rows with a button each, and what can be done with it. */
async function showList(draw: (name: string) => ComponentChildren) {
  const scroller = document.createElement('div');
  document.body.append(scroller);
  const show = (items: readonly string[], keep = 0) =>
    act(() =>
      render(
        <WindowedList
          items={items}
          keyOf={keyOf}
          heightOf={heightOf}
          shapeOf={shapeOf}
          render={draw}
          keep={keep}
          scroller={{ current: scroller }}
        />,
        scroller,
      ),
    );
  await show(names);
  return {
    show,
    elements: () => [...scroller.querySelectorAll<HTMLElement>('button')],
    shown: () => [...scroller.querySelectorAll('button')].map(({ textContent }) => textContent),
    of: (name: string) =>
      [...scroller.querySelectorAll('button')].find(({ textContent }) => textContent === name),
    scrollTo: (top: number) =>
      act(() => {
        scroller.scrollTop = top;
        scroller.dispatchEvent(new Event('scroll'));
      }),
  };
}

const inOrder = (shown: (string | null)[]) =>
  [...shown].sort((a, b) => Number(a?.slice(4)) - Number(b?.slice(4)));

test('a scroll draws the rows that are new, and one of a few pixels none', async () => {
  const draw = vi.fn((name: string) => <button type="button">{name}</button>);
  const { shown, scrollTo } = await showList(draw);
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
  expect(shown()).toContain('row 0');
  expect(new Set(shown()).size).toBe(shown().length);
});

test('a scroll makes no elements: rows that come are drawn by those of rows that went', async () => {
  const { elements, of, shown, scrollTo } = await showList((name) => (
    <button type="button">{name}</button>
  ));
  for (const top of [20_000, 20_400, 20_800, 20_000]) await scrollTo(top);
  const before = new Set(elements());
  await scrollTo(20_400);
  expect(shown()).toContain('row 465');
  expect(elements().filter((element) => !before.has(element))).toEqual([]);
  const stays = of('row 460');
  await scrollTo(20_000);
  expect(of('row 460')).toBe(stays);
});

test('once the list rests, rows are in the page in their order, and the focused one was not moved', async () => {
  const { of, shown, scrollTo } = await showList((name) => <button type="button">{name}</button>);
  const focused = of('row 0');
  focused?.focus();
  await scrollTo(400);
  await scrollTo(800);
  expect(shown()).not.toEqual(inOrder(shown()));
  const blurred = vi.fn();
  focused?.addEventListener('blur', blurred);
  await vi.waitFor(() => expect(shown()).toEqual(inOrder(shown())));
  await scrollTo(0);
  await vi.waitFor(() => expect(shown().slice(0, 3)).toEqual(['row 0', 'row 1', 'row 2']));
  expect(document.activeElement).toBe(focused);
  expect(blurred).not.toHaveBeenCalled();
});

test('elements that may have the focus pass to no other row when theirs has gone', async () => {
  const { of, elements, show } = await showList((name) => <button type="button">{name}</button>);
  const focused = of('row 0') as HTMLElement;
  focused.focus();
  await show(names.slice(1));
  expect(elements()).not.toContain(focused);
  expect(document.activeElement).toBe(document.body);
});

test('places are given to rows of the same shape, and what is left over is taken out', () => {
  const before = [
    { id: 0, shape: 'head', key: 'h' },
    { id: 1, shape: 'row', key: 'a' },
    { id: 2, shape: 'row', key: 'b' },
    { id: 4, shape: 'row', key: 'c' },
  ];
  const row = (key: string) => ({ shape: 'row', key });
  expect(placesFor(before, [row('b'), row('c'), row('d'), row('e')], null, 0)).toEqual([
    { id: 1, ...row('d') },
    { id: 2, ...row('b') },
    { id: 4, ...row('c') },
    { id: 5, ...row('e') },
  ]);
  expect(placesFor(before, [row('d')], 'a', 0)).toEqual([{ id: 2, ...row('d') }]);
  expect(placesFor(before, [row('d')], 'a', 2).map(({ key }) => key)).toEqual(['h', 'd', 'c']);
  expect(placesFor(before, [{ shape: 'row', key: 'h' }], 'a', 0)).toEqual([{ id: 2, ...row('h') }]);
});

test('a place goes to a row that is much like the one that went, before elements are made', () => {
  const before = [
    { id: 0, shape: 'row frontend', key: 'a' },
    { id: 1, shape: 'row backend', key: 'b' },
    { id: 2, shape: 'head', key: 'h' },
  ];
  const wanted = ['c', 'd', 'e'].map((key) => ({ shape: 'row backend', key }));
  expect(placesFor(before, wanted, null, 0)).toEqual([
    { id: 0, shape: 'row backend', key: 'd' },
    { id: 1, shape: 'row backend', key: 'c' },
    { id: 3, shape: 'row backend', key: 'e' },
  ]);
});

test('of places out of order as few are moved as can be, and never the one that must stay', () => {
  expect(longestRising([5, 6, 7, 1, 2], -1)).toEqual([0, 1, 2]);
  expect(longestRising([5, 6, 7, 1, 2], 3)).toEqual([3, 4]);
  expect(longestRising([1, 9, 2, 8, 3], 1)).toEqual([0, 1]);
  expect(longestRising([], -1)).toEqual([]);
});

import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { putInOrder } from './reading-order.ts';

type WindowedListProps<T> = {
  items: readonly T[];
  keyOf: (item: T) => string;
  /** Height of an item in rem, so that a larger text setting makes larger lines. */
  heightOf: (item: T) => number;
  /**
   * Items of one shape are drawn by the same elements, and those of shapes that begin with the same word by much the same:
   * one that comes takes over those of one that went.
   */
  shapeOf: (item: T) => string;
  render: (item: T, index: number) => ComponentChildren;
  /** An item that stays in the page wherever the list is scrolled to: the one that has the focus. */
  keep: number;
  /** The element that scrolls. */
  scroller: RefObject<HTMLElement | null>;
};

/** Items above and below the visible ones, so that a quick scroll shows no gap. */
const BEYOND = 8;

/** As many rows more may stay in the page: how many are in view changes by one or two, and the next are drawn by them. */
const SPARE = 4;

/** A scroll of less than this much changes nothing in the page, in px. */
const STEP = 128;

/** Taken until the height of the scroller is known, in px. */
const FIRST_HEIGHT = 600;

/** After so long without a change the elements are put in the order in which they are read, in ms. */
const REST_MS = 150;

type View = { top: number; height: number };

/** Elements of the page, and the item that they show. */
export type Place = { id: number; shape: string; key: string };

type Drawn<T> = {
  items: readonly T[];
  render: unknown;
  places: readonly Place[];
  indexes: Map<string, number>;
  elements: Map<string, ComponentChildren>;
  /** The item that was kept. */
  kept: string | null;
};

/** What can be seen, to the step. */
const stepOf = (scrollTop: number): number => Math.floor(scrollTop / STEP) * STEP;

/**
 * A long list of which only what can be seen is in the page. At a scroll nothing is made: items that come into view are
 * drawn by the elements of those that went out of it, which stay where they are in the document until the list rests.
 */
export function WindowedList<T>({
  items,
  keyOf,
  heightOf,
  shapeOf,
  render,
  keep,
  scroller,
}: WindowedListProps<T>) {
  const [view, setView] = useState<View>({ top: 0, height: FIRST_HEIGHT });
  const tops = useMemo(() => topsOf(items, heightOf), [items, heightOf]);
  /** What was drawn last, and by what; an element that is given to Preact once more is not looked at again. */
  const drawn = useRef<Drawn<T> | null>(null);
  const holder = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const see = (next: View) =>
      setView((before) =>
        before.top === next.top && before.height === next.height ? before : next,
      );
    const look = () => {
      const height = (element.clientHeight || FIRST_HEIGHT) + STEP;
      see({ top: stepOf(element.scrollTop), height });
    };
    look();
    // The height is not asked for at each scroll.
    const onScroll = () =>
      setView((before) => {
        const top = stepOf(element.scrollTop);
        return before.top === top ? before : { ...before, top };
      });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroller]);

  // A list that has become shorter may leave the scroller beyond its end; the browser moves it without a word.
  useEffect(() => {
    const top = scroller.current && stepOf(scroller.current.scrollTop);
    if (top !== null) setView((before) => (before.top === top ? before : { ...before, top }));
  }, [items, scroller]);

  const before = drawn.current;
  const indexes = new Map<string, number>();
  for (const index of indexesIn(tops, view, keep, items.length))
    indexes.set(keyOf(items[index] as T), index);
  const places = placesFor(
    before?.places ?? [],
    [...indexes].map(([key, index]) => ({ key, shape: shapeOf(items[index] as T) })),
    before?.kept ?? null,
    before?.items === items ? SPARE : 0,
  );
  const known = before?.items === items && before.render === render ? before.elements : null;
  const elements = new Map<string, ComponentChildren>();
  for (const { id, key } of places) {
    const index = indexes.get(key) ?? (before?.indexes.get(key) as number);
    indexes.set(key, index);
    const top = tops[index] ?? 0;
    const element = known?.get(key) ?? (
      <div
        key={id}
        class="windowed-item"
        style={{ top: `${top}px`, height: `${(tops[index + 1] ?? top) - top}px` }}
      >
        {render(items[index] as T, index)}
      </div>
    );
    elements.set(key, element);
  }
  const kept = keep >= 0 && keep < items.length ? keyOf(items[keep] as T) : null;
  drawn.current = { items, render, places, indexes, elements, kept };

  useLayoutEffect(() => {
    const timer = setTimeout(() => {
      if (holder.current) putInOrder(holder.current);
    }, REST_MS);
    return () => clearTimeout(timer);
  });

  return (
    <div class="windowed" ref={holder} style={{ height: `${tops.at(-1) ?? 0}px` }}>
      {[...elements.values()]}
    </div>
  );
}

/** Size of 1 rem in px. */
function rootPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

/** Where each item begins, in px, and where the last one ends. */
function topsOf<T>(items: readonly T[], heightOf: (item: T) => number): number[] {
  const px = rootPx();
  const tops = [0];
  let top = 0;
  for (const item of items) {
    top += heightOf(item) * px;
    tops.push(top);
  }
  return tops;
}

/**
 * Where the wanted items are drawn: one that is there stays in its place, one that comes takes the place of one of its
 * shape, or else of one like it, that is wanted no more. That of `kept` is given to nobody: it may have the focus, which
 * must not pass to another item unseen. Of the other places `spare` stay as they are. Places keep their order, and what
 * is in none of them is out of the page.
 */
export function placesFor(
  before: readonly Place[],
  wanted: readonly Omit<Place, 'id'>[],
  kept: string | null,
  spare: number,
): Place[] {
  const missing = new Map(wanted.map((item) => [item.key, item]));
  const free: Place[] = [];
  const places: Place[] = [];
  for (const place of before) {
    if (missing.get(place.key)?.shape === place.shape) {
      missing.delete(place.key);
      places.push(place);
    } else if (place.key !== kept) free.push(place);
  }
  const giveTo = (fits: (from: string, to: string) => boolean) => {
    for (const { key, shape } of missing.values()) {
      const at = free.findIndex((place) => fits(place.shape, shape));
      const [taken] = at < 0 ? [] : free.splice(at, 1);
      if (!taken) continue;
      missing.delete(key);
      places.push({ id: taken.id, shape, key });
    }
  };
  giveTo((from, to) => from === to);
  giveTo((from, to) => from.split(' ', 1)[0] === to.split(' ', 1)[0]);
  let id = (before.at(-1)?.id ?? -1) + 1;
  for (const { key, shape } of missing.values()) {
    places.push({ id, shape, key });
    id += 1;
  }
  return [...places, ...free.slice(0, spare)].sort((a, b) => a.id - b.id);
}

/** The items to have in the page, in their order. */
export function indexesIn(
  tops: readonly number[],
  view: { top: number; height: number },
  keep: number,
  count: number,
): number[] {
  const first = Math.max(0, firstBelow(tops, view.top) - 1 - BEYOND);
  const last = Math.min(count - 1, firstBelow(tops, view.top + view.height) + BEYOND);
  const shown: number[] = [];
  if (keep >= 0 && keep < first) shown.push(keep);
  for (let index = first; index <= last; index += 1) shown.push(index);
  if (keep > last && keep < count) shown.push(keep);
  return shown;
}

/** Index of the first item that begins below `y`. */
function firstBelow(tops: readonly number[], y: number): number {
  let [low, high] = [0, tops.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tops[middle] ?? 0) <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}

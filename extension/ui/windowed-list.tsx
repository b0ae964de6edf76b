import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

type WindowedListProps<T> = {
  items: readonly T[];
  keyOf: (item: T) => string;
  /** Height of an item in rem, so that a larger text setting makes larger lines. */
  heightOf: (item: T) => number;
  render: (item: T, index: number) => ComponentChildren;
  /** An item that stays in the page wherever the list is scrolled to: the one that has the focus. */
  keep: number;
  /** The element that scrolls. */
  scroller: RefObject<HTMLElement | null>;
};

/** Items above and below the visible ones, so that a quick scroll shows no gap. */
const BEYOND = 8;

/** A scroll of less than this much changes nothing in the page, in px. */
const STEP = 128;

/** Taken until the height of the scroller is known, in px. */
const FIRST_HEIGHT = 600;

type View = { top: number; height: number };

type Drawn<T> = {
  items: readonly T[];
  render: unknown;
  elements: Map<string, ComponentChildren>;
};

/** What can be seen, to the step. */
function viewOf(element: HTMLElement): View {
  const top = Math.floor(element.scrollTop / STEP) * STEP;
  return { top, height: (element.clientHeight || FIRST_HEIGHT) + STEP };
}

/** A long list of which only what can be seen is in the page, and of that only what is new is drawn at a scroll. */
export function WindowedList<T>({
  items,
  keyOf,
  heightOf,
  render,
  keep,
  scroller,
}: WindowedListProps<T>) {
  const [view, setView] = useState<View>({ top: 0, height: FIRST_HEIGHT });
  const tops = useMemo(() => topsOf(items, heightOf), [items, heightOf]);
  /** What was drawn last, and by what; an element that is given to Preact once more is not looked at again. */
  const drawn = useRef<Drawn<T> | null>(null);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () =>
      setView((before) => {
        const next = viewOf(element);
        return before.top === next.top && before.height === next.height ? before : next;
      });
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller]);

  // A list that has become shorter may leave the scroller beyond its end; the browser moves it without a word.
  useEffect(() => {
    const next = scroller.current && viewOf(scroller.current);
    if (next && next.top !== view.top) setView(next);
  }, [items, scroller, view.top]);

  const shown = indexesIn(tops, view, keep, items.length);
  const before = drawn.current;
  const known = before?.items === items && before.render === render ? before.elements : null;
  const elements = new Map<string, ComponentChildren>();
  for (const index of shown) {
    const item = items[index] as T;
    const key = keyOf(item);
    const top = tops[index] ?? 0;
    const element = known?.get(key) ?? (
      <div
        key={key}
        class="windowed-item"
        style={{ top: `${top}px`, height: `${(tops[index + 1] ?? top) - top}px` }}
      >
        {render(item, index)}
      </div>
    );
    elements.set(key, element);
  }
  drawn.current = { items, render, elements };
  return (
    <div class="windowed" style={{ height: `${tops.at(-1) ?? 0}px` }}>
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
  for (const item of items) tops.push((tops.at(-1) ?? 0) + heightOf(item) * px);
  return tops;
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

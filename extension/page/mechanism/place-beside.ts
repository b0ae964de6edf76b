import { ISLAND } from './island-name.ts';

/** Between our button and Unleash's, whose own margin is part of it. */
const GAP_PX = 12;

/** How many wrappers Unleash puts around a button at most: a tooltip, "Access denied". */
const WRAPPERS = 3;

/** Puts an island before a button of Unleash's, in line with it. Call again whenever the page changed. */
export type PlaceBeside = {
  at(own: HTMLElement): void;
  leave(): void;
};

export function placeBeside(host: HTMLElement): PlaceBeside {
  /** Ends what we did to the place that we stand in. */
  let ends: AbortController | null = null;
  let beside: HTMLElement | null = null;
  return {
    at(own) {
      const isThere = host.nextElementSibling?.contains(own) && host.isConnected;
      if (own === beside && isThere) return;
      const place = outermost(own);
      ends?.abort();
      ends = new AbortController();
      beside = own;
      standInLine(host, place, own, ends.signal);
      place.before(host);
    },
    leave() {
      ends?.abort();
      host.remove();
    },
  };
}

/** The button, or the outermost thing that is wrapped around it alone, so that ours comes beside it and not inside. */
function outermost(button: HTMLElement): HTMLElement {
  let outer = button;
  for (let level = 0; level < WRAPPERS; level += 1) {
    const parent = outer.parentElement;
    if (parent === null || getComputedStyle(parent).display.includes('flex')) return outer;
    const others = [...parent.children].filter((child) => child.localName !== ISLAND);
    if (others.length > 1) break;
    outer = parent;
  }
  return button.parentElement?.localName === 'span' ? button.parentElement : button;
}

/** Takes height, radius, type and alignment from Unleash's button, so that the two stand in line. */
function standInLine(
  host: HTMLElement,
  place: HTMLElement,
  own: HTMLElement,
  signal: AbortSignal,
): void {
  const { borderRadius, fontSize, fontFamily } = getComputedStyle(own);
  const { marginLeft, alignSelf } = getComputedStyle(place);
  const row = place.parentElement && getComputedStyle(place.parentElement);
  const between = px(marginLeft) + (row?.display.includes('flex') ? px(row.columnGap) : 0);
  for (const [name, value] of [
    ['--height', `${own.offsetHeight}px`],
    ['--radius', borderRadius],
    ['--size', fontSize],
    ['--font', fontFamily],
    ['--align', alignSelf],
    ['--gap', `${Math.max(0, GAP_PX - between)}px`],
  ] as const) {
    host.style.setProperty(name, value);
  }
  // In a narrow row Unleash's button would give way to ours and break its words into two lines.
  const before = place.style.flexShrink;
  place.style.flexShrink = '0';
  signal.addEventListener('abort', () => {
    place.style.flexShrink = before;
  });
}

/** "8px" as a number; what is no length (`normal`, `auto`) is 0. */
function px(length: string): number {
  return Number.parseFloat(length) || 0;
}

/**
 * Puts the children of a list, each placed by its own `top`, in the order in which they are read. As few as can be are
 * moved, and never the one that has the focus, since an element that is moved loses it.
 */
export function putInOrder(holder: HTMLElement): void {
  const children = [...holder.children] as HTMLElement[];
  const tops = children.map((child) => Number.parseFloat(child.style.top));
  const focused = children.findIndex((child) => child.contains(document.activeElement));
  const stays = new Set(longestRising(tops, focused).map((at) => children[at]));
  const order = tops.map((_, at) => at).sort((a, b) => (tops[a] ?? 0) - (tops[b] ?? 0));
  let next: HTMLElement | null = null;
  for (const at of order.reverse()) {
    const child = children[at] as HTMLElement;
    if (!stays.has(child)) holder.insertBefore(child, next);
    next = child;
  }
}

/** Indexes of the longest run of values, gaps allowed, each larger than the one before; `must` is one of them. */
export function longestRising(values: readonly number[], must: number): number[] {
  const best: number[][] = [];
  const pivot = values[must];
  let longest: number[] = [];
  values.forEach((value, at) => {
    if (pivot !== undefined && at !== must && (at < must ? value >= pivot : value <= pivot)) return;
    let run: number[] = [];
    best.forEach((other, end) => {
      if ((values[end] ?? 0) < value && other.length > run.length) run = other;
    });
    const own = [...run, at];
    best[at] = own;
    if (own.length > longest.length) longest = own;
  });
  return longest;
}

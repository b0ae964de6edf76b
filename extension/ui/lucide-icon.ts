import { h } from 'preact';

/** An icon as lucide describes it; of its fields we need the shapes alone. */
type LucideData = { node: [tag: string, attributes: Record<string, string>][] };

type Props = { class?: string; size?: number; strokeWidth?: number };

/**
 * Stands in for lucide's own function of this name in what is built (vite.config.ts): theirs asks a context and merges
 * names and attributes on every render, for cases that `Icon` does not have, and is larger than ten icons.
 */
export default function createLucideIcon({ node }: LucideData) {
  return ({ class: className, size = 24, strokeWidth = 2 }: Props) =>
    h(
      'svg',
      {
        class: className,
        width: size,
        height: size,
        viewBox: '0 0 24 24',
        fill: 'none',
        stroke: 'currentColor',
        'stroke-width': strokeWidth,
        'stroke-linecap': 'round',
        'stroke-linejoin': 'round',
        'aria-hidden': 'true',
      },
      node.map(([tag, attributes]) => h(tag, attributes)),
    );
}

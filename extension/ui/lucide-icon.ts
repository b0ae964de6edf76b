import { h } from 'preact';

type Props = { class?: string; size?: number; strokeWidth?: number };

/**
 * Stands in for lucide's own function in what is built, where each of its icons is the data of one path (vite.config.ts):
 * theirs asks a context and merges names and attributes on every render, for cases that `Icon` does not have, and is
 * larger than ten icons.
 */
export default function createLucideIcon(path: string) {
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
      h('path', { d: path }),
    );
}

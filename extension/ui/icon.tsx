import type { LucideIcon } from 'lucide-preact';

/** A lucide icon in our two sizes; always hidden from assistive technology, the word beside it speaks. */
export function Icon({ of: Drawing, small = false }: { of: LucideIcon; small?: boolean }) {
  return (
    <Drawing
      class="icon"
      size={small ? 14 : 16}
      strokeWidth={small ? 2 : 1.75}
      aria-hidden="true"
    />
  );
}

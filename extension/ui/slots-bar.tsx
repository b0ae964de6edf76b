/** Up to so many slots stand as parts of their own; beyond, the bar is one. */
const PARTS_LIMIT = 20;

/** How many of a limited number are used: one part for each. Hidden, for the words beside it say the same. */
export function SlotsBar({ used, limit }: { used: number; limit: number }) {
  const parts = Math.min(limit, PARTS_LIMIT);
  const full = Math.min(parts, Math.ceil((used / Math.max(limit, 1)) * parts));
  return (
    <div class="slots" aria-hidden="true">
      {Array.from({ length: parts }, (_, index) => (
        <span key={index} class={index < full ? 'slot full' : 'slot'} />
      ))}
    </div>
  );
}

/** The mark: a loop with a lead in a rounded square. It signs everything that Tokenleash shows. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <rect class="mark-tile" width="20" height="20" rx="4.5" />
      <g class="mark-line" fill="none" stroke-width="2.1" stroke-linecap="round">
        <circle cx="12.6" cy="7.4" r="3.1" />
        <path d="M4.2 15c4.4.6 2.4-3.8 6.2-5.4" />
      </g>
    </svg>
  );
}

import type { ComponentChildren } from 'preact';

type RingProps = {
  /** What is left, 0 to 1. */
  share: number;
  size?: number;
  children: ComponentChildren;
};

/** A ring that empties; hidden from screen readers, who hear the status once instead. */
export function CountdownRing({ share, size = 40, children }: RingProps) {
  const radius = (size - 3) / 2;
  const around = 2 * Math.PI * radius;
  const centre = size / 2;
  return (
    <div class="ring" aria-hidden="true">
      <svg width={size} height={size} viewBox={`0 0 ${size} ${size}`} aria-hidden="true">
        <circle
          class="ring-track"
          cx={centre}
          cy={centre}
          r={radius}
          fill="none"
          stroke-width="2.5"
        />
        <circle
          class="ring-left"
          cx={centre}
          cy={centre}
          r={radius}
          fill="none"
          stroke-width="2.5"
          stroke-linecap="round"
          stroke-dasharray={around}
          stroke-dashoffset={around * (1 - Math.max(0, Math.min(1, share)))}
          transform={`rotate(-90 ${centre} ${centre})`}
        />
      </svg>
      <span>{children}</span>
    </div>
  );
}

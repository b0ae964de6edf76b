import type { LucideIcon } from 'lucide-preact';
import { useId } from 'preact/hooks';
import { Icon } from './icon.tsx';

export type Segment<Value extends string> = { value: Value; label: string; icon?: LucideIcon };

type SegmentsProps<Value extends string> = {
  label: string;
  segments: readonly Segment<Value>[];
  value: Value;
  onChange: (value: Value) => void;
  describedBy?: string;
};

/** A radio group as segments. Real radios, so that the arrow keys choose. */
export function Segments<Value extends string>({
  label,
  segments,
  value,
  onChange,
  describedBy,
}: SegmentsProps<Value>) {
  const name = useId();
  return (
    <div class="segments" role="radiogroup" aria-label={label} aria-describedby={describedBy}>
      {segments.map((segment) => (
        <label key={segment.value} class={segment.value === value ? 'segment chosen' : 'segment'}>
          <input
            type="radio"
            name={name}
            value={segment.value}
            checked={segment.value === value}
            onChange={() => onChange(segment.value)}
          />
          {segment.icon && <Icon of={segment.icon} small />}
          <span>{segment.label}</span>
        </label>
      ))}
    </div>
  );
}

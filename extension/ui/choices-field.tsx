import { X } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Combobox } from './combobox.tsx';
import { Icon } from './icon.tsx';
import { type Option, toggleChoice } from './options.ts';

/** Chips fill at most so many lines; what does not fit stands as "+3". */
const LINES_SHOWN = 2;

type ChoicesFieldProps = {
  label: string;
  options: readonly Option[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** The value that stands for all and drives the others out. */
  exclusive: string;
  limit?: number;
  placeholder: string;
  nothing: string;
  removeLabel: (name: string) => string;
  hint?: ComponentChildren;
  error?: ComponentChildren;
};

/** A combobox with several choices, each a chip inside the field; Backspace takes the last one away. */
export function ChoicesField({
  label,
  options,
  chosen,
  onChange,
  exclusive,
  limit = Number.POSITIVE_INFINITY,
  placeholder,
  nothing,
  removeLabel,
  hint,
  error,
}: ChoicesFieldProps) {
  const chips = useRef<HTMLSpanElement>(null);
  const [visible, setVisible] = useState(chosen.length);
  const labelOf = (value: string) =>
    options.find((option) => option.value === value)?.label ?? value;

  const key = chosen.join('\n');
  useLayoutEffect(() => {
    const fold = () => setVisible(fitting(chips.current) ?? chosen.length);
    fold();
    if (!chips.current || chosen.length <= LINES_SHOWN) return;
    // The popup may get another width, or only now a place on the page.
    const sizes = new ResizeObserver(fold);
    sizes.observe(chips.current);
    return () => sizes.disconnect();
  }, [key, chosen.length]);

  const hidden = chosen.length - visible;
  return (
    <Combobox
      label={label}
      options={options}
      chosen={chosen}
      multiple
      onChoose={(value) => onChange(toggleChoice(chosen, value, exclusive, limit))}
      onErase={() => onChange(chosen.slice(0, -1))}
      text=""
      placeholder={chosen.includes(exclusive) || chosen.length >= limit ? undefined : placeholder}
      nothing={nothing}
      hint={hint}
      error={error}
      spoken={chosen.map(labelOf).join(', ')}
      leading={
        <span class="chips" ref={chips}>
          {chosen.map((value, index) => (
            <span key={value} class={index < visible ? 'chip' : 'chip away'} title={labelOf(value)}>
              <span class="chip-text">{labelOf(value)}</span>
              <button
                type="button"
                tabIndex={-1}
                aria-label={removeLabel(labelOf(value))}
                onClick={(event) => {
                  event.stopPropagation();
                  onChange(chosen.filter((entry) => entry !== value));
                }}
              >
                <Icon of={X} small />
              </button>
            </span>
          ))}
          {hidden > 0 && <span class="chip more">+{hidden}</span>}
        </span>
      }
    />
  );
}

/** How many chips fit on the lines that we show, with room left for "+3"; null when all do. */
function fitting(holder: HTMLElement | null): number | null {
  const all = [...(holder?.querySelectorAll<HTMLElement>('.chip:not(.more)') ?? [])];
  // To measure would have the browser lay out the page in the midst of drawing it.
  if (all.length <= LINES_SHOWN) return null;
  const away = all.filter((chip) => chip.classList.contains('away'));
  for (const chip of away) chip.classList.remove('away');
  const places = all.map((chip) => chip.offsetTop);
  // What is drawn by now is what Preact takes to be there.
  for (const chip of away) chip.classList.add('away');
  const cut = [...new Set(places)][LINES_SHOWN];
  return cut === undefined ? null : Math.max(1, places.indexOf(cut) - 1);
}

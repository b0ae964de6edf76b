import { Check, ChevronDown } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Field } from './field.tsx';
import { Icon } from './icon.tsx';
import { highlight, matchingOptions, type Option, optionNamed } from './options.ts';

const LINE_PX = 30;
const LINES_SHOWN = 7;
const LIST_PADDING_PX = 10;
const GAP_PX = 4;

type ComboboxProps = {
  label: string;
  options: readonly Option[];
  chosen: readonly string[];
  onChoose: (value: string) => void;
  /** What stands in the field while nobody types in it. */
  text: string;
  placeholder?: string | undefined;
  nothing: string;
  leading?: ComponentChildren;
  hint?: ComponentChildren;
  error?: ComponentChildren;
  multiple?: boolean;
  /** Backspace in an empty field. */
  onErase?: () => void;
  /** Read out with the field: what is chosen already. */
  spoken?: string;
};

/**
 * A text field with a list (ARIA 1.2 combobox): click, arrows or typing open it, typing searches, Enter chooses while
 * the list is open and sends the form while it is closed, Escape closes the list alone.
 */
export function Combobox({
  label,
  options,
  chosen,
  onChoose,
  text,
  placeholder,
  nothing,
  leading,
  hint,
  error,
  multiple = false,
  onErase,
  spoken,
}: ComboboxProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const shown = matchingOptions(options, query ?? '');

  const show = () => {
    if (open) return;
    const first = shown.findIndex((option) => chosen.includes(option.value));
    setActive(Math.max(0, first));
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    setQuery(null);
  };
  const choose = (option: Option | undefined) => {
    close();
    if (option && (multiple || !chosen.includes(option.value))) onChoose(option.value);
  };

  // Typed text is ours until it is dropped; without this, a reverted field would keep what was typed.
  useLayoutEffect(() => {
    if (input.current && query === null) input.current.value = text;
  }, [query, text]);
  useLayoutEffect(() => {
    if (!open || !box.current || !list.current) return;
    const place = () => box.current && list.current && placeList(box.current, list.current);
    place();
    addEventListener('scroll', place, true);
    addEventListener('resize', place);
    return () => {
      removeEventListener('scroll', place, true);
      removeEventListener('resize', place);
    };
  }, [open, shown.length]);
  useEffect(() => {
    if (!open) return;
    list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' });
  }, [open, active]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) return show();
      if (event.key === 'ArrowUp' && event.altKey) return close();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (shown.length > 0) setActive((active + step + shown.length) % shown.length);
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      if (shown.length > 0) choose(shown[active]);
    } else if (event.key === 'Escape' && open) {
      // Else the browser would close the whole popup.
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === 'Tab' && open) {
      if (query) choose(shown[active]);
      else close();
    } else if (event.key === 'Backspace' && onErase && input.current?.value === '') {
      onErase();
    }
  };

  return (
    <Field label={label} hint={hint} error={error}>
      {({ control, describedBy }) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the field inside, which has the role.
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's own.
        <div
          ref={box}
          class={`control combobox${open ? ' open' : ''}`}
          onMouseDown={(event) => {
            if (event.target === input.current) return;
            event.preventDefault();
            input.current?.focus();
          }}
          onClick={(event) => {
            if (event.target !== event.currentTarget && event.target !== input.current) return;
            show();
          }}
        >
          {leading}
          <input
            id={control}
            ref={input}
            type="text"
            role="combobox"
            aria-expanded={open}
            aria-controls={open ? `${id}-list` : undefined}
            aria-autocomplete="list"
            aria-activedescendant={open && shown[active] ? `${id}-${active}` : undefined}
            aria-invalid={error ? 'true' : undefined}
            aria-describedby={
              [spoken ? `${id}-spoken` : '', describedBy].filter(Boolean).join(' ') || undefined
            }
            autocomplete="off"
            spellcheck={false}
            placeholder={placeholder}
            onFocus={(event) => event.currentTarget.select()}
            onInput={(event) => {
              setQuery(event.currentTarget.value);
              setActive(0);
              setOpen(true);
            }}
            onBlur={() => {
              const named = query === null ? undefined : optionNamed(options, query);
              if (named) choose(named);
              else close();
            }}
            onKeyDown={onKeyDown}
          />
          {spoken && (
            <span id={`${id}-spoken`} hidden>
              {spoken}
            </span>
          )}
          <span
            class="chevron"
            aria-hidden="true"
            onClick={(event) => {
              event.stopPropagation();
              if (open) close();
              else show();
            }}
          >
            <Icon of={ChevronDown} />
          </span>
          {open && (
            <div
              ref={list}
              id={`${id}-list`}
              class="list"
              role="listbox"
              tabIndex={-1}
              aria-label={label}
              aria-multiselectable={multiple ? 'true' : undefined}
            >
              {shown.map((option, index) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field keeps the focus and takes the keys.
                <div
                  key={option.value}
                  id={`${id}-${index}`}
                  class="option"
                  role="option"
                  tabIndex={-1}
                  aria-selected={chosen.includes(option.value)}
                  data-active={index === active ? '' : undefined}
                  onMouseMove={() => setActive(index)}
                  onClick={(event) => {
                    event.stopPropagation();
                    choose(option);
                  }}
                >
                  {option.dot && <Dot of={option.dot} />}
                  <OptionText label={option.label} query={query ?? ''} />
                  {chosen.includes(option.value) && <Icon of={Check} small />}
                </div>
              ))}
              {shown.length === 0 && (
                <div
                  class="option none"
                  role="option"
                  aria-disabled="true"
                  aria-selected="false"
                  tabIndex={-1}
                >
                  {nothing}
                </div>
              )}
            </div>
          )}
        </div>
      )}
    </Field>
  );
}

/** A full dot for production, a hollow one for every other environment. */
export function Dot({ of }: { of: 'full' | 'hollow' }) {
  return <span class={`dot ${of}`} aria-hidden="true" />;
}

function OptionText({ label, query }: { label: string; query: string }) {
  const { before, match, after } = highlight(label, query);
  return (
    <span class="option-text" title={label}>
      {before}
      {match && <b>{match}</b>}
      {after}
    </span>
  );
}

/**
 * Puts the list below its field, or above where it does not fit. It is fixed, so that the form's own scrolling does not
 * cut it off; style goes through the object model, which the content security policy allows.
 */
function placeList(box: HTMLElement, list: HTMLElement): void {
  const field = box.getBoundingClientRect();
  const lines = list.children.length;
  const wanted = Math.min(lines, LINES_SHOWN) * LINE_PX + LIST_PADDING_PX;
  const below = innerHeight - field.bottom - 2 * GAP_PX;
  const above = field.top - 2 * GAP_PX;
  const up = below < wanted && above > below;
  list.style.left = `${field.left}px`;
  list.style.width = `${field.width}px`;
  list.style.maxHeight = `${Math.min(wanted, up ? above : below)}px`;
  list.style.top = up ? 'auto' : `${field.bottom + GAP_PX}px`;
  list.style.bottom = up ? `${innerHeight - field.top + GAP_PX}px` : 'auto';
}

import type { ComponentChildren, Ref } from 'preact';
import { useId } from 'preact/hooks';
import { FieldError } from './note.tsx';

type FieldProps = {
  label: string;
  /** Where the value came from, at the far end of the label's line; no part of its name. */
  aside?: string | undefined;
  hint?: ComponentChildren;
  error?: ComponentChildren;
  /** Gets the ids that tie the control to its label, hint and error. */
  children: (ids: {
    control: string;
    label: string;
    describedBy: string | undefined;
  }) => ComponentChildren;
};

/** A label, a control, and below it the error or else the hint: one line at a time. */
export function Field({ label, aside, hint, error, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const below = error ? errorId : hint ? hintId : null;
  const beside = aside === undefined ? null : `${id}-aside`;
  const described = [below, beside].filter((part) => part !== null);
  const describedBy = described.length === 0 ? undefined : described.join(' ');
  return (
    <div class={`field${error ? ' wrong' : ''}`}>
      {aside === undefined ? (
        <label id={`${id}-label`} for={id}>
          {label}
        </label>
      ) : (
        <div class="field-head">
          <label id={`${id}-label`} for={id}>
            {label}
          </label>
          <span class="meta" id={`${id}-aside`}>
            {aside}
          </span>
        </div>
      )}
      {children({ control: id, label: `${id}-label`, describedBy })}
      {error && <FieldError id={errorId}>{error}</FieldError>}
      {!error && hint && (
        <div class="hint" id={hintId}>
          {hint}
        </div>
      )}
    </div>
  );
}

/** `type="url"` would let the browser refuse what we take: an address without scheme. */
function inputKind(type: 'text' | 'url' | 'date') {
  if (type === 'date') return { type } as const;
  return { type: 'text', inputMode: type } as const;
}

type TextFieldProps = {
  label: string;
  aside?: string | undefined;
  value: string;
  onInput: (value: string) => void;
  hint?: ComponentChildren;
  error?: ComponentChildren;
  type?: 'text' | 'url' | 'date';
  placeholder?: string;
  mono?: boolean;
  inputRef?: Ref<HTMLInputElement>;
};

export function TextField({
  label,
  aside,
  value,
  onInput,
  hint,
  error,
  type = 'text',
  placeholder,
  mono = false,
  inputRef,
}: TextFieldProps) {
  return (
    <Field label={label} aside={aside} hint={hint} error={error}>
      {({ control, describedBy }) => (
        <input
          id={control}
          ref={inputRef ?? null}
          class={`control${mono ? ' mono' : ''}`}
          {...inputKind(type)}
          value={value}
          placeholder={placeholder ?? ''}
          autocomplete="off"
          spellcheck={false}
          dir={type === 'text' ? 'auto' : 'ltr'}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={describedBy}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

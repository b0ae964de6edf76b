import type { ComponentChildren } from 'preact';
import { Combobox, Dot } from './combobox.tsx';
import type { Option } from './options.ts';

type SelectFieldProps = {
  label: string;
  options: readonly Option[];
  value: string;
  onChange: (value: string) => void;
  nothing: string;
  /** How a chosen option reads in the field, where it differs from its line in the list. */
  textOf?: (option: Option) => string;
  hint?: ComponentChildren;
  error?: ComponentChildren;
};

/** A combobox with one choice. */
export function SelectField({
  label,
  options,
  value,
  onChange,
  nothing,
  textOf = (option) => option.label,
  hint,
  error,
}: SelectFieldProps) {
  const option = options.find((entry) => entry.value === value);
  return (
    <Combobox
      label={label}
      options={options}
      chosen={option ? [option.value] : []}
      onChoose={onChange}
      text={option ? textOf(option) : ''}
      nothing={nothing}
      leading={option?.dot && <Dot of={option.dot} />}
      hint={hint}
      error={error}
    />
  );
}

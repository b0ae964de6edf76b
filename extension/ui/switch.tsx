import { useId } from 'preact/hooks';

type SwitchProps = {
  label: string;
  hint: string;
  /** Why it cannot be changed; it stays in the way of the Tab key, so that this is read. */
  locked?: string | undefined;
  checked: boolean;
  onChange: (checked: boolean) => void;
};

/** A setting that is on or off, with what it does below its name. It acts at once. */
export function Switch({ label, hint, locked, checked, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div class="setting">
      <div>
        <label for={id}>{label}</label>
        <div class="hint" id={`${id}-hint`}>
          {hint} {locked}
        </div>
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        class="switch"
        checked={checked}
        aria-checked={checked}
        aria-disabled={locked ? 'true' : undefined}
        onClick={(event) => {
          if (locked) event.preventDefault();
        }}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </div>
  );
}

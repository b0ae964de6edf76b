import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { OPTIONS } from './words.ts';

type Props = {
  label: string;
  name: string;
  hint?: string;
  /** Keeps it, and says why not where it cannot; null where it did. */
  rename: (name: string) => Promise<string | null>;
  /** What is read out then. */
  renamed: (name: string) => string;
  onEnd: () => void;
};

/** Another name for something of the options, in the place of its row; Esc leaves it as it was. */
export function RenameForm({ label, name: before, hint, rename, renamed, onEnd }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [name, setName] = useState(before);
  const [wrong, setWrong] = useState<string | null>(null);
  // Before it is painted, or it would select what is typed at once.
  useLayoutEffect(() => field.current?.select(), []);
  const save = async () => {
    const failure = await rename(name);
    if (failure !== null) {
      setWrong(failure);
      field.current?.focus();
      return;
    }
    announce(renamed(name.trim()));
    onEnd();
  };
  return (
    <form
      class="rename"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onEnd();
      }}
    >
      <TextField
        label={label}
        value={name}
        inputRef={field}
        onInput={(text) => {
          setName(text);
          setWrong(null);
        }}
        hint={hint}
        error={wrong ?? undefined}
      />
      <Button type="submit">{OPTIONS.save}</Button>
      <Button look="quiet" onClick={onEnd}>
        {OPTIONS.cancel}
      </Button>
    </form>
  );
}

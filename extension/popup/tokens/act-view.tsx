import { ArrowLeft, CircleAlert } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button, IconButton } from '../../ui/button.tsx';
import { Note } from '../../ui/note.tsx';
import { LIST } from '../words/tokens.ts';
import type { Tokens } from './store.ts';

type Props = {
  tokens: Tokens;
  title: string;
  children: ComponentChildren;
  /** The button's words; null where there is nothing to do. */
  act: string | null;
  danger?: boolean;
  onAct: () => void;
};

/** One act that wants a word first, in the place of the list. Escape goes back. */
export function ActView({ tokens, title, children, act, danger = false, onAct }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const back = () => {
    tokens.problem.value = null;
    tokens.page.value = { is: 'list' };
  };
  useLayoutEffect(() => {
    form.current
      ?.querySelector<HTMLElement>('.act-body input:not([tabindex="-1"]), .foot button')
      ?.focus();
  }, []);
  const problem = tokens.problem.value;
  return (
    <form
      class="create"
      ref={form}
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        if (act !== null && !tokens.busy.value) onAct();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        back();
      }}
    >
      <div class="scroll">
        <div class="act-head">
          <IconButton label={LIST.back} icon={ArrowLeft} onClick={back} />
          <h1 dir="auto">{title}</h1>
        </div>
        <div class="act-body">{children}</div>
        {problem && (
          <Note tone="danger" icon={CircleAlert} title={problem.title}>
            {problem.message}
          </Note>
        )}
      </div>
      <footer class="foot">
        <Button onClick={back}>{LIST.cancel}</Button>
        {act !== null && (
          <Button look="primary" type="submit" danger={danger} busy={tokens.busy.value}>
            {act}
          </Button>
        )}
      </footer>
    </form>
  );
}

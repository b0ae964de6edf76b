import { CircleAlert, type LucideIcon } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

type NoteProps = {
  tone: 'danger' | 'warn' | 'tip';
  icon: LucideIcon;
  title: string;
  children?: ComponentChildren;
};

/** A filled card with an icon, a title and a sentence. A danger note is said at once (`role="alert"`). */
export function Note({ tone, icon, title, children }: NoteProps) {
  return (
    <div class={`note ${tone}`} role={tone === 'danger' ? 'alert' : undefined}>
      <Icon of={icon} />
      <div>
        <strong>{title}</strong>
        {children !== undefined && <div class="note-body">{children}</div>}
      </div>
    </div>
  );
}

/** What is wrong with a field, below it, with the way out as a link. */
export function FieldError({ id, children }: { id: string; children: ComponentChildren }) {
  return (
    <div class="field-error" id={id} role="alert">
      <Icon of={CircleAlert} />
      <div>{children}</div>
    </div>
  );
}

import type { LucideIcon } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

type EmptyViewProps = {
  icon: LucideIcon;
  title: string;
  /** Teal when there is an easy way on, neutral when there is none. */
  tone?: 'accent' | 'neutral';
  children: ComponentChildren;
};

/** Where there is nothing to do or nothing allowed: a title that says the fact, one sentence, one way on. */
export function EmptyView({ icon, title, tone = 'accent', children }: EmptyViewProps) {
  return (
    <div class="empty">
      <div class={`tile ${tone}`}>
        <Icon of={icon} />
      </div>
      <h1>{title}</h1>
      {children}
    </div>
  );
}

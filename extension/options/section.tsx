import type { ComponentChildren } from 'preact';

type SectionProps = { id: string; title: string; text: string; children: ComponentChildren };

/** One part of the page: a heading, a sentence, what can be set. `id` is its address on the page. */
export function Section({ id, title, text, children }: SectionProps) {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <p>{text}</p>
      {children}
    </section>
  );
}

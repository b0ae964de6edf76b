import { CornerDownLeft, type LucideIcon } from 'lucide-preact';
import type { ComponentChildren, Ref } from 'preact';
import { useBusySpinner } from './delay.ts';
import { Icon } from './icon.tsx';

type ButtonProps = {
  children: ComponentChildren;
  onClick?: (event: MouseEvent) => void;
  icon?: LucideIcon;
  look?: 'primary' | 'outline' | 'quiet';
  type?: 'button' | 'submit';
  small?: boolean;
  wide?: boolean;
  /** Shows the Enter key cap; it is hidden from assistive technology, so the name stays the word alone. */
  enter?: boolean;
  busy?: boolean;
  danger?: boolean;
  describedBy?: string | undefined;
  buttonRef?: Ref<HTMLButtonElement>;
};

/**
 * While busy the label stays, after 300 ms a spinner takes the icon's or key cap's place, and a second press does
 * nothing; the button stays focusable, so that the focus is not lost.
 */
export function Button({
  children,
  onClick,
  icon,
  look = 'outline',
  type = 'button',
  small = false,
  wide = false,
  enter = false,
  busy = false,
  danger = false,
  describedBy,
  buttonRef,
}: ButtonProps) {
  const spinning = useBusySpinner(busy);
  return (
    <button
      type={type}
      ref={buttonRef ?? null}
      class={`button ${look}${small ? ' small' : ''}${wide ? ' wide' : ''}${danger ? ' danger' : ''}`}
      aria-busy={busy ? 'true' : undefined}
      aria-describedby={describedBy}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
      onKeyDown={(event) => {
        // A key that is still held from the last view must not press the button of the next.
        if (event.key === 'Enter' && event.repeat) event.preventDefault();
      }}
    >
      {icon && (spinning && !enter ? <span class="spinner" /> : <Icon of={icon} />)}
      <span>{children}</span>
      {enter && (
        <span class="keycap" aria-hidden="true">
          {spinning ? <span class="spinner" /> : <Icon of={CornerDownLeft} small />}
        </span>
      )}
      {!icon && !enter && spinning && <span class="spinner over" />}
    </button>
  );
}

type IconButtonProps = {
  label: string;
  icon: LucideIcon;
  onClick: (event: MouseEvent) => void;
  describedBy?: string | undefined;
};

/** A 28 px button with an icon alone: named by `aria-label`, and by a tooltip for those who see. */
export function IconButton({ label, icon, onClick, describedBy }: IconButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      aria-describedby={describedBy}
      title={label}
      onClick={onClick}
    >
      <Icon of={icon} />
    </button>
  );
}

type LinkProps = { href: string; children: ComponentChildren; icon?: LucideIcon };

/** An address that opens in a tab of its own, in the look of a button. */
export function LinkButton({
  href,
  children,
  icon,
  look = 'primary',
}: LinkProps & { look?: 'primary' | 'outline' }) {
  return (
    <a class={`button ${look}`} href={href} target="_blank" rel="noreferrer">
      {icon && <Icon of={icon} />}
      <span>{children}</span>
    </a>
  );
}

/** An address inside a sentence. */
export function Link({ href, children }: LinkProps) {
  return (
    <a class="link" href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}

type TextButtonProps = {
  onClick: () => void;
  children: ComponentChildren;
  danger?: boolean;
};

/** An act inside a sentence, in the look of a link. */
export function TextButton({ onClick, children, danger = false }: TextButtonProps) {
  return (
    <button type="button" class={`link${danger ? ' danger' : ''}`} onClick={onClick}>
      {children}
    </button>
  );
}
